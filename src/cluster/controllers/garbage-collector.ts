/**
 * Garbage collection: what is owned goes when its owners are gone.
 * @see kubernetes pkg/controller/garbagecollector/garbagecollector.go, graph_builder.go
 */
import { groupOf, type Kind, type KubeObject, kindOf, type OwnerReference } from "../../api/object.ts";
import type { Cascade } from "../../sim/client.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";

const NAME = "garbage-collector-controller";
const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";
const CRD: Kind = kindOf("apiextensions.k8s.io/v1", "CustomResourceDefinition");

function has(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) === true;
}

/** Waits for its dependents to be deleted. */
function isDeletingDependents(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && has(object, FOREGROUND);
}

const NOTHING: readonly KubeObject[] = [];

/** Who is there, and who depends on whom; by uid. */
class Graph {
  readonly objects = new Map<string, KubeObject>();
  readonly #dependents = new Map<string, Set<string>>();

  put(object: KubeObject): void {
    const uid = object.metadata.uid ?? "";
    const old = this.objects.get(uid);
    this.objects.set(uid, object);
    if (old && old.metadata.ownerReferences === object.metadata.ownerReferences) return;
    this.#unlink(old);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(owner.uid);
      if (known) known.add(uid);
      else this.#dependents.set(owner.uid, new Set([uid]));
    }
  }

  drop(object: KubeObject): void {
    this.#unlink(this.objects.get(object.metadata.uid ?? ""));
    this.objects.delete(object.metadata.uid ?? "");
  }

  #unlink(object: KubeObject | undefined): void {
    for (const owner of object?.metadata.ownerReferences ?? []) {
      const set = this.#dependents.get(owner.uid);
      set?.delete(object?.metadata.uid ?? "");
      if (set?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  dependentsOf(uid: string): readonly KubeObject[] {
    const dependents = this.#dependents.get(uid);
    if (!dependents) return NOTHING;
    const objects: KubeObject[] = [];
    for (const dependent of dependents) {
      const object = this.objects.get(dependent);
      if (object) objects.push(object);
    }
    return objects;
  }
}

/** `solid`: there and not waiting for its dependents; `dangling`: gone; `waiting`: there, waiting for its dependents; `unknown`: of no kind we know. */
type OwnerState = "solid" | "dangling" | "waiting" | "unknown";

class Collector {
  readonly #context: ComponentContext;
  readonly #graph = new Graph();
  readonly #watched = new Map<string, { readonly kind: Kind; readonly namespaced: boolean }>();
  readonly #delete: WorkQueue;
  readonly #orphan: WorkQueue;

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#delete = new WorkQueue(context.loop, (uid) => this.#attemptToDelete(uid));
    this.#orphan = new WorkQueue(context.loop, (uid) => this.#orphanDependents(uid));
    this.#watchAll();
    context.client.watch(CRD, () => this.#delete.add(""));
  }

  /** Watches the kinds that have come since. A kind is watched in one version only. */
  #watchAll(): void {
    for (const { kind, namespaced } of this.#context.client.kinds()) {
      const id = `${groupOf(kind.apiVersion)} ${kind.kind}`;
      if (this.#watched.has(id) || kind.kind === "Event") continue;
      this.#watched.set(id, { kind, namespaced });
      this.#context.client.watch(kind, (type, object) => this.#take(type === "DELETED", object));
    }
  }

  #take(deleted: boolean, object: KubeObject): void {
    const { uid = "", ownerReferences } = object.metadata;
    if (deleted) {
      this.#graph.drop(object);
      for (const dependent of this.#graph.dependentsOf(uid)) this.#delete.add(dependent.metadata.uid ?? "");
      for (const owner of ownerReferences ?? []) {
        const known = this.#graph.objects.get(owner.uid);
        if (known && isDeletingDependents(known)) this.#delete.add(owner.uid);
      }
      return;
    }
    this.#graph.put(object);
    if (object.metadata.deletionTimestamp !== undefined && has(object, ORPHAN)) this.#orphan.add(uid);
    if (isDeletingDependents(object)) {
      for (const dependent of this.#graph.dependentsOf(uid)) this.#delete.add(dependent.metadata.uid ?? "");
      this.#delete.add(uid);
    }
    for (const owner of ownerReferences ?? []) {
      const known = this.#graph.objects.get(owner.uid);
      if (known === undefined || isDeletingDependents(known)) this.#delete.add(uid);
    }
  }

  #attemptToDelete(uid: string): ReconcileResult {
    if (uid === "") {
      this.#watchAll();
      return;
    }
    const object = this.#graph.objects.get(uid);
    if (!object) return;
    if (isDeletingDependents(object)) return this.#finishForeground(object);
    const owners = object.metadata.ownerReferences ?? [];
    if (object.metadata.deletionTimestamp !== undefined || owners.length === 0) return;
    const states = owners.map((owner) => this.#stateOf(owner, object));
    if (states.includes("unknown")) return "retry";
    if (states.includes("solid")) {
      if (states.every((s) => s === "solid")) return;
      return this.#patchOwners(
        object,
        owners.filter((_, i) => states[i] === "solid"),
      );
    }
    const dependents = this.#graph.dependentsOf(uid);
    if (states.includes("waiting") && dependents.length > 0) {
      // A circle of objects that wait for each other is broken here.
      if (dependents.some(isDeletingDependents)) {
        const unblocked = owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
        if (this.#patchOwners(object, unblocked) === "retry") return "retry";
      }
      return this.#remove(object, "foreground");
    }
    return this.#remove(object, has(object, ORPHAN) ? "orphan" : has(object, FOREGROUND) ? "foreground" : "background");
  }

  /** A reference holds only with the right uid, in the same namespace or to a cluster-scoped object. */
  #stateOf(owner: OwnerReference, dependent: KubeObject): OwnerState {
    const known = this.#graph.objects.get(owner.uid);
    const kind = this.#watched.get(`${groupOf(owner.apiVersion)} ${owner.kind}`);
    if (!kind) return "unknown";
    const inReach = !kind.namespaced || known?.metadata.namespace === dependent.metadata.namespace;
    if (known && !inReach) {
      const where = dependent.metadata.namespace ?? "";
      const ref = `${owner.apiVersion}/${owner.kind}, namespace: ${where}, name: ${owner.name}, uid: ${owner.uid}`;
      const message = `ownerRef [${ref}] does not exist in namespace "${where}"`;
      this.#context.recorder.report(NAME, dependent, "Warning", "OwnerRefInvalidNamespace", message);
    }
    if (!known || !inReach || known.metadata.name !== owner.name || known.kind !== owner.kind) return "dangling";
    return isDeletingDependents(known) ? "waiting" : "solid";
  }

  /** The owner goes once no dependent blocks it any more. */
  #finishForeground(object: KubeObject): ReconcileResult {
    const { uid } = object.metadata;
    const blocking = this.#graph
      .dependentsOf(uid ?? "")
      .filter((d) => d.metadata.ownerReferences?.some((r) => r.uid === uid && r.blockOwnerDeletion === true));
    if (blocking.length === 0) return this.#removeFinalizer(object, FOREGROUND);
    for (const dependent of blocking) if (!isDeletingDependents(dependent)) this.#delete.add(dependent.metadata.uid ?? "");
  }

  #orphanDependents(uid: string): ReconcileResult {
    const object = this.#graph.objects.get(uid);
    if (!object || !has(object, ORPHAN)) return;
    for (const dependent of this.#graph.dependentsOf(uid)) {
      const others = (dependent.metadata.ownerReferences ?? []).filter((r) => r.uid !== uid);
      if (this.#patchOwners(dependent, others) === "retry") return "retry";
    }
    return this.#removeFinalizer(object, ORPHAN);
  }

  #patchOwners(object: KubeObject, owners: readonly OwnerReference[]): ReconcileResult {
    const { name, namespace, uid } = object.metadata;
    const patch = { metadata: { uid, ownerReferences: owners.length > 0 ? owners : null } };
    return mustRetry(this.#context.client.patch(object, name, namespace, patch)) ? "retry" : undefined;
  }

  #removeFinalizer(object: KubeObject, finalizer: string): ReconcileResult {
    const { name, namespace, uid, finalizers } = object.metadata;
    const left = (finalizers ?? []).filter((f) => f !== finalizer);
    const patch = { metadata: { uid, finalizers: left.length > 0 ? left : null } };
    return mustRetry(this.#context.client.patch(object, name, namespace, patch)) ? "retry" : undefined;
  }

  #remove(object: KubeObject, cascade: Cascade): ReconcileResult {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const preconditions: { uid?: string; resourceVersion?: string } = {};
    if (uid !== undefined) preconditions.uid = uid;
    if (resourceVersion !== undefined) preconditions.resourceVersion = resourceVersion;
    return mustRetry(this.#context.client.delete(object, name, namespace, { cascade, preconditions })) ? "retry" : undefined;
  }
}

export const garbageCollector: Controller = {
  name: NAME,
  start(context) {
    new Collector(context);
  },
};
