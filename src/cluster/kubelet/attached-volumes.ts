/**
 * Volumes that must be attached to the Node before a Pod there can be set up. The kubelet says which ones it uses, so that none is taken from under
 * a Pod, and waits until the control plane says that they are attached.
 * Simplified: the Node's status is written at once; a real kubelet writes it every ten seconds.
 * @see kubernetes pkg/kubelet/volumemanager/reconciler, pkg/kubelet/nodestatus/setters.go (VolumesInUse)
 */
import type { Node, PersistentVolume, Pod } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import { StorageDrivers } from "../../sim/storage-drivers.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";

export class AttachedVolumes {
  readonly #context: ComponentContext;
  readonly #volumes: Informer<PersistentVolume>;
  readonly #drivers: StorageDrivers;
  readonly #runningNode: (name: string) => Node | undefined;
  /** Of names of Nodes. */
  readonly #queue: WorkQueue;
  /** By Node and name of the volume: the uids of the Pods that use it. */
  readonly #users = new Map<string, Map<string, Set<string>>>();
  /** By uid: what each Pod uses. */
  readonly #byPod = new Map<string, readonly string[]>();

  constructor(context: ComponentContext, runningNode: (name: string) => Node | undefined) {
    this.#context = context;
    this.#runningNode = runningNode;
    this.#volumes = context.informers.for(PERSISTENT_VOLUME);
    this.#drivers = new StorageDrivers(context.informers);
    this.#queue = new WorkQueue(context.loop, (node) => this.#write(node));
  }

  /** Notes what the Pod uses on the Node; true as long as some of it is not attached. */
  awaits(pod: Pod, node: Node): boolean {
    const names = this.#namesOf(pod);
    if (names.length === 0) return false;
    const { uid = "" } = pod.metadata;
    const used = this.#users.get(node.metadata.name) ?? new Map<string, Set<string>>();
    this.#users.set(node.metadata.name, used);
    this.#byPod.set(uid, names);
    for (const name of names) used.set(name, (used.get(name) ?? new Set()).add(uid));
    this.resync(node.metadata.name);
    return names.some((name) => !node.status?.volumesAttached?.some((a) => a.name === name));
  }

  /** The Pod uses nothing any more. */
  release(uid: string, node: string): void {
    const names = this.#byPod.get(uid);
    if (!names) return;
    this.#byPod.delete(uid);
    for (const name of names) this.#users.get(node)?.get(name)?.delete(uid);
    this.resync(node);
  }

  /** Writes to the Node what is in use there, unless its kubelet is down: then it does so once it is back. */
  resync(name: string): void {
    if (this.#users.has(name)) this.#queue.add(name);
  }

  #write(name: string): ReconcileResult {
    const used = this.#users.get(name);
    const node = used && this.#runningNode(name);
    if (!used || !node) return;
    const before = node.status?.volumesInUse ?? [];
    const volumesInUse = before.filter((volume) => used.get(volume)?.size !== 0);
    for (const [volume, users] of used) if (users.size > 0 && !before.includes(volume)) volumesInUse.push(volume);
    for (const [volume, users] of used) if (users.size === 0) used.delete(volume);
    if (volumesInUse.length === before.length && volumesInUse.every((volume) => before.includes(volume))) return;
    const { volumesInUse: _, ...rest } = node.status ?? {};
    const status = { ...rest, ...(volumesInUse.length > 0 ? { volumesInUse } : {}) };
    const answer = this.#context.client.updateStatus<Node>({ ...node, status });
    return isRefused(answer) && answer.code === 409 ? "retry" : undefined;
  }

  #namesOf(pod: Pod): readonly string[] {
    const claims = this.#context.informers.for(PERSISTENT_VOLUME_CLAIM);
    const names = claimsOf(pod).flatMap((claim) => {
      const volume = this.#volumes.get(claims.get(claim)?.spec.volumeName ?? "");
      const name = volume && this.#drivers.attachableName(volume);
      return name === undefined ? [] : [name];
    });
    return [...new Set(names)];
  }
}
