/**
 * seatrial as a library: a Kubernetes control plane in the process, scenarios on virtual time, and what authors of manifests need.
 * The typed constructors are in `seatrial/<group>/<version>`: `seatrial/apps/v1`, `seatrial/core/v1`, `seatrial/networking.k8s.io/v1`, …
 */
export * as kinds from "./api/kinds.ts";
export { controllerRef, type Kind, type KubeObject, kindOf, type ObjectMeta } from "./api/object.ts";
export type { Bytes, CheckedQuantity, Count, Cpu } from "./api/quantity-types.ts";
export type { SourceLocation } from "./api/source-location.ts";
export { Cluster, type ClusterOptions, createCluster, type DeleteRequest, type SettleOptions } from "./cluster/cluster.ts";
export type { CloudOptions } from "./cluster/network/cloud.ts";
export { type CniResult, type HostLocal, hostLocal } from "./cluster/network/cni/host-local.ts";
export {
  type Clock,
  type ControllerClient,
  type ControllerQueue,
  type ControllerSpec,
  defineController,
  type OwnController,
  type ReconcileContext,
  type Watch,
} from "./cluster/own-controllers.ts";
export type { Played, PlayedStep, StepAnswer } from "./cluster/scenario.ts";
export type { KubeSchedulerConfiguration } from "./cluster/scheduler/config/scheduler-config.ts";
export type { NodePoint, NodeTimeline, Timeline, WorkloadPoint, WorkloadTimeline } from "./cluster/timeline.ts";
export type { Plan } from "./plan/schema.ts";
export * from "./sdk/authoring-with-patch.ts";
export { type SimulateOptions, simulate } from "./sdk/simulate.ts";
export { type Accepted, type Answer, type Cause, isRefused, type Refused } from "./sim/answer.ts";
export type { ClusterEvent } from "./sim/recorder.ts";
export type { ReconcileResult } from "./sim/work-queue.ts";
