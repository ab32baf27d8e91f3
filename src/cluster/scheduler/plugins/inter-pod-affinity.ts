/**
 * Pods that want to be near others, or far from them; both directions count.
 * @see kubernetes pkg/scheduler/framework/plugins/interpodaffinity/filtering.go, scoring.go
 */
import type { Labels } from "../../../lib/labels.ts";
import { type CycleContext, type Plugin, type PreFilterResult, refusal, SKIP } from "../framework.ts";
import type { NodeCounts } from "../node-counts.ts";
import type { NodeInfo } from "../node-info.ts";
import type { TermGroup } from "../pod-counts.ts";
import type { PodInfo } from "../pod-info.ts";
import { type AffinityTerm, matchesTerm } from "../selectors.ts";
import type { Domains } from "../topology.ts";

const NAME = "InterPodAffinity";
const AFFINITY = refusal(NAME, "node(s) didn't match pod affinity rules", false);
const ANTI_AFFINITY = refusal(NAME, "node(s) didn't match pod anti-affinity rules", true);
const EXISTING_ANTI_AFFINITY = refusal(NAME, "node(s) didn't satisfy existing pods anti-affinity rules", true);
export interface InterPodAffinityOptions {
  /** What an existing Pod's required affinity adds to the score of a Pod that it is about: 0 to 100. */
  readonly hardPodAffinityWeight: number;
  /** Pods without preferences of their own are not scored by those of others. */
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

const DEFAULTS: InterPodAffinityOptions = { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false };

/** Numbers by domain of one topology key. */
interface DomainTable {
  readonly domains: Domains;
  readonly values: Int32Array;
}

interface FilterState {
  /** By topology key: how often existing Pods' required anti-affinity is about the Pod. */
  readonly existing: Map<string, DomainTable>;
  /** By topology key: the Pods that all required affinity terms are about. */
  readonly affinity: Map<string, DomainTable>;
  /** By topology key: the Pods that required anti-affinity terms are about. */
  readonly antiAffinity: Map<string, DomainTable>;
  /** Sum over `affinity`: 0 while no Pod anywhere matches. */
  affinityTotal: number;
  /** Whether the Pod matches its own required affinity: then it may be the first. */
  readonly matchesItself: boolean;
}

type ScoreState = readonly DomainTable[];

export function interPodAffinity(options: InterPodAffinityOptions = DEFAULTS): Plugin<FilterState, ScoreState> {
  return { ...PLUGIN, preScore: (context) => preScore(context, options) };
}

const PLUGIN: Plugin<FilterState, ScoreState> = {
  name: NAME,
  preFilter,
  filter(state, _, node) {
    if (state.affinity.size > 0 && !affinityHolds(state, node)) return AFFINITY;
    for (const table of state.antiAffinity.values()) if (valueAt(table, node) > 0) return ANTI_AFFINITY;
    for (const table of state.existing.values()) if (valueAt(table, node) > 0) return EXISTING_ANTI_AFFINITY;
    return undefined;
  },
  update,
  score(tables, _, node) {
    let score = 0;
    for (const table of tables) score += valueAt(table, node);
    return score;
  },
  normalize(scores, { length }) {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      min = Math.min(min, scores[i]!);
      max = Math.max(max, scores[i]!);
    }
    for (let i = 0; i < length; i++) scores[i] = max > min ? Math.trunc(100 * ((scores[i]! - min) / (max - min))) : 0;
  },
  wakes(event, pod) {
    const { requiredAffinity: near, requiredAntiAffinity: far } = pod.shape;
    switch (event.type) {
      case "node-added":
        return far.length > 0 || near.some((t) => event.node.metadata.labels?.[t.topologyKey] !== undefined);
      case "node-updated": {
        const [now, before] = [event.node.metadata.labels ?? {}, event.before.metadata.labels ?? {}];
        const moved = ({ topologyKey: key }: AffinityTerm): boolean => now[key] !== before[key];
        return (
          near.some((t) => moved(t) && now[t.topologyKey] !== undefined) || far.some((t) => moved(t) && before[t.topologyKey] !== undefined)
        );
      }
      case "pod-added":
        return aboutAll(near, event.pod);
      case "pod-removed":
        return aboutAll(far, event.pod) || aboutAll(event.pod.shape.requiredAntiAffinity, pod);
      case "pod-updated":
        return (aboutAll(near, event.pod) && !aboutAll(near, event.before)) || (aboutAll(far, event.before) && !aboutAll(far, event.pod));
      default:
        return false;
    }
  },
};

/** As the real hints look at a Pod: all terms together, and without the labels of its namespace. */
function aboutAll(terms: readonly AffinityTerm[], { shape }: PodInfo): boolean {
  return terms.length > 0 && terms.every((t) => matchesTerm(t, shape.namespace, shape.labels, NO_LABELS));
}

const NO_LABELS = (): Labels => ({});

const about = (term: AffinityTerm, pod: PodInfo, { listers }: CycleContext): boolean =>
  matchesTerm(term, pod.shape.namespace, pod.shape.labels, listers.namespaceLabels);

function valueAt({ domains, values }: DomainTable, node: NodeInfo): number {
  const domain = domains.ids[node.slot]!;
  return domain < 0 ? 0 : values[domain]!;
}

function tableOf(tables: Map<string, DomainTable>, topologyKey: string, { cache }: CycleContext): DomainTable {
  let table = tables.get(topologyKey);
  if (!table) {
    const domains = cache.domains(topologyKey);
    table = { domains, values: new Int32Array(domains.count) };
    tables.set(topologyKey, table);
  }
  return table;
}

/** Adds `weight` per counted Pod to its domain; returns how many Pods were in a domain at all. */
function addCounts({ domains, values }: DomainTable, counts: NodeCounts, weight: number): number {
  if (counts.size * FEW >= values.length) {
    const sums = counts.byDomain(domains);
    for (let domain = 0; domain < values.length; domain++) values[domain]! += weight * sums.values[domain]!;
    return sums.total;
  }
  let counted = 0;
  for (const [{ slot }, count] of counts) {
    const domain = domains.ids[slot] ?? -1;
    if (domain < 0) continue;
    values[domain]! += weight * count;
    counted += count;
  }
  return counted;
}

/** Of many domains few have any Pods, as with hosts: then looking at these is shorter than keeping sums of all. */
const FEW = 8;

/** The distinct terms of placed Pods that are about the Pod. */
function* groupsAbout({ pod, cache }: CycleContext): Generator<TermGroup> {
  for (const group of cache.counts.groups()) if (cache.counts.matches(group.term, pod.shape)) yield group;
}

function preFilter(context: CycleContext): PreFilterResult<FilterState> {
  const { cache, pod } = context;
  const { requiredAffinity, requiredAntiAffinity } = pod.shape;
  const existing = new Map<string, DomainTable>();
  let antiMatches = 0;
  for (const group of groupsAbout(context)) {
    if (group.kind === "requiredAntiAffinity")
      antiMatches += addCounts(tableOf(existing, group.term.topologyKey, context), group.counts, 1);
  }
  if (antiMatches === 0 && requiredAffinity.length === 0 && requiredAntiAffinity.length === 0) return SKIP;
  const affinity = new Map<string, DomainTable>();
  const antiAffinity = new Map<string, DomainTable>();
  let affinityTotal = 0;
  if (requiredAffinity.length > 0) {
    const matching = cache.counts.aboutAll(requiredAffinity);
    for (const t of requiredAffinity) affinityTotal += addCounts(tableOf(affinity, t.topologyKey, context), matching, 1);
  }
  for (const t of requiredAntiAffinity) addCounts(tableOf(antiAffinity, t.topologyKey, context), cache.counts.about(t), 1);
  const matchesItself = requiredAffinity.every((t) => about(t, pod, context));
  return { state: { existing, affinity, antiAffinity, affinityTotal, matchesItself } };
}

/** Each term needs a Pod in the node's domain; the first of a group that wants to be together is excused. */
function affinityHolds(state: FilterState, node: NodeInfo): boolean {
  let near = true;
  for (const table of state.affinity.values()) {
    const domain = table.domains.ids[node.slot]!;
    if (domain < 0) return false;
    if (table.values[domain]! <= 0) near = false;
  }
  return near || (state.affinityTotal === 0 && state.matchesItself);
}

function update(state: FilterState, pod: PodInfo, other: PodInfo, node: NodeInfo, by: 1 | -1, context: CycleContext): void {
  const change = (tables: Map<string, DomainTable>, term: AffinityTerm): number => {
    const { domains, values } = tableOf(tables, term.topologyKey, context);
    const domain = domains.ids[node.slot]!;
    if (domain < 0) return 0;
    values[domain]! += by;
    return by;
  };
  for (const t of other.shape.requiredAntiAffinity) if (about(t, pod, context)) change(state.existing, t);
  const { requiredAffinity, requiredAntiAffinity } = pod.shape;
  if (requiredAffinity.length > 0 && requiredAffinity.every((t) => about(t, other, context)))
    for (const t of requiredAffinity) state.affinityTotal += change(state.affinity, t);
  for (const t of requiredAntiAffinity) if (about(t, other, context)) change(state.antiAffinity, t);
}

function preScore(context: CycleContext, options: InterPodAffinityOptions): ScoreState | typeof SKIP {
  const { cache, pod } = context;
  const { hardPodAffinityWeight: hardWeight } = options;
  const hasPreferences = pod.shape.preferredAffinity.length + pod.shape.preferredAntiAffinity.length > 0;
  if (options.ignorePreferredTermsOfExistingPods && !hasPreferences) return SKIP;
  const tables = new Map<string, DomainTable>();
  let counted = 0;
  const add = (term: AffinityTerm, counts: NodeCounts, weight: number): void => {
    if (counts.size > 0) counted += addCounts(tableOf(tables, term.topologyKey, context), counts, weight);
  };
  for (const t of pod.shape.preferredAffinity) add(t, cache.counts.about(t), t.weight);
  for (const t of pod.shape.preferredAntiAffinity) add(t, cache.counts.about(t), -t.weight);
  for (const { kind, term, counts } of groupsAbout(context)) {
    if (kind === "requiredAffinity") {
      if (hardWeight > 0) add(term, counts, hardWeight);
    } else if (kind === "preferredAffinity") add(term, counts, term.weight);
    else if (kind === "preferredAntiAffinity") add(term, counts, -term.weight);
  }
  return counted === 0 ? SKIP : [...tables.values()];
}
