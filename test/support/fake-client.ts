/**
 * A Client over a plain map, for tests of controllers without the API server: names, uids, resourceVersions, generations, watches, graceful deletion
 * of Pods and finalizers; no defaults, no admission, no validation. `refuse` may refuse a create.
 */
import { type Kind, type KubeObject, keyOf, type Unchecked } from "../../src/api/object.ts";
import { deepEqual } from "../../src/lib/deep-equal.ts";
import { nameSuffix, uuidOf } from "../../src/lib/random.ts";
import type { Answer, Refused } from "../../src/sim/answer.ts";
import type { Client, DeleteOptions, WatchHandler, WriteOptions } from "../../src/sim/client.ts";
import type { Loop } from "../../src/sim/loop.ts";

type Mutable = Record<string, unknown> & { metadata: Record<string, unknown>; spec?: unknown; status?: unknown };

const CLUSTER_SCOPED = new Set(["Namespace", "Node", "PriorityClass", "PersistentVolume", "CustomResourceDefinition", "StorageClass"]);
const NO_GENERATION = new Set(["ConfigMap", "ServiceAccount", "Namespace", "Node", "Service", "Secret", "ResourceQuota"]);

function merged(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(typeof target === "object" && target !== null ? (target as Record<string, unknown>) : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (value !== undefined) out[key] = merged(out[key], value);
  }
  return out;
}

export class FakeClient implements Client {
  readonly #loop: Loop;
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #watchers = new Map<string, WatchHandler[]>();
  #version = 0;
  #drawn = 0;
  /** Writes so far: for tests of economy. */
  writes = 0;
  refuse: (object: KubeObject) => Refused | undefined = () => undefined;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  #of(kind: Kind): Map<string, KubeObject> {
    const id = `${kind.apiVersion} ${kind.kind}`;
    let found = this.#objects.get(id);
    if (!found) {
      found = new Map();
      this.#objects.set(id, found);
    }
    return found;
  }

  #tell(type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject, before: KubeObject | undefined): void {
    for (const handler of this.#watchers.get(`${object.apiVersion} ${object.kind}`) ?? []) handler(type, object, before);
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    return this.#of(kind).get(CLUSTER_SCOPED.has(kind.kind) ? name : `${namespace}/${name}`) as T | undefined;
  }

  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    return [...this.#of(kind).values()].filter((o) => namespace === undefined || o.metadata.namespace === namespace) as unknown as T[];
  }

  create<T extends KubeObject>(given: T | Unchecked, options: WriteOptions = {}): Answer<T> {
    const object = given as unknown as KubeObject;
    const name = object.metadata.name ?? `${object.metadata.generateName}${nameSuffix(`${object.metadata.generateName}${this.#drawn++}`)}`;
    const namespace = CLUSTER_SCOPED.has(object.kind) ? undefined : (object.metadata.namespace ?? options.namespace ?? "default");
    const refusal = this.refuse({ ...object, metadata: { ...object.metadata, name } });
    if (refusal) return refusal;
    const metadata = {
      ...object.metadata,
      name,
      ...(namespace !== undefined && { namespace }),
      uid: uuidOf(`${object.kind}/${namespace}/${name}/${this.#version}`),
      resourceVersion: String(++this.#version),
      creationTimestamp: this.#loop.timestamp(),
      ...(!NO_GENERATION.has(object.kind) && { generation: 1 }),
    };
    const stored = { ...object, metadata } as KubeObject;
    if (this.#of(object).has(keyOf(stored))) return { code: 409, reason: "AlreadyExists", message: `${name} already exists` };
    this.writes++;
    this.#of(object).set(keyOf(stored), stored);
    this.#tell("ADDED", stored, undefined);
    return { code: 201, object: stored as unknown as T };
  }

  #write<T extends KubeObject>(object: T, change: (stored: T) => T): Answer<T> {
    const key = keyOf(object);
    const stored = this.#of(object).get(key) as T | undefined;
    if (!stored) return { code: 404, reason: "NotFound", message: `${key} not found` };
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion !== stored.metadata.resourceVersion)
      return { code: 409, reason: "Conflict", message: `${key} has been modified` };
    const next = change(stored);
    if (deepEqual(next, stored)) return { code: 200, object: stored };
    this.writes++;
    const respecified = !deepEqual((next as unknown as Mutable).spec, (stored as unknown as Mutable).spec) || next.kind === "EndpointSlice";
    const generation = next.metadata.generation;
    const metadata = {
      ...next.metadata,
      uid: stored.metadata.uid,
      resourceVersion: String(++this.#version),
      ...(generation !== undefined && { generation: respecified ? generation + 1 : generation }),
    };
    const written = { ...next, metadata } as T;
    const gone =
      metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length && written.kind !== "Pod" && written.kind !== "Namespace";
    if (
      gone ||
      (written.kind === "Namespace" && metadata.deletionTimestamp && deepEqual((written as unknown as Mutable).spec, { finalizers: [] }))
    ) {
      this.#of(object).delete(key);
      this.#tell("DELETED", written, stored);
    } else {
      this.#of(object).set(key, written);
      this.#tell("MODIFIED", written, stored);
    }
    return { code: 200, object: written };
  }

  update<T extends KubeObject>(object: T): Answer<T> {
    return this.#write(object, (stored) => ({ ...object, status: (stored as unknown as Mutable).status }) as unknown as T);
  }

  updateStatus<T extends KubeObject>(object: T): Answer<T> {
    const { status, metadata } = object as unknown as Mutable;
    return this.#write(
      object,
      (stored) => ({ ...stored, metadata: { ...stored.metadata, annotations: metadata.annotations }, status }) as unknown as T,
    );
  }

  patch<T extends KubeObject>(kind: Kind<T>, name: string, namespace: string | undefined, patch: Unchecked): Answer<T> {
    const stored = this.get(kind, name, namespace);
    if (!stored) return { code: 404, reason: "NotFound", message: `${name} not found` };
    return this.#write(stored, () => merged(stored, patch) as T);
  }

  delete<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string, options: DeleteOptions = {}): Answer<T> {
    const stored = this.get(kind, name, namespace);
    if (!stored) return { code: 404, reason: "NotFound", message: `${name} not found` };
    const added = options.cascade === "foreground" ? ["foregroundDeletion"] : options.cascade === "orphan" ? ["orphan"] : [];
    const finalizers = [...(stored.metadata.finalizers ?? []), ...added];
    const graceful =
      stored.kind === "Pod" && (stored as unknown as { spec: { nodeName?: string } }).spec.nodeName && options.gracePeriodSeconds !== 0;
    if (finalizers.length > 0 || graceful || stored.kind === "Namespace") {
      const metadata = { ...stored.metadata, deletionTimestamp: this.#loop.timestamp(), ...(finalizers.length > 0 && { finalizers }) };
      return this.#write(stored, () => ({ ...stored, metadata }) as T);
    }
    this.writes++;
    this.#of(kind).delete(keyOf(stored));
    this.#tell("DELETED", stored, stored);
    return { code: 200, object: stored };
  }

  bind(podName: string, namespace: string, nodeName: string): Answer {
    return this.patch({ apiVersion: "v1", kind: "Pod" }, podName, namespace, { spec: { nodeName } });
  }

  watch<T extends KubeObject>(kind: Kind<T>, handler: WatchHandler<T>): () => void {
    const id = `${kind.apiVersion} ${kind.kind}`;
    const handlers = this.#watchers.get(id) ?? [];
    handlers.push(handler as unknown as WatchHandler);
    this.#watchers.set(id, handlers);
    for (const object of this.#of(kind).values()) (handler as unknown as WatchHandler)("ADDED", object, undefined);
    return () => handlers.splice(handlers.indexOf(handler as unknown as WatchHandler), 1);
  }

  kinds(): readonly { readonly kind: Kind; readonly namespaced: boolean; readonly resource: string }[] {
    const of = (apiVersion: string, kind: string, resource: string) => ({
      kind: { apiVersion, kind },
      namespaced: !CLUSTER_SCOPED.has(kind),
      resource,
    });
    return [
      of("v1", "Namespace", "namespaces"),
      of("v1", "Node", "nodes"),
      of("v1", "Pod", "pods"),
      of("v1", "ConfigMap", "configmaps"),
      of("v1", "Service", "services"),
      of("v1", "ServiceAccount", "serviceaccounts"),
      of("apps/v1", "Deployment", "deployments"),
      of("apps/v1", "ReplicaSet", "replicasets"),
      of("apps/v1", "StatefulSet", "statefulsets"),
      of("apps/v1", "DaemonSet", "daemonsets"),
      of("apps/v1", "ControllerRevision", "controllerrevisions"),
      of("batch/v1", "Job", "jobs"),
      of("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
    ];
  }
}
