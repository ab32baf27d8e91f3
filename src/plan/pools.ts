/** Nodes that are alike: one more of them is what a node pool is asked for. */
import type { Node } from "../../generated/v1.36/model.ts";
import { canonicalJson } from "../lib/canonical-json.ts";

export interface Pool {
  /** By a well-known label; undefined when none says it. */
  readonly name: string | undefined;
  /** In order of the cluster. */
  readonly nodes: readonly Node[];
}

const HOSTNAME = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
const ZONE_BEFORE = "failure-domain.beta.kubernetes.io/zone";
/** The labels by which providers and people name their pools. */
const POOL_LABELS: readonly string[] = [
  "eks.amazonaws.com/nodegroup",
  "cloud.google.com/gke-nodepool",
  "kubernetes.azure.com/agentpool",
  "agentpool",
  "karpenter.sh/nodepool",
  "node-pool",
  "nodepool",
  "pool",
];
/** Of one node each: what a cloud or the kubelet says of its place. */
const OF_ONE_NODE = /^(kubernetes\.io\/hostname|(topology|failure-domain\.beta)\.(kubernetes\.io|[a-z0-9.-]+)\/.*|.*instance-id)$/;

/** By labels, taints and what the nodes can give; zones do not matter. */
export function poolsOf(nodes: readonly Node[]): readonly Pool[] {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const { name, labels = {} } = node.metadata;
    const alike = Object.entries(labels).filter(([key, value]) => !OF_ONE_NODE.test(key) && value !== name);
    const key = canonicalJson([Object.fromEntries(alike), lastingTaints(node), node.status?.allocatable ?? {}]);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()].map((members) => ({ name: poolNameOf(members[0] as Node) ?? undefined, nodes: members }));
}

/** The pool that a label names; null when none does. */
export function poolNameOf({ metadata: { labels = {} } }: Node): string | null {
  return POOL_LABELS.map((key) => labels[key]).find((name) => name !== undefined) ?? null;
}

/** Null for a node whose labels do not say where it is. */
export function zoneOf({ metadata: { labels = {} } }: Node): string | null {
  return labels[ZONE] ?? labels[ZONE_BEFORE] ?? null;
}

/** Those that the node controller sets come and go. */
function lastingTaints(node: Node): readonly unknown[] {
  return (node.spec?.taints ?? []).filter((t) => !t.key.startsWith("node.kubernetes.io/"));
}

/** A fresh node like those of the pool, in the zone where the pool has the fewest. */
export function oneMore({ nodes }: Pool, taken: ReadonlySet<string>): Node {
  const zones = new Map<string, Node[]>();
  for (const node of nodes) {
    const zone = node.metadata.labels?.[ZONE] ?? "";
    zones.set(zone, [...(zones.get(zone) ?? []), node]);
  }
  const [model] = [...zones.values()].reduce((fewest, members) => (members.length < fewest.length ? members : fewest));
  const like = model as Node;
  let name = "";
  for (let i = 1; name === "" || taken.has(name); i++) name = `${like.metadata.name}-more-${i}`;
  const labels = Object.fromEntries(
    Object.entries(like.metadata.labels ?? {}).map(([key, value]) => [
      key,
      key === HOSTNAME || value === like.metadata.name ? name : value,
    ]),
  );
  const taints = lastingTaints(like) as NonNullable<NonNullable<Node["spec"]>["taints"]>;
  const { allocatable, capacity, nodeInfo } = like.status ?? {};
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: taints.length > 0 ? { taints } : {},
    status: {
      ...(capacity ? { capacity } : {}),
      ...(allocatable ? { allocatable } : {}),
      ...(nodeInfo ? { nodeInfo } : {}),
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" }],
    },
  };
}
