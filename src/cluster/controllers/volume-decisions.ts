/**
 * What to do with a claim and with a volume, from what both say of each other.
 * @see kubernetes pkg/controller/volume/persistentvolume/pv_controller.go (syncUnboundClaim, syncBoundClaim, syncVolume)
 */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../generated/v1.36/model.ts";
import { PROVISIONED_BY } from "../../sim/storage-drivers.ts";
import { provisionerOf } from "./provisioners.ts";
import { classOf, findBestMatch, isPromised, unsatisfied } from "./volume-match.ts";

export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
/** On a claim that waited for its first consumer: the node that the scheduler has chosen. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** What a claim is looked at together with. */
export interface ClaimView {
  /** Volumes that are promised to the claim, and those of its class that are promised to nobody. */
  readonly candidates: () => Iterable<PersistentVolume>;
  readonly volume: (name: string) => PersistentVolume | undefined;
  /** Whether there ever was a volume of the name. */
  readonly hadVolume: (name: string) => boolean;
  readonly storageClass: (name: string) => StorageClass | undefined;
  readonly storageClasses: Iterable<StorageClass>;
  /** Names of the Pods that use the claim and have no node yet. */
  readonly waitingPods: () => readonly string[];
}

interface Told {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

export type ClaimStep =
  | { readonly action: "bind"; readonly volume: PersistentVolume }
  /** Nothing for it yet. */
  | { readonly action: "wait"; readonly event?: Told }
  | { readonly action: "provision"; readonly provisioner: string; readonly event: Told }
  /** It has no class, and there is a default one by now. */
  | { readonly action: "assign-class"; readonly storageClass: string }
  | { readonly action: "lost"; readonly event: Told }
  | { readonly action: "nothing" };

const normal = (reason: string, message: string): Told => ({ type: "Normal", reason, message });
const warning = (reason: string, message: string): Told => ({ type: "Warning", reason, message });

export function claimStep(claim: PersistentVolumeClaim, view: ClaimView): ClaimStep {
  if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return boundClaimStep(claim, view);
  return claim.spec.volumeName ? namedVolumeStep(claim, claim.spec.volumeName, view) : anyVolumeStep(claim, view);
}

function anyVolumeStep(claim: PersistentVolumeClaim, view: ClaimView): ClaimStep {
  const name = classOf(claim);
  const storageClass = view.storageClass(name);
  const delayed = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
  const volume = findBestMatch(claim, view.candidates(), delayed);
  if (volume) return { action: "bind", volume };
  const assigned = defaultClassFor(claim, view.storageClasses);
  if (assigned !== undefined) return { action: "assign-class", storageClass: assigned };
  if (delayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined)
    return { action: "wait", event: waitsForConsumer(view.waitingPods()) };
  if (name === "") {
    const message = "no persistent volumes available for this claim and no storage class is set";
    return { action: "wait", event: normal("FailedBinding", message) };
  }
  if (!storageClass)
    return { action: "wait", event: warning("ProvisioningFailed", `storageclass.storage.k8s.io ${JSON.stringify(name)} not found`) };
  const found = provisionerOf(storageClass);
  if ("error" in found) return { action: "wait", event: warning("ProvisioningFailed", found.error) };
  const message =
    `Waiting for a volume to be created either by the external provisioner '${found.name}' or manually by the system administrator. ` +
    "If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
  return { action: "provision", provisioner: found.name, event: normal("ExternalProvisioning", message) };
}

function waitsForConsumer(pods: readonly string[]): Told {
  if (pods.length === 0) return normal("WaitForFirstConsumer", "waiting for first consumer to be created before binding");
  return normal("WaitForPodScheduled", `waiting for ${pods.length === 1 ? "pod" : "pods"} ${pods.join(",")} to be scheduled`);
}

/** The newest of the default classes, for a claim that was made before there was one. */
function defaultClassFor(claim: PersistentVolumeClaim, classes: Iterable<StorageClass>): string | undefined {
  if (claim.spec.storageClassName !== undefined || classOf(claim) !== "") return undefined;
  const created = (c: StorageClass): string => c.metadata.creationTimestamp ?? "";
  let found: StorageClass | undefined;
  for (const c of classes) {
    if (c.metadata.annotations?.[DEFAULT_CLASS] !== "true") continue;
    if (!found || created(c) > created(found) || (created(c) === created(found) && c.metadata.name < found.metadata.name)) found = c;
  }
  return found?.metadata.name;
}

function namedVolumeStep(claim: PersistentVolumeClaim, name: string, view: ClaimView): ClaimStep {
  const volume = view.volume(name);
  if (!volume) return { action: "wait" };
  if (!volume.spec.claimRef) {
    const why = unsatisfied(volume, claim);
    if (why === undefined) return { action: "bind", volume };
    return { action: "wait", event: warning("VolumeMismatch", `Cannot bind to requested volume ${JSON.stringify(name)}: ${why}`) };
  }
  if (isPromised(volume, claim)) return { action: "bind", volume };
  return { action: "wait", event: warning("FailedBinding", `volume ${JSON.stringify(name)} already bound to a different claim.`) };
}

/** Simplified: a claim that is loaded as bound, without its volume, is believed: a snapshot need not hold everything. */
function boundClaimStep(claim: PersistentVolumeClaim, view: ClaimView): ClaimStep {
  const lost = (message: string, reason = "ClaimLost"): ClaimStep => ({ action: "lost", event: warning(reason, message) });
  const { volumeName } = claim.spec;
  if (!volumeName) return lost("Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
  const volume = view.volume(volumeName);
  if (!volume)
    return claim.status?.phase === "Bound" && !view.hadVolume(volumeName)
      ? { action: "nothing" }
      : lost("Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) return { action: "bind", volume };
  return lost("Two claims are bound to the same volume, this one is bound incorrectly", "ClaimMisbound");
}

type VolumeStep =
  | { readonly action: "phase"; readonly phase: "Available" | "Bound" }
  /** The claim will finish what has begun. */
  | { readonly action: "finish"; readonly claim: string }
  | { readonly action: "unbind" }
  | { readonly action: "release" }
  | { readonly action: "nothing" };

/** `claim`: the claim of the name that the volume says, if there is one; `hadClaim`: whether there ever was one of the uid that it says. */
export function volumeStep(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined, hadClaim: boolean): VolumeStep {
  const ref = volume.spec.claimRef;
  if (!ref?.uid) return { action: "phase", phase: "Available" };
  // Loaded as bound, and its claim was not loaded: see boundClaimStep.
  if (!claim && !hadClaim && volume.status?.phase === "Bound") return { action: "nothing" };
  if (!claim || claim.metadata.uid !== ref.uid) return { action: "release" };
  if (!claim.spec.volumeName) return { action: "finish", claim: `${ref.namespace}/${ref.name}` };
  if (claim.spec.volumeName === volume.metadata.name) return { action: "phase", phase: "Bound" };
  const { annotations } = volume.metadata;
  if (annotations?.[PROVISIONED_BY] !== undefined && volume.spec.persistentVolumeReclaimPolicy === "Delete") return { action: "release" };
  return { action: "unbind" };
}
