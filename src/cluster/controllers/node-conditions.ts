/**
 * The taints that tell the scheduler of a Node's conditions, and its labels of old names.
 * @see kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go
 */
import type { Node, Taint } from "../../../generated/v1.36/model.ts";
import type { Labels } from "../../lib/labels.ts";

const NODE_TAINT = "node.kubernetes.io/";
export const NOT_READY: string = `${NODE_TAINT}not-ready`;
export const UNREACHABLE: string = `${NODE_TAINT}unreachable`;
const UNSCHEDULABLE = `${NODE_TAINT}unschedulable`;

/** Condition → status → taint. */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: `${NODE_TAINT}memory-pressure` },
  DiskPressure: { True: `${NODE_TAINT}disk-pressure` },
  NetworkUnavailable: { True: `${NODE_TAINT}network-unavailable` },
  PIDPressure: { True: `${NODE_TAINT}pid-pressure` },
};
const OURS: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...Object.values(BY_CONDITION).flatMap((m) => Object.values(m))]);

/** The keys of the NoSchedule taints that a Node should have of ours. */
function wantedKeys(node: Node): readonly string[] {
  const keys = (node.status?.conditions ?? []).flatMap((c) => BY_CONDITION[c.type]?.[c.status] ?? []);
  return node.spec?.unschedulable === true ? [...keys, UNSCHEDULABLE] : keys;
}

/** The Node's taints with ours brought up to date; `undefined` when they are. */
export function conditionTaints(node: Node, timestamp: string): readonly Taint[] | undefined {
  const wanted = wantedKeys(node);
  const taints = node.spec?.taints ?? [];
  const isOurs = (t: Taint): boolean => t.effect === "NoSchedule" && OURS.has(t.key);
  const kept = taints.filter((t) => !isOurs(t) || wanted.includes(t.key));
  const missing = wanted.filter((key) => !taints.some((t) => isOurs(t) && t.key === key));
  if (missing.length === 0 && kept.length === taints.length) return undefined;
  return [...kept, ...missing.map((key) => ({ key, effect: "NoSchedule" as const, timeAdded: timestamp }))];
}

/** Labels of old names, which follow those of new names. */
const OLD_NAMES: readonly (readonly [string, string])[] = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"],
];

/** What is missing or different among the labels of old names. */
export function oldNameLabels(labels: Labels | undefined): Labels {
  const out: Record<string, string> = {};
  for (const [now, old] of OLD_NAMES) {
    const value = labels?.[now];
    if (value !== undefined && labels?.[old] !== value) out[old] = value;
  }
  return out;
}
