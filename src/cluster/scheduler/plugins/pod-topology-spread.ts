/**
 * Spreads Pods over topology domains: hard constraints filter, soft ones score.
 *
 * Hard: Pods in the domain + the Pod itself (if its own selector takes it) − the emptiest domain's Pods must not exceed maxSkew.
 * Soft: sum over constraints of Pods in the domain × ln(domains + 2) + maxSkew − 1, rounded; the lowest gets 100.
 * @see kubernetes pkg/scheduler/framework/plugins/podtopologyspread
 */
import type { Node } from "../../../../generated/v1.36/model.ts";
import type { CycleContext, Plugin } from "../framework.ts";
import { refusal, SKIP } from "../framework.ts";
import type { NodeCounts } from "../node-counts.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import { constraintsOf, type DefaultConstraints, eligibleNodes, type SpreadConstraint, SYSTEM_DEFAULTS } from "../spread-constraints.ts";
import type { Domains } from "../topology.ts";

const NAME = "PodTopologySpread";
const SKEWED = refusal(NAME, "node(s) didn't match pod topology spread constraints", true);
const LABEL_MISSING = refusal(NAME, "node(s) didn't match pod topology spread constraints (missing required label)", false);
const HOSTNAME = "kubernetes.io/hostname";
/** The minimum over no domain at all. */
const NO_DOMAIN = 2 ** 31 - 1;

interface HardState {
  readonly constraint: SpreadConstraint;
  readonly domains: Domains;
  readonly eligible: Uint8Array;
  /** Domains with an eligible node. */
  readonly present: readonly number[];
  /** Matching Pods by domain: as the cache keeps them, or a copy of one's own for what-ifs. */
  counts: Int32Array;
  isOwn: boolean;
  /** The emptiest domain's count; `undefined`: to be found anew. */
  min: number | undefined;
}

interface SoftState {
  readonly ignored: ReadonlySet<NodeInfo>;
  readonly constraints: readonly {
    readonly maxSkew: number;
    readonly weight: number;
    readonly domains: Domains;
    /** By node for the hostname, by domain otherwise. */
    readonly perNode: NodeCounts | undefined;
    readonly perDomain: Int32Array;
  }[];
}

export function podTopologySpread(defaults: DefaultConstraints = SYSTEM_DEFAULTS): Plugin<readonly HardState[], SoftState> {
  return {
    name: NAME,
    preFilter(context) {
      const constraints = constraintsOf(context, "DoNotSchedule", defaults);
      return constraints.length === 0 ? SKIP : { state: constraints.map((c) => hardState(c, constraints, context)) };
    },
    filter(states, _, node) {
      for (const s of states) {
        const domain = s.domains.ids[node.slot]!;
        if (domain < 0) return LABEL_MISSING;
        if (s.counts[domain]! + s.constraint.self - minOf(s) > s.constraint.maxSkew) return SKEWED;
      }
      return undefined;
    },
    update(states, pod, other, node, by) {
      // Those on their way out are not counted at first, and yet taken off here: as the real plugin has it.
      if (other.shape.namespace !== pod.shape.namespace) return;
      for (const s of states) {
        if (s.eligible[node.slot] === 0 || !s.constraint.counted(other.shape.labels)) continue;
        if (!s.isOwn) s.counts = s.counts.slice();
        s.isOwn = true;
        s.counts[s.domains.ids[node.slot]!]! += by;
        s.min = undefined;
      }
    },
    preScore(context, feasible) {
      const constraints = constraintsOf(context, "ScheduleAnyway", defaults);
      return constraints.length === 0 ? SKIP : softState(constraints, context, feasible);
    },
    score(state, _, node) {
      return state.ignored.size > 0 && state.ignored.has(node) ? 0 : spreadScore(state, node);
    },
    normalize(scores, feasible, state) {
      let min = Number.POSITIVE_INFINITY;
      let max = 0;
      for (let i = 0; i < feasible.length; i++) {
        if (state.ignored.has(feasible[i]!)) continue;
        min = Math.min(min, scores[i]!);
        max = Math.max(max, scores[i]!);
      }
      for (let i = 0; i < feasible.length; i++) {
        if (state.ignored.has(feasible[i]!)) scores[i] = 0;
        else scores[i] = max === 0 ? 100 : Math.trunc((100 * (max + min - scores[i]!)) / max);
      }
    },
    wakes(event, pod, context) {
      switch (event.type) {
        case "node-added":
        case "node-removed":
          return hasAllKeys(event.node, keysOf(pod, context, defaults));
        case "node-updated":
          return isOtherPlace(event.before, event.node, keysOf(pod, context, defaults));
        case "pod-added":
        case "pod-removed":
          return concerns(event.pod, pod, context, defaults);
        case "pod-updated":
          if (event.pod.shape.namespace !== pod.shape.namespace) return false;
          return constraintsOf({ ...context, pod }, "DoNotSchedule", defaults).some(
            (c) => c.counted(event.pod.shape.labels) !== c.counted(event.before.shape.labels),
          );
        default:
          return false;
      }
    },
  };
}

const keysOf = (pod: PodInfo, context: CycleContext, defaults: DefaultConstraints): readonly string[] =>
  constraintsOf({ ...context, pod }, "DoNotSchedule", defaults).map((c) => c.topologyKey);

const hasAllKeys = ({ metadata: { labels } }: Node, keys: readonly string[]): boolean => keys.every((key) => labels?.[key] !== undefined);

/** Whether the node counts now and did not, or the other way round, or counts for another domain or with other taints. */
function isOtherPlace(before: Node, now: Node, keys: readonly string[]): boolean {
  const [counted, counts] = [hasAllKeys(before, keys), hasAllKeys(now, keys)];
  if (counted !== counts) return true;
  return (
    counts &&
    (keys.some((key) => before.metadata.labels?.[key] !== now.metadata.labels?.[key]) ||
      JSON.stringify(before.spec?.taints ?? []) !== JSON.stringify(now.spec?.taints ?? []))
  );
}

/** Whether a placed Pod counts for one of the Pod's hard constraints. */
function concerns(other: PodInfo, pod: PodInfo, context: CycleContext, defaults: DefaultConstraints): boolean {
  if (other.shape.namespace !== pod.shape.namespace) return false;
  return constraintsOf({ ...context, pod }, "DoNotSchedule", defaults).some((c) => c.counted(other.shape.labels));
}

function hardState(constraint: SpreadConstraint, all: readonly SpreadConstraint[], context: CycleContext): HardState {
  const domains = context.cache.domains(constraint.topologyKey);
  const { eligible, present } = eligibleNodes(constraint, all, context);
  const counts = constraint.counts.byDomain(domains, eligible).values;
  return { constraint, domains, eligible, present, counts, isOwn: false, min: undefined };
}

/** 0 while there are fewer domains than `minDomains`. */
function minOf(s: HardState): number {
  if (s.min !== undefined) return s.min;
  let min = NO_DOMAIN;
  if (s.present.length < s.constraint.minDomains) min = 0;
  else for (const domain of s.present) min = Math.min(min, s.counts[domain]!);
  s.min = min;
  return min;
}

function softState(constraints: readonly SpreadConstraint[], context: CycleContext, feasible: readonly NodeInfo[]): SoftState {
  const { cache } = context;
  const ignored = new Set<NodeInfo>();
  // With the system's defaults a node without a zone still takes part in spreading over hosts.
  const needsAll = constraints[0]!.needsAllKeys;
  if (needsAll) {
    const tables = constraints.map((c) => cache.domains(c.topologyKey));
    for (const node of feasible) if (tables.some((t) => t.ids[node.slot]! < 0)) ignored.add(node);
  }
  const states = constraints.map((c) => {
    const domains = cache.domains(c.topologyKey);
    const perHost = c.topologyKey === HOSTNAME;
    const size = perHost ? feasible.length - ignored.size : domainsAmong(feasible, ignored, domains);
    const perDomain = perHost ? EMPTY : c.counts.byDomain(domains, eligibleNodes(c, constraints, context).eligible).values;
    return { maxSkew: c.maxSkew, weight: Math.log(size + 2), domains, perNode: perHost ? c.counts : undefined, perDomain };
  });
  return { ignored, constraints: states };
}

const EMPTY = new Int32Array(0);

/** How many domains the nodes are in; those without the label make one of their own. */
function domainsAmong(nodes: readonly NodeInfo[], ignored: ReadonlySet<NodeInfo>, domains: Domains): number {
  const seen = new Uint8Array(domains.count + 1);
  let count = 0;
  for (const node of nodes) {
    if (ignored.size > 0 && ignored.has(node)) continue;
    const place = domains.ids[node.slot]! + 1;
    if (seen[place] === 0) count++;
    seen[place] = 1;
  }
  return count;
}

function spreadScore({ constraints }: SoftState, node: NodeInfo): number {
  let score = 0;
  for (const c of constraints) {
    const domain = c.domains.ids[node.slot]!;
    if (domain < 0) continue;
    const count = c.perNode ? c.perNode.get(node) : c.perDomain[domain]!;
    score += count * c.weight + (c.maxSkew - 1);
  }
  return Math.round(score);
}
