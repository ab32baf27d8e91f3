/**
 * Prefers the node on which the Pod evens out the use of CPU and memory. 1.36 scores the change of balance (50 to 100, 75 is neutral),
 * earlier versions the balance itself.
 * @see kubernetes pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
 */
import { type Plugin, SKIP } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Requests } from "../requests.ts";

const NAME = "NodeResourcesBalancedAllocation";

export const nodeResourcesBalancedAllocation: Plugin<never, Requests> = {
  name: NAME,
  local: true,
  preScore: ({ pod: { shape } }) => (shape.requests.milliCpu === 0 && shape.requests.memory === 0 ? SKIP : shape.requests),
  score(requests, _, node) {
    return balanceScore(balanceOf(node, requests.milliCpu, requests.memory), balanceOf(node, 0, 0));
  },
};

/** 75 when nothing changes, 100 for the greatest gain, 50 for the greatest loss (integer division towards zero). */
export function balanceScore(withPod: number, withoutPod: number): number {
  return 50 + Math.trunc((50 + withPod - withoutPod) / 2);
}

/** 100 when CPU and memory are used to equal shares, 50 when one is full and the other empty. */
function balanceOf(node: NodeInfo, milliCpu: number, memory: number): number {
  const { allocatable } = node;
  if (allocatable.milliCpu === 0 || allocatable.memory === 0) return 100;
  const cpuShare = Math.min((node.milliCpu + milliCpu) / allocatable.milliCpu, 1);
  const memoryShare = Math.min((node.memory + memory) / allocatable.memory, 1);
  return Math.trunc((1 - Math.abs((cpuShare - memoryShare) / 2)) * 100);
}
