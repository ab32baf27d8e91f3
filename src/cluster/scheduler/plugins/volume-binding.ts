/**
 * Bound claims tie a Pod to where their volumes can be reached; claims that wait for their first consumer need a volume, or a provisioner
 * that can make one, for the node.
 * @see kubernetes pkg/scheduler/framework/plugins/volumebinding (volume_binding.go, binder.go)
 */
import type { CSIStorageCapacity, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../../api/kinds.ts";
import { controllerOf, type KubeObject } from "../../../api/object.ts";
import { matchesSelector } from "../../../lib/labels.ts";
import { claimNotFound, claimsOf, classOf, isDelayed, isFullyBound, isOwnClaim } from "../claims.ts";
import type { CycleContext, Plugin, PreBinding, Refusal } from "../framework.ts";
import { refusal, SKIP } from "../framework.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import { findMatchingVolume, isReachable, requestedSize, sizeOf } from "../volume-match.ts";

const NAME = "VolumeBinding";
const UNBOUND = refusal(NAME, "pod has unbound immediate PersistentVolumeClaims", false);
const OUT_OF_REACH = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = "node(s) did not have enough free storage";
const NO_SUCH_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** @see kubernetes pkg/scheduler/apis/config/v1/defaults.go (BindTimeoutSeconds) */
const BIND_TIMEOUT_MS = 600_000;
const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

interface State {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Waiting for their first consumer; smallest first. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

/** What binding on one node comes to. */
interface Plan {
  readonly volumes: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly toProvision: readonly PersistentVolumeClaim[];
  readonly reasons: readonly string[];
}

/** `timeoutMs`: how long volumes may take to be bound. */
export function volumeBinding(timeoutMs: number = BIND_TIMEOUT_MS): Plugin<State> {
  return {
    ...PLUGIN,
    preBind: (state, _, node, context) =>
      state.delayed.length === 0 ? undefined : binding(planFor(state, node, context.listers), node, context, timeoutMs),
  };
}

const PLUGIN: Plugin<State> = {
  name: NAME,
  preFilter({ pod, listers }) {
    const uses = claimsOf(pod.pod);
    if (uses.length === 0) return SKIP;
    const bound: PersistentVolumeClaim[] = [];
    const delayed: PersistentVolumeClaim[] = [];
    let immediate = false;
    for (const use of uses) {
      const claim = listers.claim(pod.shape.namespace, use.name);
      const bad = problemOf(claim, use, pod.pod);
      if (bad) return { refusal: refusal(NAME, bad, false) };
      if (!claim) continue;
      if (isFullyBound(claim)) bound.push(claim);
      else if (isDelayed(claim, listers) && !claim.spec?.volumeName) delayed.push(claim);
      else immediate = true;
    }
    if (immediate) return { refusal: UNBOUND };
    delayed.sort((a, b) => (requestedSize(a) < requestedSize(b) ? -1 : requestedSize(a) > requestedSize(b) ? 1 : 0));
    return { state: { bound, delayed } };
  },
  filter(state, _, node, { listers }): Refusal | undefined {
    const { reasons } = planFor(state, node, listers);
    return reasons.length === 0 ? undefined : { plugin: NAME, reasons, preemptionMayHelp: false };
  },
  wakes(event, pod) {
    if (event.type === "node-added") return true;
    if (event.type === "node-updated") return JSON.stringify(event.before.metadata.labels) !== JSON.stringify(event.node.metadata.labels);
    return event.type === "object" && objectHelps(event.object, event.before, pod);
  },
};

function objectHelps(object: KubeObject, before: KubeObject | undefined, pod: PodInfo): boolean {
  switch (object.kind) {
    case "PersistentVolumeClaim":
      return isOwnClaim(object, pod);
    case "PersistentVolume":
      return true;
    case "StorageClass":
      return !before || allowed(object as StorageClass) !== allowed(before as StorageClass);
    case "CSINode":
      return !before;
    case "CSIStorageCapacity":
      return !before || limitOf(object as CSIStorageCapacity) > limitOf(before as CSIStorageCapacity);
    default:
      return false;
  }
}

const allowed = ({ allowedTopologies }: StorageClass): string => JSON.stringify(allowedTopologies ?? null);
const limitOf = ({ maximumVolumeSize, capacity }: CSIStorageCapacity): bigint =>
  maximumVolumeSize === undefined && capacity === undefined ? -1n : sizeOf(maximumVolumeSize ?? capacity);

function problemOf(
  claim: PersistentVolumeClaim | undefined,
  { name, ephemeral }: { readonly name: string; readonly ephemeral: boolean },
  pod: CycleContext["pod"]["pod"],
): string | undefined {
  const quoted = JSON.stringify(name);
  if (!claim)
    return ephemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}` : claimNotFound(name);
  if (claim.status?.phase === "Lost")
    return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.spec?.volumeName ?? "")}`;
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim ${quoted} is being deleted`;
  if (ephemeral && controllerOf(claim)?.uid !== pod.metadata.uid) {
    const { namespace } = pod.metadata;
    return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
  }
  return undefined;
}

function planFor({ bound, delayed }: State, node: NodeInfo, listers: Listers): Plan {
  const reasons: string[] = [];
  const volumesOfBound = bound.map((claim) => listers.volume(claim.spec?.volumeName ?? ""));
  if (volumesOfBound.some((v) => v && !isReachable(v, node))) reasons.push(OUT_OF_REACH);
  const volumes: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const toProvision: PersistentVolumeClaim[] = [];
  const taken = new Set<string>();
  let satisfied = true;
  for (const claim of delayed) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected !== undefined && selected !== node.name) satisfied = false;
    const volume = selected === undefined ? findMatchingVolume(claim, listers.volumes(), node, taken) : undefined;
    if (volume) {
      taken.add(volume.metadata.name);
      volumes.push({ claim, volume });
    } else toProvision.push(claim);
  }
  satisfied &&= toProvision.every((claim) => canProvision(claim, node, listers));
  if (!satisfied) reasons.push(NO_VOLUME);
  else if (!toProvision.every((claim) => hasCapacity(claim, node, listers))) reasons.push(NO_SPACE);
  if (volumesOfBound.includes(undefined)) reasons.push(NO_SUCH_VOLUME);
  return { volumes, toProvision, reasons };
}

function canProvision(claim: PersistentVolumeClaim, node: NodeInfo, listers: Listers): boolean {
  const storageClass = listers.storageClass(classOf(claim));
  if (!storageClass?.provisioner || storageClass.provisioner === "kubernetes.io/no-provisioner") return false;
  const terms = storageClass.allowedTopologies ?? [];
  if (terms.length === 0) return true;
  return terms.some((t) => (t.matchLabelExpressions ?? []).every((e) => e.values.includes(node.labels[e.key] ?? "")));
}

/** Drivers that publish their capacity must have some segment, reachable from the node, that is large enough. */
function hasCapacity(claim: PersistentVolumeClaim, node: NodeInfo, listers: Listers): boolean {
  const storageClass = listers.storageClass(classOf(claim));
  if (!storageClass || !listers.csiDriver(storageClass.provisioner)?.spec.storageCapacity) return true;
  const wanted = requestedSize(claim);
  const isEnough = (c: CSIStorageCapacity): boolean =>
    c.storageClassName === storageClass.metadata.name &&
    (c.maximumVolumeSize ?? c.capacity) !== undefined &&
    sizeOf(c.maximumVolumeSize ?? c.capacity) >= wanted &&
    matchesSelector(c.nodeTopology, node.labels);
  for (const c of listers.storageCapacities()) if (isEnough(c)) return true;
  return false;
}

/** Promises volumes to claims and asks provisioners for the rest; then the Pod waits until the volume controller has bound all. */
function binding({ volumes, toProvision }: Plan, node: NodeInfo, { pod, listers }: CycleContext, timeoutMs: number): PreBinding {
  const waitsFor = [...volumes.map(({ claim }) => claim), ...toProvision].map((claim) => claim.metadata.name);
  return {
    name: NAME,
    timeoutMs,
    timeoutMessage: "binding volumes: context deadline exceeded",
    start(client) {
      for (const { claim, volume } of volumes) {
        const { name, namespace, uid, resourceVersion } = claim.metadata;
        const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid, resourceVersion };
        const metadata = { annotations: { [BOUND_BY_CONTROLLER]: "yes" } };
        client.patch(PERSISTENT_VOLUME, volume.metadata.name, undefined, { metadata, spec: { claimRef } });
      }
      for (const { metadata } of toProvision) {
        const annotations = { [SELECTED_NODE]: node.name };
        client.patch(PERSISTENT_VOLUME_CLAIM, metadata.name, metadata.namespace, { metadata: { annotations } });
      }
    },
    isDone: () =>
      waitsFor.every((name) => {
        const claim = listers.claim(pod.shape.namespace, name);
        return claim !== undefined && isFullyBound(claim);
      }),
  };
}
