/**
 * Prefers the node on which the Pod evens out the use of the resources (CPU and memory). 1.36 scores the change of balance (50 to 100, 75 is
 * neutral), earlier versions the balance itself.
 * @see kubernetes pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
 */
import { type Plugin, SKIP } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Requests } from "../requests.ts";
import { amountOf, CPU_AND_MEMORY, requestOf } from "./resource-scoring.ts";

const NAME = "NodeResourcesBalancedAllocation";

export function nodeResourcesBalancedAllocation(
  resources: readonly string[] = CPU_AND_MEMORY.map(({ name }) => name),
): Plugin<never, Requests> {
  const isPlain = resources.length === 2 && resources.includes("cpu") && resources.includes("memory");
  const balance = isPlain ? cpuAndMemory : balanceOf;
  return {
    name: NAME,
    local: true,
    preScore: ({ pod: { shape } }) => (resources.every((name) => requestOf(name, shape.requests) === 0) ? SKIP : shape.requests),
    score: (requests, _, node) => balanceScore(balance(resources, node, requests, true), balance(resources, node, requests, false)),
  };
}

/** 75 when nothing changes, 100 for the greatest gain, 50 for the greatest loss (integer division towards zero). */
export function balanceScore(withPod: number, withoutPod: number): number {
  return 50 + Math.trunc((50 + withPod - withoutPod) / 2);
}

/** 100 when CPU and memory are used to equal shares, 50 when one is full and the other empty. */
function cpuAndMemory(_: readonly string[], node: NodeInfo, requests: Requests, withPod: boolean): number {
  const { allocatable } = node;
  if (allocatable.milliCpu === 0 || allocatable.memory === 0) return 100;
  const cpuShare = Math.min((node.milliCpu + (withPod ? requests.milliCpu : 0)) / allocatable.milliCpu, 1);
  const memoryShare = Math.min((node.memory + (withPod ? requests.memory : 0)) / allocatable.memory, 1);
  return Math.trunc((1 - Math.abs((cpuShare - memoryShare) / 2)) * 100);
}

/** 100 less the standard deviation of the shares, in percent. */
function balanceOf(resources: readonly string[], node: NodeInfo, requests: Requests, withPod: boolean): number {
  const shares: number[] = [];
  for (const name of resources) {
    const of = amountOf(name, requests, node, false, withPod);
    if (of) shares.push(Math.min(of.used / of.all, 1));
  }
  return Math.trunc((1 - deviation(shares)) * 100);
}

function deviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0;
  if (shares.length === 2) return Math.abs((shares[0]! - shares[1]!) / 2);
  const mean = shares.reduce((sum, s) => sum + s, 0) / shares.length;
  return Math.sqrt(shares.reduce((sum, s) => sum + (s - mean) ** 2, 0) / shares.length);
}
