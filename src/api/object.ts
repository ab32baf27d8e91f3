/** What every Kubernetes object has, and how we name one. */
import type { ObjectMeta, OwnerReference } from "../../generated/v1.36/model.ts";

export type { ObjectMeta, OwnerReference };

/** Any object, as stored: never changed in place. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** An object as a caller hands it in: nothing about it is known yet. */
export type Unchecked = Readonly<Record<string, unknown>>;

/** A kind, with the type of its objects: `POD: Kind<Pod>`. */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  /** Never set: carries the type. */
  readonly type?: T;
}

export function kindOf<T extends KubeObject>(apiVersion: string, kind: string): Kind<T> {
  return { apiVersion, kind };
}

/** The group of an apiVersion: `apps/v1` → `apps`, `v1` → `""`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The version of an apiVersion: `apps/v1` → `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

interface Key {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** Keys made lately: many ask about one object, one after the other, and a text that is made once is hashed once. */
const keys: Key[] = Array.from({ length: 64 }, () => ({ namespace: "", name: "", key: "" }));

/** `namespace/name`, or `name` for a cluster-scoped object: the key of caches and work queues. */
export function keyOf(object: { readonly metadata: { readonly name: string; readonly namespace?: string | undefined } }): string {
  const { namespace, name } = object.metadata;
  return namespace ? keyIn(namespace, name) : name;
}

/** The key of what is in a namespace. */
export function keyIn(namespace: string, name: string): string {
  const place = (name.length + 7 * name.charCodeAt(name.length - 1)) & 63;
  const known = keys[place]!;
  if (known.name === name && known.namespace === namespace) return known.key;
  const key = `${namespace}/${name}`;
  keys[place] = { namespace, name, key };
  return key;
}

/** The parts of a key. */
export function splitKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: undefined, name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that manages the object, if one does. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const { ownerReferences } = object.metadata;
  if (ownerReferences !== undefined) for (const owner of ownerReferences) if (owner.controller === true) return owner;
  return undefined;
}

/** The reference by which `owner` manages an object. */
export function controllerRef(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}
