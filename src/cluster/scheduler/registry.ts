/**
 * All plugins, in the order in which they are asked by default, with the weights of their scores and the extension points at which they act.
 * @see kubernetes pkg/scheduler/apis/config/v1/default_plugins.go (MultiPoint)
 */
import type { AnyPlugin } from "./framework.ts";
import { defaultBinder } from "./plugins/default-binder.ts";
import { defaultPreemption } from "./plugins/default-preemption.ts";
import { dynamicResources } from "./plugins/dynamic-resources.ts";
import { imageLocality } from "./plugins/image-locality.ts";
import { interPodAffinity } from "./plugins/inter-pod-affinity.ts";
import { nodeAffinity } from "./plugins/node-affinity.ts";
import { nodeDeclaredFeatures } from "./plugins/node-declared-features.ts";
import { nodeName } from "./plugins/node-name.ts";
import { nodePorts } from "./plugins/node-ports.ts";
import { nodeResourcesBalancedAllocation } from "./plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit } from "./plugins/node-resources-fit.ts";
import { nodeUnschedulable } from "./plugins/node-unschedulable.ts";
import { nodeVolumeLimits } from "./plugins/node-volume-limits.ts";
import { podTopologySpread } from "./plugins/pod-topology-spread.ts";
import { prioritySort } from "./plugins/priority-sort.ts";
import { schedulingGates } from "./plugins/scheduling-gates.ts";
import { taintToleration } from "./plugins/taint-toleration.ts";
import { volumeBinding } from "./plugins/volume-binding.ts";
import { volumeRestrictions } from "./plugins/volume-restrictions.ts";
import { volumeZone } from "./plugins/volume-zone.ts";

export const EXTENSION_POINTS = [
  "preEnqueue",
  "queueSort",
  "preFilter",
  "filter",
  "postFilter",
  "preScore",
  "score",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
] as const;

export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

export interface RegisteredPlugin {
  readonly plugin: AnyPlugin;
  /** Of its score; 0 when it gives none. */
  readonly weight: number;
  /** Those of the real plugin, whatever ours needs. */
  readonly points: readonly ExtensionPoint[];
}

export const PLUGINS: readonly RegisteredPlugin[] = [
  { plugin: schedulingGates, weight: 0, points: ["preEnqueue"] },
  { plugin: prioritySort, weight: 0, points: ["queueSort"] },
  { plugin: nodeUnschedulable, weight: 0, points: ["filter"] },
  { plugin: nodeName, weight: 0, points: ["filter"] },
  { plugin: taintToleration, weight: 3, points: ["filter", "preScore", "score"] },
  { plugin: nodeAffinity(), weight: 2, points: ["preFilter", "filter", "preScore", "score"] },
  { plugin: nodePorts, weight: 0, points: ["preFilter", "filter"] },
  { plugin: nodeResourcesFit(), weight: 1, points: ["preFilter", "filter", "preScore", "score"] },
  { plugin: volumeRestrictions, weight: 0, points: ["preFilter", "filter"] },
  { plugin: nodeVolumeLimits, weight: 0, points: ["preFilter", "filter"] },
  { plugin: volumeBinding(), weight: 0, points: ["preFilter", "filter", "reserve", "preBind"] },
  { plugin: volumeZone, weight: 0, points: ["preFilter", "filter"] },
  { plugin: podTopologySpread(), weight: 2, points: ["preFilter", "filter", "preScore", "score"] },
  { plugin: interPodAffinity(), weight: 2, points: ["preFilter", "filter", "preScore", "score"] },
  { plugin: dynamicResources, weight: 2, points: ["preEnqueue", "preFilter", "filter", "postFilter", "score", "reserve", "preBind"] },
  { plugin: defaultPreemption(), weight: 0, points: ["postFilter"] },
  { plugin: nodeResourcesBalancedAllocation(), weight: 1, points: ["preScore", "score"] },
  { plugin: imageLocality, weight: 1, points: ["score"] },
  { plugin: defaultBinder, weight: 0, points: ["bind"] },
  { plugin: nodeDeclaredFeatures, weight: 0, points: ["preFilter", "filter"] },
];
