/** Names of constants. */

const RESERVED: ReadonlySet<string> = new Set(
  `arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from
  function get if implements import in instanceof interface let new null of package private protected public quantity return set static super
  switch this throw true try type typeof undefined var void while with yield`.split(/\s+/),
);
const WORKLOADS: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "Pod",
  "ReplicaSet",
  "ReplicationController",
]);

/** `my-web.app` → `myWebApp`. */
export function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((w) => w !== "");
  return words.map((w, i) => (i === 0 ? w[0]!.toLowerCase() + w.slice(1) : w[0]!.toUpperCase() + w.slice(1))).join("");
}

export interface Named {
  readonly kind: string;
  readonly name: string | undefined;
}

/**
 * One name for each object, in their order: the object's own where it is clear, with its kind where several have it; of these the only
 * workload keeps the plain one.
 */
export function identifiers(objects: readonly Named[], taken: Set<string>): readonly string[] {
  const sharing = new Map<string, number>();
  const workloads = new Map<string, number>();
  for (const { kind, name } of objects) {
    const plain = camelCase(name ?? kind);
    sharing.set(plain, (sharing.get(plain) ?? 0) + 1);
    if (WORKLOADS.has(kind)) workloads.set(plain, (workloads.get(plain) ?? 0) + 1);
  }
  return objects.map(({ kind, name }) => {
    const plain = camelCase(name ?? kind);
    const alone = sharing.get(plain) === 1 || (WORKLOADS.has(kind) && workloads.get(plain) === 1);
    return fresh(alone ? plain : withKind(plain, kind), kind, taken);
  });
}

function withKind(plain: string, kind: string): string {
  return plain.toLowerCase().endsWith(kind.toLowerCase()) ? plain : plain + kind;
}

/** A name that is no word of the language and that nobody has; kept in `taken`. */
export function fresh(wanted: string, kind: string, taken: Set<string>): string {
  const word =
    /^[A-Za-z]/.test(wanted) && !RESERVED.has(wanted)
      ? wanted
      : `${kind[0]!.toLowerCase()}${kind.slice(1)}${wanted[0]?.toUpperCase() ?? ""}${wanted.slice(1)}`;
  const start = word.replace(/[^\w$]/g, "") || "object";
  let name = start;
  for (let n = 2; taken.has(name) || RESERVED.has(name); n++) name = `${start}${n}`;
  taken.add(name);
  return name;
}
