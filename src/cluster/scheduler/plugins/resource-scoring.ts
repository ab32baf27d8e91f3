/**
 * How full a node would be, as a score: the strategies of NodeResourcesFit.
 * @see kubernetes pkg/scheduler/framework/plugins/noderesources (least_allocated.go, most_allocated.go, requested_to_capacity_ratio.go,
 * resource_allocation.go)
 */
import type { NodeInfo } from "../node-info.ts";
import type { Requests } from "../requests.ts";

export interface WeightedResource {
  readonly name: string;
  /** 1 to 100. */
  readonly weight: number;
}

/** A corner of the line from utilization (percent, rising) to score (0 to 10). */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export type ScoringStrategy =
  | { readonly type: "LeastAllocated" | "MostAllocated"; readonly resources: readonly WeightedResource[] }
  | { readonly type: "RequestedToCapacityRatio"; readonly resources: readonly WeightedResource[]; readonly shape: readonly ShapePoint[] };

export const CPU_AND_MEMORY: readonly WeightedResource[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

/** What the node has of a resource, and what is asked of it with the Pod. */
interface Amount {
  readonly all: number;
  readonly used: number;
}

/** `assumed`: Pods without requests for CPU or memory count as asking for a little. `undefined`: the resource does not count for this Pod. */
export function amountOf(name: string, requests: Requests, node: NodeInfo, assumed: boolean, withPod: boolean): Amount | undefined {
  const { allocatable } = node;
  const by = withPod ? 1 : 0;
  switch (name) {
    case "cpu":
      if (assumed) return amount(allocatable.milliCpu, node.nonZeroMilliCpu + by * requests.scoredMilliCpu);
      return amount(allocatable.milliCpu, node.milliCpu + by * requests.milliCpu);
    case "memory":
      if (assumed) return amount(allocatable.memory, node.nonZeroMemory + by * requests.scoredMemory);
      return amount(allocatable.memory, node.memory + by * requests.memory);
    case "ephemeral-storage":
      return amount(allocatable.ephemeralStorage, node.ephemeralStorage + by * requests.ephemeralStorage);
    default: {
      const wanted = requestOf(name, requests);
      // Extended resources count only for Pods that ask for them.
      return wanted === 0 ? undefined : amount(allocatable.scalars.get(name) ?? 0, (node.scalars.get(name) ?? 0) + by * wanted);
    }
  }
}

function amount(all: number, used: number): Amount | undefined {
  return all === 0 ? undefined : { all, used };
}

/** What the Pod itself asks for. */
export function requestOf(name: string, requests: Requests): number {
  switch (name) {
    case "cpu":
      return requests.milliCpu;
    case "memory":
      return requests.memory;
    case "ephemeral-storage":
      return requests.ephemeralStorage;
    default:
      return requests.scalars.find(([scalar]) => scalar === name)?.[1] ?? 0;
  }
}

/** The score of a node for a Pod: 0 to 100. */
export function strategyScore(strategy: ScoringStrategy): (requests: Requests, node: NodeInfo) => number {
  switch (strategy.type) {
    case "LeastAllocated":
      return isCpuAndMemory(strategy.resources) ? leastAllocated : weightedMean(strategy.resources, freePercent);
    case "MostAllocated":
      return weightedMean(strategy.resources, (all, used) => Math.floor((Math.min(used, all) * 100) / all));
    case "RequestedToCapacityRatio":
      return capacityRatio(strategy.resources, strategy.shape);
  }
}

function isCpuAndMemory(resources: readonly WeightedResource[]): boolean {
  return resources.length === 2 && CPU_AND_MEMORY.every((r) => resources.some((other) => other.name === r.name && other.weight === 1));
}

/**
 * The mean over CPU and memory of the share that stays free, in percent; counts what Pods without requests are assumed to need.
 * | allocatable | asked for, with this Pod | score |
 * |---|---|---|
 * | 4 CPU, 8Gi | 1 CPU, 2Gi | (75 + 75) / 2 = 75 |
 * | 4 CPU, 8Gi | 5 CPU, 2Gi | (0 + 75) / 2 = 37 |
 */
function leastAllocated(requests: Requests, node: NodeInfo): number {
  const { milliCpu, memory } = node.allocatable;
  let sum = 0;
  let weights = 0;
  if (milliCpu > 0) {
    sum += freePercent(milliCpu, node.nonZeroMilliCpu + requests.scoredMilliCpu);
    weights++;
  }
  if (memory > 0) {
    sum += freePercent(memory, node.nonZeroMemory + requests.scoredMemory);
    weights++;
  }
  return weights === 0 ? 0 : Math.floor(sum / weights);
}

function freePercent(all: number, used: number): number {
  return used > all ? 0 : Math.floor(((all - used) * 100) / all);
}

/** The integer mean over the resources that the node has, by weight. */
function weightedMean(resources: readonly WeightedResource[], score: (all: number, used: number) => number) {
  return (requests: Requests, node: NodeInfo): number => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight } of resources) {
      const of = amountOf(name, requests, node, true, true);
      if (!of) continue;
      sum += score(of.all, of.used) * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.floor(sum / weights);
  };
}

/** As the weighted mean, rounded; resources that score nothing do not count. */
function capacityRatio(resources: readonly WeightedResource[], shape: readonly ShapePoint[]) {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return (requests: Requests, node: NodeInfo): number => {
    let sum = 0;
    let weights = 0;
    for (const { name, weight } of resources) {
      const of = amountOf(name, requests, node, true, true);
      if (!of) continue;
      const score = scoreAt(points, of.used > of.all ? 100 : Math.trunc((of.used * 100) / of.all));
      if (score <= 0) continue;
      sum += score * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.round(sum / weights);
  };
}

/** On the broken line through the points; constant before the first and after the last. */
export function scoreAt(points: readonly ShapePoint[], utilization: number): number {
  for (let i = 0; i < points.length; i++) {
    const point = points[i]!;
    if (utilization > point.utilization) continue;
    const before = points[i - 1];
    if (!before) return point.score;
    const rise = (point.score - before.score) * (utilization - before.utilization);
    return before.score + Math.trunc(rise / (point.utilization - before.utilization));
  }
  return points.at(-1)?.score ?? 0;
}
