/**
 * Devices with a NoExecute taint: Pods whose claims do not tolerate it are deleted, others after the time that they tolerate it.
 * Simplified: taints come from the ResourceSlices alone, since DeviceTaintRules are off in 1.36 unless switched on.
 * @see kubernetes pkg/controller/devicetainteviction/device_taint_eviction.go
 */
import type {
  Device,
  DeviceRequestAllocationResult,
  DeviceTaint,
  Pod,
  ResourceSlice,
  ResourceV1ResourceClaim,
} from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { type Kind, keyOf, kindOf } from "../../api/object.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { deleteDisrupted } from "./disruption-target.ts";
import { claimNames, RESOURCE_CLAIM } from "./resource-claim.ts";

const NAME = "device-taint-eviction-controller";
const RESOURCE_SLICE: Kind<ResourceSlice> = kindOf("resource.k8s.io/v1", "ResourceSlice");
const BY_POOL = "pool";

function poolOf({ spec }: ResourceSlice): string {
  return `${spec.driver}/${spec.pool.name}`;
}

/** Seconds that the allocation tolerates the taint: none 0, `undefined` for ever; of several tolerations the shortest counts. */
export function toleratedSeconds({ tolerations = [] }: DeviceRequestAllocationResult, taint: DeviceTaint): number | undefined {
  const fitting = tolerations.filter((t) => {
    if (t.effect !== "NoExecute" || (t.key && t.key !== taint.key)) return false;
    return t.operator === "Exists" || (t.value ?? "") === (taint.value ?? "");
  });
  if (fitting.length === 0) return 0;
  if (fitting.some((t) => t.tolerationSeconds === undefined)) return undefined;
  return Math.max(0, Math.min(...fitting.map((t) => t.tolerationSeconds ?? 0)));
}

/** `driver/pool/device key` of each taint that evicts. */
function taintIds(slice: ResourceSlice | undefined): readonly string[] {
  return (slice?.spec.devices ?? []).flatMap((d) =>
    (d.taints ?? []).flatMap((t) => (slice && t.effect === "NoExecute" ? [`${poolOf(slice)}/${d.name} ${t.key}`] : [])),
  );
}

class DeviceTaintEviction {
  readonly #context: ComponentContext;
  readonly #pods;
  readonly #claims;
  readonly #slices;
  readonly #queue: WorkQueue;
  /** Uids of the Pods that are to be deleted. */
  readonly #scheduled = new Set<string>();
  /** When taints were first seen that do not say since when they are there, by device, in virtual milliseconds. */
  readonly #seenMs = new Map<string, number>();

  constructor(context: ComponentContext) {
    this.#context = context;
    const { informers, loop } = context;
    this.#pods = informers.for(POD);
    this.#claims = informers.for(RESOURCE_CLAIM);
    this.#slices = informers.for(RESOURCE_SLICE);
    this.#slices.addIndex(BY_POOL, (s) => [poolOf(s)]);
    this.#queue = new WorkQueue(loop, (key) => this.#sync(key));
    const addUsers = (claim: ResourceV1ResourceClaim | undefined): void => {
      for (const user of claim?.status?.reservedFor ?? [])
        if (user.resource === "pods") this.#queue.add(`${claim?.metadata.namespace}/${user.name}`);
    };
    this.#claims.on((_type, claim, before) => {
      if (!claim.status?.allocation && !before?.status?.allocation) return;
      addUsers(before);
      addUsers(claim);
    });
    this.#slices.on((type, slice, before) => {
      const now = type === "DELETED" ? [] : taintIds(slice);
      const old = taintIds(before);
      if (now.length === 0 && old.length === 0) return;
      for (const id of old) if (!now.includes(id)) this.#seenMs.delete(id);
      for (const claim of this.#claims.list())
        if (claim.status?.allocation?.devices?.results?.some((r) => `${r.driver}/${r.pool}` === poolOf(slice))) addUsers(claim);
    });
    this.#pods.on((type, pod, before) => {
      if (type === "DELETED") this.#scheduled.delete(pod.metadata.uid ?? "");
      else if ((pod.spec.resourceClaims ?? []).length > 0 && pod.spec.nodeName !== before?.spec.nodeName) this.#queue.add(keyOf(pod));
    });
  }

  #sync(key: string): ReconcileResult {
    const { loop, recorder } = this.#context;
    const pod = this.#pods.get(key);
    if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp !== undefined) return;
    const { uid = "" } = pod.metadata;
    const dueMs = this.#dueMs(pod);
    if (dueMs === undefined) {
      if (this.#scheduled.delete(uid)) recorder.report(NAME, pod, "Normal", "DeviceTaintManagerEviction", "Cancelling deletion");
      return;
    }
    this.#scheduled.add(uid);
    if (loop.now() < dueMs) return { afterMs: dueMs - loop.now() };
    recorder.report(NAME, pod, "Normal", "DeviceTaintManagerEviction", "Marking for deletion");
    const message = "Device Taint manager: deleting due to NoExecute taint";
    const options = { preconditions: { uid } };
    return mustRetry(deleteDisrupted(this.#context, pod, "DeletionByDeviceTaintManager", message, {}, options)) ? "retry" : undefined;
  }

  /** When the first of the Pod's devices is not tolerated any more. */
  #dueMs(pod: Pod): number | undefined {
    const due = claimNames(pod).flatMap((name) => {
      const claim = this.#claims.get(`${pod.metadata.namespace}/${name}`);
      if (!claim?.status?.reservedFor?.some((user) => user.uid === pod.metadata.uid)) return [];
      return (claim.status.allocation?.devices?.results ?? []).flatMap((result) => this.#dueOfDevice(result));
    });
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  #dueOfDevice(result: DeviceRequestAllocationResult): readonly number[] {
    const { loop } = this.#context;
    return (this.#deviceOf(result)?.taints ?? []).flatMap((taint) => {
      const seconds = taint.effect === "NoExecute" ? toleratedSeconds(result, taint) : undefined;
      if (seconds === undefined) return [];
      const id = `${result.driver}/${result.pool}/${result.device} ${taint.key}`;
      const seenMs = this.#seenMs.get(id) ?? loop.now();
      if (taint.timeAdded === undefined) this.#seenMs.set(id, seenMs);
      return [(taint.timeAdded === undefined ? seenMs : loop.instantOf(taint.timeAdded)) + seconds * 1000];
    });
  }

  /** As the newest generation of its pool has it. */
  #deviceOf({ driver, pool, device }: DeviceRequestAllocationResult): Device | undefined {
    const slices = this.#slices.by(BY_POOL, `${driver}/${pool}`);
    const generation = Math.max(...slices.map((s) => s.spec.pool.generation));
    const current = slices.filter((s) => s.spec.pool.generation === generation);
    return current.flatMap((s) => s.spec.devices ?? []).find((d) => d.name === device);
  }
}

export const deviceTaintEvictionController: Controller = {
  name: NAME,
  start(context) {
    new DeviceTaintEviction(context);
  },
};
