/** Clusters to plan on. */
import { Node, type Taint } from "../../../generated/v1.36/core/v1.ts";
import type { Bytes, Count, Cpu, NodeResources } from "../../api/quantity-types.ts";
import { compareQuantity, formatQuantity, parseQuantity, subtractQuantity } from "../../lib/quantity.ts";

export interface NodePoolOptions {
  /** How many nodes; they are named `NAME-1`, `NAME-2`, … */
  readonly count: number;
  readonly cpu: Cpu;
  readonly memory: Bytes;
  /** Pods that a node takes. Default: 110, as a kubelet has it. */
  readonly pods?: Count;
  readonly "ephemeral-storage"?: Bytes;
  /** Anything else that a node has: `{ "nvidia.com/gpu": 4 }`. */
  readonly resources?: NodeResources;
  /** What the system keeps of it for itself: a Pod can have the rest. Default: nothing. */
  readonly reserved?: { readonly cpu?: Cpu; readonly memory?: Bytes; readonly "ephemeral-storage"?: Bytes };
  /** Zones, taken in turn; a node without has no zone. */
  readonly zones?: readonly string[];
  readonly region?: string;
  /** `kubernetes.io/arch`. Default: amd64. */
  readonly arch?: "amd64" | "arm64" | "s390x" | "ppc64le";
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

/** More nodes than a cluster of Kubernetes is made for. */
const NODES_MAX = 10_000;
const PODS = 110;

/**
 * Equal nodes, for `seatrial plan --cluster`.
 * ```ts
 * export default [
 *   nodePool("control-plane", { count: 3, cpu: 2, memory: "8Gi", taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }),
 *   nodePool("workers", { count: 6, cpu: 8, memory: "32Gi", zones: ["a", "b", "c"], reserved: { cpu: "200m", memory: "1Gi" } }),
 * ];
 * ```
 * @throws TypeError when `count` is no whole number, or more is reserved than a node has
 */
export function nodePool(name: string, options: NodePoolOptions): readonly Node[] {
  const { count, cpu, memory, pods = PODS, resources, reserved = {}, zones = [], region, arch = "amd64", labels, taints } = options;
  const storage = options["ephemeral-storage"];
  if (!Number.isInteger(count) || count < 0 || count > NODES_MAX)
    throw new TypeError(`nodePool ${name}: count is a whole number up to ${NODES_MAX}, not ${count}`);
  const capacity: NodeResources = {
    cpu: text(cpu),
    memory: text(memory),
    pods: text(pods),
    ...(storage === undefined ? {} : { "ephemeral-storage": text(storage) }),
    ...resources,
  };
  const allocatable = Object.fromEntries(
    Object.entries(capacity).map(([resource, amount]) => [
      resource,
      left(name, resource, String(amount), (reserved as Readonly<Record<string, unknown>>)[resource]),
    ]),
  ) as NodeResources;
  return Array.from({ length: count }, (_, i) => {
    const node = `${name}-${i + 1}`;
    const zone = zones[i % Math.max(zones.length, 1)];
    return Node({
      metadata: {
        name: node,
        labels: {
          "kubernetes.io/hostname": node,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": arch,
          ...(region === undefined ? {} : { "topology.kubernetes.io/region": region }),
          ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
          ...labels,
        },
      },
      ...(taints === undefined ? {} : { spec: { taints } }),
      status: { capacity, allocatable },
    });
  });
}

function text<T>(amount: T): T {
  return (typeof amount === "number" ? String(amount) : amount) as T;
}

function left(pool: string, resource: string, has: string, reserved: unknown): string {
  if (reserved === undefined) return has;
  const [total, kept] = [has, String(reserved)].map((q) => parseQuantity(q));
  if (!total || !kept) throw new TypeError(`nodePool ${pool}: ${resource} is no quantity`);
  if (compareQuantity(total, kept) < 0)
    throw new TypeError(`nodePool ${pool}: more ${resource} is reserved (${String(reserved)}) than a node has (${has})`);
  return formatQuantity(subtractQuantity(total, kept));
}
