/**
 * PersistentVolumes and the claims on them: who gets which, who waits for what, and what becomes of a volume whose claim is gone.
 * What to do is decided in volume-decisions.ts.
 *
 * Simplified: a volume of policy Recycle is empty at once; the real one is scrubbed by a Pod.
 * @see kubernetes pkg/controller/volume/persistentvolume/pv_controller.go
 */
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeStatus } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD, STORAGE_CLASS } from "../../api/kinds.ts";
import { keyOf, type Unchecked } from "../../api/object.ts";
import { CLAIM_USERS } from "../../api/pod-claims.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { usersOf, watchClaimUsers } from "./claim-users.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { deleterOf } from "./provisioners.ts";
import { BIND_COMPLETED, BOUND_BY_CONTROLLER, type ClaimStep, type ClaimView, claimStep, volumeStep } from "./volume-decisions.ts";
import { classOf, isPromised } from "./volume-match.ts";

const NAME = "persistentvolume-controller";
/** What waits is looked at again so often, in milliseconds: only then is a new volume or a new class noticed. @see kubernetes pkg/controller/volume/persistentvolume/config (PVClaimBinderSyncPeriod) */
const RESYNC_MS = 15_000;
/** From the volume's side of a binding to the claim's, in milliseconds: the requests in between, so longer than one of the user's (`REQUEST_SECONDS`). */
const BIND_MS = 110;
const PROVISIONER_ANNOTATIONS = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"] as const;

class Binder {
  readonly #context: ComponentContext;
  readonly #claims;
  readonly #volumes;
  readonly #classes;
  readonly #claimQueue: WorkQueue;
  readonly #volumeQueue: WorkQueue;
  /** Names of volumes and uids of claims that are or were there. */
  readonly #seen = new Set<string>();

  constructor(context: ComponentContext) {
    this.#context = context;
    const { informers } = context;
    this.#claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    this.#volumes = informers.for(PERSISTENT_VOLUME);
    this.#classes = informers.for(STORAGE_CLASS);
    watchClaimUsers(informers);
    this.#claims.addIndex("volume", (c) => (c.spec.volumeName ? [c.spec.volumeName] : []));
    this.#volumes.addIndex("claim", (v) => (v.spec.claimRef ? [`${v.spec.claimRef.namespace}/${v.spec.claimRef.name}`] : []));
    this.#volumes.addIndex("free", (v) => (v.spec.claimRef ? [] : [classOf(v)]));
    this.#claimQueue = queueFor(context, this.#claims, (claim) => this.#syncClaim(claim));
    this.#volumeQueue = queueFor(context, this.#volumes, (volume) => this.#syncVolume(volume));
    this.#claims.on((type, claim) => {
      const key = keyOf(claim);
      this.#seen.add(claim.metadata.uid ?? key);
      if (type !== "DELETED") this.#claimQueue.add(key);
      for (const volume of this.#volumes.by("claim", key)) this.#volumeQueue.add(volume.metadata.name);
    });
    this.#volumes.on((type, volume) => {
      const { name } = volume.metadata;
      this.#seen.add(name);
      if (type !== "DELETED") this.#volumeQueue.add(name);
      for (const claim of this.#claims.by("volume", name)) this.#claimQueue.addAfter(keyOf(claim), BIND_MS);
    });
  }

  #view(claim: PersistentVolumeClaim): ClaimView {
    return {
      candidates: () => {
        const found = [...this.#volumes.by("claim", keyOf(claim)), ...this.#volumes.by("free", classOf(claim))];
        return found.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
      },
      volume: (name) => this.#volumes.get(name),
      hadVolume: (name) => this.#seen.has(name),
      storageClass: (name) => this.#classes.get(name),
      storageClasses: this.#classes.list(),
      waitingPods: () => {
        const pods = usersOf(this.#context.informers.for(POD), claim).filter((p) => !p.spec.nodeName);
        return pods.filter((p) => p.metadata.deletionTimestamp === undefined).map((p) => p.metadata.name);
      },
    };
  }

  #syncClaim(claim: PersistentVolumeClaim): ReconcileResult {
    const step = claimStep(claim, this.#view(claim));
    if ("event" in step && step.event) this.#tell(claim, step);
    switch (step.action) {
      case "bind":
        return this.#bind(claim, step.volume);
      case "wait":
        return this.#claimPhase(claim, { phase: "Pending" }) ? { afterMs: RESYNC_MS } : "retry";
      case "provision":
        return this.#ask(claim, step.provisioner) ? { afterMs: RESYNC_MS } : "retry";
      case "assign-class":
        return this.#patchClaim(claim, { spec: { storageClassName: step.storageClass } }) ? undefined : "retry";
      case "lost":
        return this.#claimPhase(claim, { phase: "Lost" }) ? undefined : "retry";
      case "nothing":
        return undefined;
    }
  }

  /** What is lost is told once. */
  #tell(
    claim: PersistentVolumeClaim,
    step: ClaimStep & { readonly event?: { type: "Normal" | "Warning"; reason: string; message: string } },
  ): void {
    if (!step.event || (step.action === "lost" && claim.status?.phase === "Lost")) return;
    this.#context.recorder.report(NAME, claim, step.event.type, step.event.reason, step.event.message);
  }

  #patchClaim({ metadata }: PersistentVolumeClaim, patch: Unchecked): boolean {
    return !mustRetry(this.#context.client.patch(PERSISTENT_VOLUME_CLAIM, metadata.name, metadata.namespace, patch));
  }

  /** What a claim without a volume has: neither access modes nor capacity. */
  #claimPhase(claim: PersistentVolumeClaim, { phase }: { readonly phase: "Pending" | "Lost" }): boolean {
    const { status } = claim;
    if (status?.phase === phase && !status.accessModes && !status.capacity) return true;
    const { accessModes: _, capacity: __, ...rest } = status ?? {};
    return !mustRetry(this.#context.client.updateStatus<PersistentVolumeClaim>({ ...claim, status: { ...rest, phase } }));
  }

  /** Tells whoever makes such volumes that one is wanted. */
  #ask(claim: PersistentVolumeClaim, provisioner: string): boolean {
    const missing = PROVISIONER_ANNOTATIONS.filter((name) => claim.metadata.annotations?.[name] !== provisioner);
    if (missing.length === 0) return true;
    return this.#patchClaim(claim, { metadata: { annotations: Object.fromEntries(missing.map((name) => [name, provisioner])) } });
  }

  /** The volume first, then the claim: each knows the other at the end. */
  #bind(claim: PersistentVolumeClaim, volume: PersistentVolume): ReconcileResult {
    const { client } = this.#context;
    const { name, namespace, uid, resourceVersion } = claim.metadata;
    if (volume.spec.claimRef?.uid !== uid || !isPromised(volume, claim)) {
      const claimRef = { apiVersion: claim.apiVersion, kind: claim.kind, name, namespace, uid, resourceVersion };
      const ours = isPromised(volume, claim) ? {} : { metadata: { annotations: { [BOUND_BY_CONTROLLER]: "yes" } } };
      if (mustRetry(client.patch(PERSISTENT_VOLUME, volume.metadata.name, undefined, { ...ours, spec: { claimRef } }))) return "retry";
      if (!this.#volumePhase(volume.metadata.name, "Bound")) return "retry";
      return { afterMs: BIND_MS };
    }
    if (!this.#volumePhase(volume.metadata.name, "Bound")) return "retry";
    const annotations = {
      ...(claim.spec.volumeName === volume.metadata.name ? {} : { [BOUND_BY_CONTROLLER]: "yes" }),
      ...(claim.metadata.annotations?.[BIND_COMPLETED] === undefined ? { [BIND_COMPLETED]: "yes" } : {}),
    };
    if (Object.keys(annotations).length > 0)
      if (!this.#patchClaim(claim, { metadata: { annotations }, spec: { volumeName: volume.metadata.name } })) return "retry";
    return this.#claimBound(keyOf(claim), volume) ? undefined : "retry";
  }

  #claimBound(key: string, { spec }: PersistentVolume): boolean {
    const claim = this.#claims.get(key);
    if (!claim) return true;
    const { status } = claim;
    const attributes = spec.volumeAttributesClassName;
    const same =
      status?.phase === "Bound" &&
      status.capacity?.["storage"] !== undefined &&
      JSON.stringify(status.accessModes) === JSON.stringify(spec.accessModes) &&
      (status.currentVolumeAttributesClassName ?? "") === (attributes ?? "");
    if (same) return true;
    const bound = {
      ...status,
      phase: "Bound" as const,
      accessModes: spec.accessModes,
      capacity: spec.capacity,
      ...(attributes === undefined ? {} : { currentVolumeAttributesClassName: attributes }),
    };
    return !mustRetry(this.#context.client.updateStatus<PersistentVolumeClaim>({ ...claim, status: bound }));
  }

  #syncVolume(volume: PersistentVolume): ReconcileResult {
    const ref = volume.spec.claimRef;
    const claim = ref ? this.#claims.get(`${ref.namespace}/${ref.name}`) : undefined;
    const step = volumeStep(volume, claim, this.#seen.has(ref?.uid ?? ""));
    switch (step.action) {
      case "phase":
        if (step.phase === "Available" && ref && claim) this.#claimQueue.addAfter(keyOf(claim), BIND_MS);
        return this.#volumePhase(volume.metadata.name, step.phase) ? undefined : "retry";
      case "finish":
        this.#claimQueue.addAfter(step.claim, BIND_MS);
        return undefined;
      case "unbind":
        return this.#unbind(volume) ? undefined : "retry";
      case "release":
        return this.#release(volume);
      case "nothing":
        return undefined;
    }
  }

  #volumePhase(name: string, phase: NonNullable<PersistentVolumeStatus["phase"]>, message?: string): boolean {
    const volume = this.#volumes.get(name);
    if (!volume || volume.status?.phase === phase) return true;
    const { message: _, ...rest } = volume.status ?? {};
    const status = { ...rest, phase, ...(message === undefined ? {} : { message }) };
    return !mustRetry(this.#context.client.updateStatus<PersistentVolume>({ ...volume, status }));
  }

  /** A volume that somebody reserved by name stays reserved. */
  #unbind({ metadata, spec }: PersistentVolume): boolean {
    const ours = metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined;
    const patch = ours
      ? { metadata: { annotations: { [BOUND_BY_CONTROLLER]: null } }, spec: { claimRef: null } }
      : { spec: { claimRef: { ...spec.claimRef, uid: null } } };
    if (mustRetry(this.#context.client.patch(PERSISTENT_VOLUME, metadata.name, undefined, patch))) return false;
    return this.#volumePhase(metadata.name, "Available");
  }

  /** The claim is gone: the volume is kept, deleted or used again, as its policy says. One that failed stays so, and is tried again. */
  #release(volume: PersistentVolume): ReconcileResult {
    const { client, recorder } = this.#context;
    const { name } = volume.metadata;
    if (volume.status?.phase !== "Released" && volume.status?.phase !== "Failed" && !this.#volumePhase(name, "Released")) return "retry";
    const fail = (reason: string, message: string): ReconcileResult => {
      if (volume.status?.phase !== "Failed") {
        if (!this.#volumePhase(name, "Failed", message)) return "retry";
        recorder.report(NAME, volume, "Warning", reason, message);
      }
      return { afterMs: RESYNC_MS };
    };
    const policy = volume.spec.persistentVolumeReclaimPolicy;
    if (policy === "Recycle") {
      if (!volume.spec.hostPath && !volume.spec.nfs) return fail("VolumeFailedRecycle", "No recycler plugin found for the volume!");
      recorder.report(NAME, volume, "Normal", "VolumeRecycled", "Volume recycled");
      return this.#unbind(volume) ? undefined : "retry";
    }
    if (policy !== "Delete") return undefined;
    if (this.#claimIsUsed(volume)) return { afterMs: RESYNC_MS };
    const deleter = deleterOf(volume);
    if (deleter === "external") return undefined;
    if (deleter !== "built-in") return fail("VolumeFailedDelete", deleter.error);
    return mustRetry(client.delete(PERSISTENT_VOLUME, name)) ? "retry" : undefined;
  }

  /** A Pod still uses the claim of that name: its data must not go. */
  #claimIsUsed({ spec }: PersistentVolume): boolean {
    const { namespace, name } = spec.claimRef ?? {};
    return this.#context.informers.for(POD).by(CLAIM_USERS, `${namespace}/${name}`).length > 0;
  }
}

export const persistentVolumeController: Controller = {
  name: NAME,
  start(context) {
    new Binder(context);
  },
};
