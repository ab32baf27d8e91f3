/**
 * The Pods of a DaemonSet: which Nodes they belong on, and what makes them go there.
 * @see kubernetes pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod), util/daemonset_util.go
 */
import type { DaemonSet, Node, Pod, PodSpec, PodTemplateSpec, Toleration } from "../../../generated/v1.36/model.ts";
import type { Unchecked } from "../../api/object.ts";
import { scaledValue } from "../../lib/int-or-percent.ts";
import { matchesNode, toleratesAll } from "./node-selection.ts";
import { isPodAvailable } from "./pods.ts";

export const HASH_LABEL = "controller-revision-hash";
const GENERATION_LABEL = "pod-template-generation";
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

function exists(key: string, effect: "NoSchedule" | "NoExecute"): Toleration {
  return { key: `node.kubernetes.io/${key}`, operator: "Exists", effect };
}

/** Taints of a Node in trouble, which do not drive a daemon away. */
const TOLERATIONS: readonly Toleration[] = [
  exists("not-ready", "NoExecute"),
  exists("unreachable", "NoExecute"),
  exists("disk-pressure", "NoSchedule"),
  exists("memory-pressure", "NoSchedule"),
  exists("pid-pressure", "NoSchedule"),
  exists("unschedulable", "NoSchedule"),
];

function daemonTolerations(spec: PodSpec | undefined): readonly Toleration[] {
  const added = spec?.hostNetwork ? [...TOLERATIONS, exists("network-unavailable", "NoSchedule")] : TOLERATIONS;
  const same = (a: Toleration, b: Toleration): boolean =>
    a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? "") === (b.value ?? "");
  const own = (spec?.tolerations ?? []).filter((t) => !added.some((a) => same(a, t)));
  return [...own, ...added];
}

/** The generation of the template, as an annotation says it. */
export function templateGeneration(set: DaemonSet): string | undefined {
  return set.metadata.annotations?.[TEMPLATE_GENERATION];
}

/** The template with what is common to the Pods of all Nodes. */
export function daemonTemplate(set: DaemonSet, hash: string): PodTemplateSpec {
  const { template } = set.spec;
  const generation = templateGeneration(set);
  const labels = { ...template.metadata?.labels, ...(generation !== undefined && { [GENERATION_LABEL]: generation }), [HASH_LABEL]: hash };
  const spec = template.spec && { ...template.spec, tolerations: daemonTolerations(template.spec) };
  return { metadata: { ...template.metadata, labels }, ...(spec && { spec }) } as PodTemplateSpec;
}

/** The Pod's affinity, with the Node in place of any other requirement: the scheduler has no choice. */
export function pinned(pod: Unchecked, nodeName: string): Unchecked {
  const spec = pod["spec"] as PodSpec;
  const nodeSelectorTerms = [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values: [nodeName] }] }];
  const nodeAffinity = { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { ...pod, spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } } };
}

/** The Node that a daemon's Pod is on, or is meant for. */
export function targetNode(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms)
    for (const f of matchFields) if (f.key === "metadata.name" && f.operator === "In" && f.values?.length === 1) return f.values[0];
  return undefined;
}

/** `run`: a Pod belongs there. `stay`: one that is there may stay, such as after a NoSchedule taint. */
export function belongsOn(set: DaemonSet, node: Node): { readonly run: boolean; readonly stay: boolean } {
  const { spec } = set.spec.template;
  if ((spec?.nodeName && spec.nodeName !== node.metadata.name) || !matchesNode(spec, node)) return { run: false, stay: false };
  const tolerations = daemonTolerations(spec);
  const taints = node.spec?.taints ?? [];
  const stay = toleratesAll(tolerations, taints, ["NoExecute"]);
  return { run: stay && toleratesAll(tolerations, taints, ["NoSchedule"]), stay };
}

/** Those with a Node first, then the oldest. */
export function byAge(a: Pod, b: Pod): number {
  const unplaced = (p: Pod): number => (p.spec.nodeName ? 0 : 1);
  const created = (p: Pod): string => p.metadata.creationTimestamp ?? "";
  if (unplaced(a) !== unplaced(b)) return unplaced(a) - unplaced(b);
  if (created(a) !== created(b)) return created(a) < created(b) ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** How many Nodes may have two Pods, or none, during a rolling update; shares round up. */
export function daemonBounds(set: DaemonSet, nodes: number): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const { updateStrategy } = set.spec;
  if (updateStrategy?.type === "OnDelete") return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = scaledValue(updateStrategy?.rollingUpdate?.maxSurge ?? 0, nodes, "up") ?? 0;
  const maxUnavailable = scaledValue(updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodes, "up") ?? 0;
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

/** Of the template of now: by hash, or by generation. */
export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const generation = templateGeneration(set);
  const { labels } = pod.metadata;
  return labels?.[HASH_LABEL] === hash || (generation !== undefined && labels?.[GENERATION_LABEL] === generation);
}

export interface OnNode {
  readonly node: string;
  readonly pods: readonly Pod[];
  /** Whether a Pod belongs there. */
  readonly run: boolean;
}

/** Which Pods a rolling update deletes now, and on which Nodes it makes another one beside the old. */
export function rollDaemons(
  set: DaemonSet,
  hash: string,
  nodes: readonly OnNode[],
  nowMs: number,
  instantOf: (rfc3339: string) => number,
): { readonly remove: readonly Pod[]; readonly create: readonly string[] } {
  const bounds = daemonBounds(set, nodes.filter((n) => n.run).length);
  const isAvailable = (p: Pod): boolean => isPodAvailable(p, set.spec.minReadySeconds ?? 0, nowMs, instantOf);
  const remove: Pod[] = [];
  const create: string[] = [];
  const candidates: { readonly pod: Pod; readonly node: string }[] = [];
  const misplaced: typeof candidates = [];
  let busy = 0;
  let available = 0;
  for (const { node, pods, run } of nodes) {
    if (!run && pods.length === 0) continue;
    const staying = pods.filter((p) => p.metadata.deletionTimestamp === undefined);
    const fresh = staying.filter((p) => isUpdated(set, p, hash));
    const old = staying.filter((p) => !isUpdated(set, p, hash));
    const [newPod] = fresh;
    const [oldPod] = old;
    if (fresh.length > 1 || old.length > 1) {
      busy++;
      continue;
    }
    if (bounds.maxSurge === 0) {
      if (newPod ? oldPod || !isAvailable(newPod) : !oldPod) busy++;
      else if (oldPod && !newPod) {
        if (isAvailable(oldPod)) candidates.push({ pod: oldPod, node });
        else {
          remove.push(oldPod);
          busy++;
        }
      }
    } else if (oldPod && newPod) {
      if (isAvailable(newPod)) remove.push(oldPod);
      else busy++;
    } else if (oldPod) {
      if (isAvailable(oldPod)) (run ? candidates : misplaced).push({ pod: oldPod, node });
      else if (run) create.push(node);
      else remove.push(oldPod);
    }
    if (bounds.maxSurge > 0 && [oldPod ?? newPod].some((p) => p && isAvailable(p))) available++;
  }
  // Where a Pod no longer belongs, one that is available stays until as many are available as are wanted elsewhere.
  const spare = Math.max(0, available - nodes.filter((n) => n.run).length);
  remove.push(...misplaced.slice(0, spare).map(({ pod }) => pod));
  const room = Math.max(0, (bounds.maxSurge || bounds.maxUnavailable) - busy);
  for (const { pod, node } of candidates.slice(0, room)) {
    if (bounds.maxSurge > 0) create.push(node);
    else remove.push(pod);
  }
  return { remove, create };
}
