/** The part of an object's metadata that the server fills. @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest/{create,update,meta}.go */
import type { ObjectMeta } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import type { Refused } from "../../sim/answer.ts";
import { badRequest } from "./status.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The namespace of a request: given, else the object's own, else `default`; a cluster-scoped kind has none. */
export function requestNamespace(info: ResourceInfo, given: string | undefined, own: string | undefined): string | undefined {
  return info.namespaced ? given || own || "default" : undefined;
}

/** The object in the namespace of its request, or the refusal of one that says another. */
export function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject | Refused {
  const own = object.metadata.namespace || undefined;
  if (own === namespace) return object;
  if (own === undefined) return { ...object, metadata: { ...object.metadata, namespace } };
  if (namespace !== undefined) return badRequest("the namespace of the provided object does not match the namespace sent on the request");
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Metadata of a new object: a uid, the time, and nothing that only the server may say. */
export function metadataOfNew(given: ObjectMeta, name: string, uid: string, now: string, generation: number | undefined): ObjectMeta {
  const out: Mutable<ObjectMeta> = { name };
  if (given.generateName) out.generateName = given.generateName;
  if (given.namespace) out.namespace = given.namespace;
  out.uid = uid;
  const counted = generation ?? given.generation;
  if (counted !== undefined) out.generation = counted;
  out.creationTimestamp = now;
  if (given.labels) out.labels = given.labels;
  if (given.annotations) out.annotations = given.annotations;
  if (given.ownerReferences) out.ownerReferences = given.ownerReferences;
  if (given.finalizers) out.finalizers = given.finalizers;
  if (given.managedFields) out.managedFields = given.managedFields;
  return out;
}

/** Metadata of an object that replaces another: what callers cannot change stays. */
export function metadataOfUpdate(given: ObjectMeta, old: ObjectMeta): ObjectMeta {
  const out: Mutable<ObjectMeta> = { name: given.name };
  const uid = given.uid || old.uid;
  // Member by member: a setter that is told the name is slow.
  if (given.generateName !== undefined) out.generateName = given.generateName;
  if (given.namespace !== undefined) out.namespace = given.namespace;
  if (uid !== undefined) out.uid = uid;
  if (old.resourceVersion !== undefined) out.resourceVersion = old.resourceVersion;
  if (old.generation !== undefined) out.generation = old.generation;
  if (old.creationTimestamp !== undefined) out.creationTimestamp = old.creationTimestamp;
  if (old.deletionTimestamp !== undefined) {
    out.deletionTimestamp = old.deletionTimestamp;
    const seconds = given.deletionGracePeriodSeconds ?? old.deletionGracePeriodSeconds;
    if (seconds !== undefined) out.deletionGracePeriodSeconds = seconds;
  }
  if (given.labels !== undefined) out.labels = given.labels;
  if (given.annotations !== undefined) out.annotations = given.annotations;
  if (given.ownerReferences !== undefined) out.ownerReferences = given.ownerReferences;
  if (given.finalizers !== undefined) out.finalizers = given.finalizers;
  if (given.managedFields !== undefined) out.managedFields = given.managedFields;
  return out;
}
