/** What an API server added to an object that `kubectl get -o yaml` shows, and that nobody writes. */

type Fields = Readonly<Record<string, unknown>>;

const SET_BY_SERVER: ReadonlySet<string> = new Set(
  "creationTimestamp deletionTimestamp deletionGracePeriodSeconds generation managedFields resourceVersion selfLink uid".split(" "),
);
const NOTES: ReadonlySet<string> = new Set(["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"]);
/** Addresses that the API server gave; those of a cluster are not the next one's. */
const GIVEN_TO_SERVICES: ReadonlySet<string> = new Set(["clusterIP", "clusterIPs"]);

/** The object as an author would have it: without status, and without what the server set in its metadata. */
export function cleaned(object: Fields): Fields {
  const entries = Object.entries(object).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (key === "status") return [];
    if (key === "metadata" && isMap(value)) return [[key, metadataOf(value)]];
    const given = key === "spec" && isMap(value) && object["kind"] === "Service" && value["clusterIP"] !== "None";
    return [[key, given ? without(value, (field) => GIVEN_TO_SERVICES.has(field)) : value]];
  });
  return Object.fromEntries(entries);
}

function metadataOf(metadata: Fields): Fields {
  const kept = without(metadata, (key) => SET_BY_SERVER.has(key));
  if (!isMap(kept["annotations"])) return kept;
  const annotations = without(kept["annotations"], (key) => NOTES.has(key));
  if (Object.keys(annotations).length > 0) return { ...kept, annotations };
  return without(kept, (key) => key === "annotations");
}

function without(map: Fields, drop: (key: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !drop(key)));
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
