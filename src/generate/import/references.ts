/** Where objects name each other: by the field that does it, as Kubernetes defines these fields. */

export interface Target {
  readonly kind: string;
  readonly name: string;
  /** Undefined for the object's own namespace. */
  readonly namespace?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields with a `name` in them, which is that of an object of this kind. */
const NAME_IN: Readonly<Record<string, string>> = {
  configMap: "ConfigMap",
  configMapKeyRef: "ConfigMap",
  configMapRef: "ConfigMap",
  secret: "Secret",
  secretKeyRef: "Secret",
  secretRef: "Secret",
  imagePullSecrets: "Secret",
  service: "Service",
};
/** Fields whose text is the name of an object of this kind. */
const TEXT: Readonly<Record<string, string>> = {
  claimName: "PersistentVolumeClaim",
  ingressClassName: "IngressClass",
  priorityClassName: "PriorityClass",
  runtimeClassName: "RuntimeClass",
  secretName: "Secret",
  serviceAccountName: "ServiceAccount",
  serviceName: "Service",
  storageClassName: "StorageClass",
  volumeName: "PersistentVolume",
};
/** Fields that say kind and name. */
const KIND_AND_NAME: ReadonlySet<string> = new Set(["scaleTargetRef", "roleRef", "subjects", "claimRef"]);
/** Maps whose `namespace` is a namespace's name. */
const NAMESPACE_OF: ReadonlySet<string> = new Set(["metadata", "subjects", "service", "claimRef"]);
/** Free-form data of the author's: nothing in it is a field of Kubernetes. */
const DATA: ReadonlySet<string> = new Set([
  "data",
  "stringData",
  "binaryData",
  "labels",
  "annotations",
  "matchLabels",
  "selector",
  "parameters",
]);

/**
 * What the text at a place names, if it names an object.
 * @param keys the fields that lead to it, list positions left out
 * @param parent the map it stands in
 */
export function targetOf(keys: readonly string[], value: string, parent: Fields): Target | undefined {
  const field = keys.at(-1) ?? "";
  const above = keys.at(-2) ?? "";
  if (keys.some((key) => DATA.has(key))) return undefined;
  if (field === "namespace") return NAMESPACE_OF.has(above) ? { kind: "Namespace", name: value } : undefined;
  const textKind = Object.hasOwn(TEXT, field) ? TEXT[field] : undefined;
  if (textKind !== undefined) return { kind: textKind, name: value };
  if (field !== "name" || keys.length < 2 || above === "metadata") return undefined;
  const namespace = typeof parent["namespace"] === "string" ? parent["namespace"] : undefined;
  const kind = Object.hasOwn(NAME_IN, above) ? NAME_IN[above] : undefined;
  if (kind !== undefined) return { kind, name: value, namespace };
  if (KIND_AND_NAME.has(above) && typeof parent["kind"] === "string") return { kind: parent["kind"], name: value, namespace };
  return undefined;
}
