/**
 * Attaches volumes to the Nodes whose Pods use them, and detaches them when none there does any more: as VolumeAttachments, which the driver's
 * external attacher fulfils. A volume that only one Node may have waits until it is free.
 *
 * Simplified: what changes is seen at once; the real controller looks ten times a second.
 * @see kubernetes pkg/controller/volume/attachdetach/reconciler/reconciler.go, pkg/volume/csi/csi_attacher.go
 */
import type { Node, PersistentVolume, Pod, VolumeAttachment } from "../../../generated/v1.36/model.ts";
import { attachmentName, CSI_DRIVER, CSI_NODE, namesAttachment, VOLUME_ATTACHMENT } from "../../api/attachable-volume.ts";
import { NODE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { StorageDrivers } from "../../sim/storage-drivers.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { usersOf, watchClaimUsers } from "./claim-users.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

const NAME = "attachdetach-controller";
/** So long a volume stays attached to a Node that does not answer, in milliseconds, from when no Pod there uses it. */
const UNMOUNT_MAX_MS = 360_000;
/** So long the driver has to attach a volume, in milliseconds. */
const ATTACH_TIMEOUT_MS = 120_000;
/** The wait before the next attempt, in milliseconds: doubled each time, up to the second one. @see kubernetes pkg/util/goroutinemap/exponentialbackoff */
const RETRY_MS = { first: 500, most: 122_000 } as const;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

interface Attempt {
  /** When it began, in virtual milliseconds. */
  readonly sinceMs: number;
  readonly failures: number;
}

class AttachDetach {
  readonly #context: ComponentContext;
  readonly #pods;
  readonly #claims;
  readonly #volumes;
  readonly #nodes;
  readonly #drivers;
  readonly #attachments;
  /** Of names of volumes. */
  readonly #queue: WorkQueue;
  /** By volume and Node: since when nobody there wants it, in virtual milliseconds. */
  readonly #unwantedMs = new Map<string, number>();
  readonly #attempts = new Map<string, Attempt>();
  /** Volumes and Nodes for which it has been told that another Node has the volume. */
  readonly #told = new Set<string>();
  /** What a Node that is gone last said to be in use. */
  readonly #lastInUse = new Map<string, readonly string[]>();

  constructor(context: ComponentContext) {
    this.#context = context;
    const { informers } = context;
    this.#pods = watchClaimUsers(informers);
    this.#claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    this.#volumes = informers.for(PERSISTENT_VOLUME);
    this.#nodes = informers.for(NODE);
    this.#drivers = new StorageDrivers(informers);
    this.#attachments = informers.for(VOLUME_ATTACHMENT);
    this.#attachments.addIndex("volume", (a) => [a.spec.source.persistentVolumeName ?? ""]);
    this.#attachments.addIndex("node", (a) => [a.spec.nodeName]);
    this.#queue = new WorkQueue(context.loop, (name) => this.#sync(name));
    const add = (volume: string | undefined): void => {
      if (volume) this.#queue.add(volume);
    };
    this.#pods.on((_type, pod) => {
      if (pod.spec.nodeName) for (const key of claimsOf(pod)) add(this.#claims.get(key)?.spec.volumeName);
    });
    this.#claims.on((_type, claim) => add(claim.spec.volumeName));
    this.#volumes.on((_type, { metadata, spec }) => add(spec.csi && metadata.name));
    this.#attachments.on((_type, { spec }) => add(spec.source.persistentVolumeName));
    // What is known of the drivers changes what there is to do.
    const addAll = (): void => {
      for (const { metadata, spec } of this.#volumes.list()) if (spec.csi) add(metadata.name);
    };
    informers.for(CSI_DRIVER).on(addAll);
    informers.for(CSI_NODE).on(addAll);
    this.#nodes.on((type, node, before) => {
      const { name } = node.metadata;
      if (type === "DELETED") this.#lastInUse.set(name, node.status?.volumesInUse ?? []);
      else this.#lastInUse.delete(name);
      if (type === "MODIFIED" && before && !matters(node, before)) return;
      for (const { spec } of this.#attachments.by("node", name)) add(spec.source.persistentVolumeName);
    });
  }

  #sync(name: string): ReconcileResult {
    const volume = this.#volumes.get(name);
    const attachable = volume && this.#drivers.attachableName(volume);
    const wanted = volume && attachable ? this.#wanted(volume) : new Map<string, Pod[]>();
    const attachments = this.#attachments.by("volume", name);
    for (const id of this.#told) if (id.startsWith(`${name}\n`) && !wanted.has(id.slice(name.length + 1))) this.#told.delete(id);
    // What is to be detached goes first: it may be what another Node waits for.
    const waits: ReconcileResult[] = attachments.filter((a) => !wanted.has(a.spec.nodeName)).map((attachment) => this.#detach(attachment));
    if (volume && attachable) for (const [node, pods] of wanted) waits.push(this.#attach(volume, attachable, node, pods));
    if (waits.includes("retry")) return "retry";
    const delays = waits.flatMap((w) => (typeof w === "object" ? [w.afterMs] : []));
    return delays.length > 0 ? { afterMs: Math.min(...delays) } : undefined;
  }

  /** The Pods that use the volume, by their Nodes; also of a Node that is gone, as long as the volume is attached to it. */
  #wanted({ metadata, spec }: PersistentVolume): Map<string, Pod[]> {
    const wanted = new Map<string, Pod[]>();
    const claim = this.#claims.get(`${spec.claimRef?.namespace}/${spec.claimRef?.name}`);
    if (claim?.spec.volumeName !== metadata.name) return wanted;
    const attachments = this.#attachments.by("volume", metadata.name);
    for (const pod of usersOf(this.#pods, claim)) {
      const { nodeName } = pod.spec;
      if (!nodeName || hasEnded(pod)) continue;
      if (!this.#nodes.get(nodeName) && !attachments.some((a) => a.spec.nodeName === nodeName)) continue;
      wanted.set(nodeName, [...(wanted.get(nodeName) ?? []), pod]);
    }
    return wanted;
  }

  #attach(volume: PersistentVolume, attachable: string, node: string, pods: readonly Pod[]): ReconcileResult {
    const { client, loop } = this.#context;
    const { name } = volume.metadata;
    const id = `${name}\n${node}`;
    this.#unwantedMs.delete(id);
    const all = this.#attachments.by("volume", name);
    const own = all.find((a) => a.spec.nodeName === node);
    if (own?.status?.attached && own.metadata.deletionTimestamp === undefined) return this.#reportAttached(volume, attachable, node, pods);
    const others = all.filter((a) => a !== own);
    if (!own && others.length > 0 && !mayBeShared(volume)) {
      if (!this.#told.has(id)) this.#tellInUse(volume, others, pods);
      this.#told.add(id);
      return;
    }
    if (own?.metadata.deletionTimestamp !== undefined) return;
    const attempt = this.#attempts.get(id) ?? { sinceMs: loop.now(), failures: 0 };
    this.#attempts.set(id, attempt);
    if (!own) {
      const { driver = "" } = volume.spec.csi ?? {};
      const spec = { attacher: driver, nodeName: node, source: { persistentVolumeName: name } };
      const metadata = { name: attachmentName({ driver, volumeHandle: volume.spec.csi?.volumeHandle ?? "" }, node) };
      const attachment = { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", metadata, spec };
      if (mustRetry(client.create<VolumeAttachment>(attachment))) return "retry";
    }
    return this.#await(volume, own, id, attempt, pods);
  }

  /** The driver has some time, or says that it cannot; then it is tried again. */
  #await(volume: PersistentVolume, own: VolumeAttachment | undefined, id: string, attempt: Attempt, pods: readonly Pod[]): ReconcileResult {
    const nowMs = this.#context.loop.now();
    const { driver, volumeHandle } = volume.spec.csi ?? {};
    const dueMs = attempt.sinceMs + ATTACH_TIMEOUT_MS;
    const refused = own?.status?.attachError?.message;
    if (nowMs < attempt.sinceMs) return { afterMs: attempt.sinceMs - nowMs };
    if (refused === undefined && nowMs < dueMs) return { afterMs: dueMs - nowMs };
    const why = refused ?? `timed out waiting for external-attacher of ${driver} CSI driver to attach volume ${volumeHandle}`;
    for (const pod of pods)
      this.#tell(pod, "Warning", "FailedAttachVolume", `AttachVolume.Attach failed for volume "${volume.metadata.name}" : ${why}`);
    const waitMs = Math.min(RETRY_MS.first * 2 ** attempt.failures, RETRY_MS.most);
    this.#attempts.set(id, { sinceMs: nowMs + waitMs, failures: attempt.failures + 1 });
    return { afterMs: waitMs };
  }

  #reportAttached({ metadata }: PersistentVolume, attachable: string, name: string, pods: readonly Pod[]): ReconcileResult {
    this.#attempts.delete(`${metadata.name}\n${name}`);
    const node = this.#nodes.get(name);
    const attached = node?.status?.volumesAttached ?? [];
    if (!node || attached.some((a) => a.name === attachable)) return;
    if (!this.#setAttached(name, [...attached, { name: attachable, devicePath: "" }])) return "retry";
    for (const pod of pods)
      this.#tell(pod, "Normal", "SuccessfulAttachVolume", `AttachVolume.Attach succeeded for volume "${metadata.name}" `);
  }

  #detach({ metadata, spec }: VolumeAttachment): ReconcileResult {
    const { client, loop } = this.#context;
    if (metadata.deletionTimestamp !== undefined) return;
    const id = `${spec.source.persistentVolumeName}\n${spec.nodeName}`;
    const sinceMs = this.#unwantedMs.get(id) ?? loop.now();
    this.#unwantedMs.set(id, sinceMs);
    this.#attempts.delete(id);
    const node = this.#nodes.get(spec.nodeName);
    const isIt = (attachable: string): boolean => namesAttachment(attachable, metadata.name, spec.nodeName);
    const inUse = (node ? node.status?.volumesInUse : this.#lastInUse.get(spec.nodeName))?.some(isIt);
    const outOfService = node?.spec.taints?.some((t) => t.key === OUT_OF_SERVICE && t.effect === "NoExecute");
    const leftMs = sinceMs + UNMOUNT_MAX_MS - loop.now();
    if (inUse && !outOfService && (leftMs > 0 || isReady(node))) return leftMs > 0 ? { afterMs: leftMs } : undefined;
    const attached = node?.status?.volumesAttached ?? [];
    const left = attached.filter((a) => !isIt(a.name));
    if (left.length < attached.length && !this.#setAttached(spec.nodeName, left)) return "retry";
    this.#unwantedMs.delete(id);
    return mustRetry(client.delete(VOLUME_ATTACHMENT, metadata.name)) ? "retry" : undefined;
  }

  #setAttached(node: string, volumesAttached: readonly { readonly name: string; readonly devicePath: string }[]): boolean {
    const status = { volumesAttached: volumesAttached.length > 0 ? volumesAttached : null };
    return !mustRetry(this.#context.client.patch(NODE, node, undefined, { status }, { subresource: "status" }));
  }

  /** Another Node has the volume. Names of Pods are told only within their namespace. */
  #tellInUse(volume: PersistentVolume, others: readonly VolumeAttachment[], pods: readonly Pod[]): void {
    const nodes = new Set(others.map((a) => a.spec.nodeName));
    const users = [...this.#wanted(volume)].flatMap(([node, list]) => (nodes.has(node) ? list : []));
    for (const pod of pods) {
      const near = users.filter((u) => u.metadata.namespace === pod.metadata.namespace).map((u) => u.metadata.name);
      const far = users.length - near.length;
      const elsewhere = `${far} pod(s) in different namespaces`;
      const used = near.length > 0 ? `pod(s) ${near.join(", ")}${far > 0 ? ` and ${elsewhere}` : ""}` : elsewhere;
      const why =
        users.length === 0
          ? "Volume is already exclusively attached to one node and can't be attached to another"
          : `Volume is already used by ${used}`;
      this.#tell(pod, "Warning", "FailedAttachVolume", `Multi-Attach error for volume "${volume.metadata.name}" ${why}`);
    }
  }

  #tell(pod: Pod, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#context.recorder.report(NAME, pod, type, reason, message);
  }
}

/** A Pod that has ended, or is being deleted and runs no container any more, uses no volume. @see kubernetes pkg/volume/util/util.go (IsPodTerminated) */
function hasEnded(pod: Pod): boolean {
  if (isPodFinished(pod)) return true;
  return pod.metadata.deletionTimestamp !== undefined && !pod.status?.containerStatuses?.some((c) => c.state?.running);
}

/** Several Nodes may have the volume at a time: its access modes say so, or say nothing. */
function mayBeShared({ spec: { accessModes = [] } }: PersistentVolume): boolean {
  return accessModes.length === 0 || accessModes.some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany");
}

function isReady(node: Node | undefined): boolean {
  return node?.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
}

/** Whether a change of a Node can let go of a volume, or take it away: what comes to be in use, or attached, asks for nothing. */
function matters(node: Node, before: Node): boolean {
  const { volumesInUse = [], volumesAttached = [] } = node.status ?? {};
  if (isReady(node) !== isReady(before) || !deepEqual(node.spec.taints, before.spec.taints)) return true;
  if (before.status?.volumesInUse?.some((name) => !volumesInUse.includes(name))) return true;
  return before.status?.volumesAttached?.some((old) => !volumesAttached.some((now) => now.name === old.name)) === true;
}

export const attachDetachController: Controller = {
  name: NAME,
  start(context) {
    new AttachDetach(context);
  },
};
