/**
 * Whether a kubelet takes a Pod that came with its node already named: no scheduler has looked whether there is room.
 * Simplified: of node affinity only `nodeSelector` is looked at; a critical Pod pushes no other out.
 * @see kubernetes pkg/kubelet/lifecycle/predicate.go
 */
import type { Container, Node, Pod, PodStatus } from "../../../generated/v1.36/model.ts";
import { matchesLabels } from "../../lib/labels.ts";
import { milliOf, parseQuantity, unitsOf } from "../../lib/quantity.ts";

export interface Rejection {
  /** `OutOfcpu`, `NodePorts`, `NodeAffinity`. */
  readonly reason: string;
  readonly message: string;
}

type Amounts = Map<string, bigint>;

/** Why the kubelet refuses the Pod, beside the others that it has taken. */
export function rejection(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const capacity = amountsOf(node.status?.allocatable ?? node.status?.capacity);
  /** A node written down without its resources has all that anybody asks for. */
  const isKnown = capacity.size > 0;
  const requests = requestsOf(pod);
  const used: Amounts = new Map();
  for (const other of others) for (const [name, amount] of requestsOf(other)) used.set(name, (used.get(name) ?? 0n) + amount);
  for (const [name, requested] of requests) {
    const has = capacity.get(name);
    // What the node does not know at all may be a resource of the cluster.
    if (!isKnown || requested === 0n || (has === undefined && name.includes("/"))) continue;
    const taken = used.get(name) ?? 0n;
    if (taken + requested > (has ?? 0n))
      return {
        reason: `OutOf${name}`,
        message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${taken}, capacity: ${has ?? 0n}`,
      };
  }
  if (!matchesLabels(pod.spec.nodeSelector, node.metadata.labels))
    return { reason: "NodeAffinity", message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  const ports = others.flatMap(hostPorts);
  if (hostPorts(pod).some((a) => ports.some((b) => clash(a, b))))
    return { reason: "NodePorts", message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  return undefined;
}

/** The status of a Pod that was refused. @see kubernetes pkg/kubelet/kubelet.go rejectPod */
export function rejectedStatus(pod: Pod, { reason, message }: Rejection, timestamp: string): PodStatus {
  const { generation } = pod.metadata;
  return {
    ...pod.status,
    message: `Pod was rejected: ${message}`,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase: "Failed",
    reason,
    startTime: timestamp,
  };
}

/** What the Pod asks for, itself counted; in the order in which the kubelet looks. CPU in milli-units, the rest in units. */
function requestsOf(pod: Pod): Amounts {
  const { containers, initContainers = [], overhead, resources } = pod.spec;
  const sum: Amounts = new Map([
    ["pods", 1n],
    ["cpu", 0n],
    ["memory", 0n],
    ["ephemeral-storage", 0n],
  ]);
  const peak: Amounts = new Map();
  const sidecars: Amounts = new Map();
  for (const container of initContainers) {
    const own = amountsOf(container.resources?.requests);
    if (container.restartPolicy === "Always") add(sidecars, own);
    else for (const [name, amount] of own) raise(peak, name, amount + (sidecars.get(name) ?? 0n));
  }
  add(sum, sidecars);
  for (const container of containers) add(sum, amountsOf(container.resources?.requests));
  for (const [name, amount] of peak) raise(sum, name, amount);
  for (const [name, amount] of amountsOf(resources?.requests)) sum.set(name, amount);
  add(sum, amountsOf(overhead));
  return sum;
}

function add(to: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0n) + amount);
}

function raise(to: Amounts, name: string, amount: bigint): void {
  if (amount > (to.get(name) ?? 0n)) to.set(name, amount);
}

function amountsOf(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  const amounts: Amounts = new Map();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    if (quantity) amounts.set(name, name === "cpu" ? milliOf(quantity) : unitsOf(quantity));
  }
  return amounts;
}

interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

function hostPorts({ spec }: Pod): readonly HostPort[] {
  const lasting: readonly Container[] = [...spec.containers, ...(spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always")];
  return lasting.flatMap((c) =>
    (c.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ ip: hostIP || "0.0.0.0", protocol: protocol ?? "TCP", port: hostPort }] : [],
    ),
  );
}

function clash(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === "0.0.0.0" || b.ip === "0.0.0.0");
}
