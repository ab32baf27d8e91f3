/**
 * What a kubelet says about its node: conditions, and addresses where none are given.
 * @see kubernetes pkg/kubelet/nodestatus/setters.go
 */
import type { Node, NodeAddress, NodeCondition, NodeStatus } from "../../../generated/v1.36/model.ts";
import { fnv32a } from "../../lib/random.ts";

const HEALTHY: readonly (readonly [type: string, status: string, reason: string, message: string])[] = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
];

/** The Ready condition of a node: `True`, `False`, `Unknown`, or `undefined` when no kubelet has spoken yet. */
export function readiness(node: Node): string | undefined {
  return node.status?.conditions?.find((c) => c.type === "Ready")?.status;
}

/** The status as a healthy kubelet posts it: conditions of others are kept, and so is the time of a transition that did not happen. */
export function healthyNodeStatus(node: Node, timestamp: string): NodeStatus {
  const before = node.status?.conditions ?? [];
  const own = HEALTHY.map(([type, status, reason, message]): NodeCondition => {
    const old = before.find((c) => c.type === type);
    const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? timestamp) : timestamp;
    return { lastHeartbeatTime: timestamp, lastTransitionTime, message, reason, status, type };
  });
  const others = before.filter((c) => !HEALTHY.some(([type]) => type === c.type));
  const addresses = node.status?.addresses?.length ? node.status.addresses : madeUpAddresses(node.metadata.name);
  return { ...node.status, addresses, conditions: [...others, ...own] };
}

/** For a node that is written down without its addresses: its own, from a private range, the same for the same name. */
function madeUpAddresses(name: string): readonly NodeAddress[] {
  const hash = fnv32a(name);
  return [
    { address: `172.${16 + (hash & 15)}.${(hash >>> 4) & 255}.${1 + ((hash >>> 12) % 254)}`, type: "InternalIP" },
    { address: name, type: "Hostname" },
  ];
}

/** The addresses that Pods of the host's network have. */
export function hostIps(node: Node): readonly string[] {
  return (node.status?.addresses ?? []).filter((a) => a.type === "InternalIP").map((a) => a.address);
}
