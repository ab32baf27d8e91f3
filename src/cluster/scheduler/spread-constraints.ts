/**
 * The spread constraints that hold for a Pod: its own, or the system's defaults (hosts with maxSkew 3, zones with maxSkew 5, both soft)
 * for a Pod that a Service or a controller selects.
 * @see kubernetes pkg/scheduler/framework/plugins/podtopologyspread/common.go, plugins/helper/spread.go
 */
import type { TopologySpreadConstraint } from "../../../generated/v1.36/model.ts";
import { type LabelSelectorShape, type Labels, matchesLabels, matchesSelector } from "../../lib/labels.ts";
import type { CycleContext } from "./framework.ts";
import type { Listers } from "./listers.ts";
import { NodeCounts, SumsRoom } from "./node-counts.ts";
import { matchesRequiredNodes } from "./node-match.ts";
import type { PodShape } from "./pod-info.ts";
import { isEmptySelector } from "./selectors.ts";
import { keepsAway, untoleratedTaint } from "./tolerations.ts";

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
  /** 1 when the Pod itself is taken by the selector, else 0. */
  readonly self: 0 | 1;
  /** Matching Pods by node. */
  readonly counts: NodeCounts;
  /** Whether a Pod of the namespace with these labels counts. */
  readonly counted: (labels: Labels) => boolean;
  /** Whether nodes without all topology keys stay out. */
  readonly needsAllKeys: boolean;
}

/** The constraints of Pods that have none of their own. */
export interface DefaultConstraints {
  readonly constraints: readonly TopologySpreadConstraint[];
  /** Whether nodes without all topology keys stay out, as for a Pod's own constraints. */
  readonly needsAllKeys: boolean;
}

export const SYSTEM_DEFAULTS: DefaultConstraints = {
  needsAllKeys: false,
  constraints: [
    { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
    { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 5 },
  ],
};
const NONE = new NodeCounts(new SumsRoom());

export function constraintsOf(
  context: CycleContext,
  action: TopologySpreadConstraint["whenUnsatisfiable"],
  { constraints, needsAllKeys }: DefaultConstraints,
): readonly SpreadConstraint[] {
  const { shape } = context.pod;
  const own = shape.spreadConstraints;
  if (own.length > 0) {
    return own.filter((c) => c.whenUnsatisfiable === action).map((c) => constraint(c, selectorsOf(c, shape), context, true));
  }
  const defaults = constraints.filter((c) => c.whenUnsatisfiable === action);
  if (defaults.length === 0) return [];
  const selectors = defaultSelectors(shape, context.listers);
  return selectors.every(isEmptySelector) ? [] : defaults.map((c) => constraint(c, selectors, context, needsAllKeys));
}

function constraint(
  c: TopologySpreadConstraint,
  selectors: readonly LabelSelectorShape[] | undefined,
  context: CycleContext,
  needsAllKeys: boolean,
): SpreadConstraint {
  const { shape } = context.pod;
  const selects = (labels: Labels): boolean => selectors?.every((s) => matchesSelector(s, labels)) ?? false;
  // A selector that takes everything counts nothing: as the real plugin has it.
  const counts = !selectors || selectors.every(isEmptySelector) ? NONE : context.cache.counts.selected(shape.namespace, selectors);
  return {
    topologyKey: c.topologyKey,
    maxSkew: c.maxSkew,
    minDomains: c.minDomains ?? 1,
    honorsAffinity: (c.nodeAffinityPolicy ?? "Honor") === "Honor",
    honorsTaints: (c.nodeTaintsPolicy ?? "Ignore") === "Honor",
    self: selects(shape.labels) ? 1 : 0,
    counts,
    counted: selects,
    needsAllKeys,
  };
}

/** An absent selector takes nothing. `matchLabelKeys` add the Pod's own values (the API server has merged them already: no harm). */
function selectorsOf(c: TopologySpreadConstraint, shape: PodShape): readonly LabelSelectorShape[] | undefined {
  if (!c.labelSelector) return undefined;
  const matchLabels: Record<string, string> = {};
  for (const key of c.matchLabelKeys ?? []) if (shape.labels[key] !== undefined) matchLabels[key] = shape.labels[key];
  return Object.keys(matchLabels).length > 0 ? [c.labelSelector, { matchLabels }] : [c.labelSelector];
}

/** What selects the Pod: all its Services and its owner, together. */
function defaultSelectors(shape: PodShape, listers: Listers): readonly LabelSelectorShape[] {
  const { namespace, owner, labels } = shape;
  const merged: Record<string, string> = {};
  for (const { spec } of listers.services(namespace)) {
    if (spec?.selector && matchesLabels(spec.selector, labels)) Object.assign(merged, spec.selector);
  }
  const selectors: LabelSelectorShape[] = [{ matchLabels: merged }];
  if (owner?.apiVersion === "v1" && owner.kind === "ReplicationController")
    Object.assign(merged, listers.replicationController(namespace, owner.name)?.spec?.selector);
  else if (owner?.apiVersion === "apps/v1") {
    const selector =
      owner.kind === "ReplicaSet"
        ? listers.replicaSet(namespace, owner.name)?.spec?.selector
        : owner.kind === "StatefulSet"
          ? listers.statefulSet(namespace, owner.name)?.spec?.selector
          : undefined;
    if (selector) selectors.push(selector);
  }
  return selectors;
}

/** The nodes whose Pods count for a constraint, by slot, and the domains that they make up. */
export function eligibleNodes(
  c: SpreadConstraint,
  all: readonly SpreadConstraint[],
  { cache, pod: { shape } }: CycleContext,
): { readonly eligible: Uint8Array; readonly present: readonly number[] } {
  const keys = c.needsAllKeys ? all.map((other) => other.topologyKey) : [];
  return cache.byNodes(`spread ${shape.id} ${c.topologyKey} ${c.honorsAffinity} ${c.honorsTaints} ${keys.join()}`, () => {
    const eligible = new Uint8Array(cache.slots);
    const present = new Set<number>();
    const { ids } = cache.domains(c.topologyKey);
    for (const node of cache.order()) {
      if (keys.some((key) => node.labels[key] === undefined)) continue;
      if (c.honorsAffinity && !matchesRequiredNodes(shape, node)) continue;
      if (c.honorsTaints && untoleratedTaint(node.taints, shape.tolerations, keepsAway)) continue;
      eligible[node.slot] = 1;
      if (ids[node.slot]! >= 0) present.add(ids[node.slot]!);
    }
    return { eligible, present: [...present] };
  });
}
