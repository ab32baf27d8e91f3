/**
 * How many Pods of a kind are on which node, kept as Pods come and go: the Pods that a selector takes (for spreading and for a Pod's own
 * affinity), and the Pods that have a given (anti-)affinity term themselves (for the other direction).
 */
import { type LabelSelectorShape, type Labels, matchesSelector } from "../../lib/labels.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo, PodShape } from "./pod-info.ts";
import { type AffinityTerm, matchesTerm } from "./selectors.ts";

export type NodeCounts = ReadonlyMap<NodeInfo, number>;

interface Counter {
  readonly matches: (shape: PodShape) => boolean;
  readonly countsTerminating: boolean;
  readonly counts: Map<NodeInfo, number>;
}

export type TermKind = "requiredAffinity" | "requiredAntiAffinity" | "preferredAffinity" | "preferredAntiAffinity";
const TERM_KINDS: readonly TermKind[] = ["requiredAffinity", "requiredAntiAffinity", "preferredAffinity", "preferredAntiAffinity"];

/** The Pods that have one and the same term. */
export interface TermGroup {
  readonly kind: TermKind;
  readonly term: AffinityTerm;
  readonly counts: Map<NodeInfo, number>;
}

/** Counters kept at most; beyond, all are forgotten and made anew when asked for. */
const COUNTERS_MAX = 20_000;

export class PodCounts {
  readonly #namespaceLabels: (namespace: string) => Labels;
  readonly #placed: () => Iterable<{ readonly info: PodInfo; readonly node: NodeInfo }>;
  readonly #counters = new Map<string, Counter>();
  #list: Counter[] = [];
  /** By shape: the counters that take its Pods, as far as they were tried. */
  #matching = new Map<number, { tried: number; readonly counters: Counter[] }>();
  readonly #groups = new Map<string, TermGroup>();

  constructor(namespaceLabels: (namespace: string) => Labels, placed: () => Iterable<{ readonly info: PodInfo; readonly node: NodeInfo }>) {
    this.#namespaceLabels = namespaceLabels;
    this.#placed = placed;
  }

  get namespaceLabels(): (namespace: string) => Labels {
    return this.#namespaceLabels;
  }

  /** The Pods of a namespace that a selector takes and that are not being deleted. `key` is equal exactly for equal selectors. */
  selected(namespace: string, key: string, selects: (labels: Labels) => boolean): NodeCounts {
    const matches = (shape: PodShape): boolean => shape.namespace === namespace && selects(shape.labels);
    return this.#counter(`selected ${namespace} ${key}`, matches, false).counts;
  }

  /** The Pods that all of the terms are about; none when there are no terms. */
  aboutAll(terms: readonly AffinityTerm[]): NodeCounts {
    const key = `all ${terms.map((t) => t.key).join(" ")}`;
    const matches = (s: PodShape): boolean => terms.length > 0 && terms.every((t) => this.matches(t, s));
    return this.#counter(key, matches, true).counts;
  }

  /** The Pods that the term is about. */
  about(term: AffinityTerm): NodeCounts {
    return this.#counter(`one ${term.key}`, (s) => this.matches(term, s), true).counts;
  }

  matches(term: AffinityTerm, shape: PodShape): boolean {
    return matchesTerm(term, shape.namespace, shape.labels, this.#namespaceLabels);
  }

  /** All distinct terms that Pods on nodes have. */
  groups(): Iterable<TermGroup> {
    return this.#groups.values();
  }

  add(info: PodInfo, node: NodeInfo): void {
    this.#count(info, node, 1);
  }

  remove(info: PodInfo, node: NodeInfo): void {
    this.#count(info, node, -1);
  }

  /** The labels of a namespace changed: what its Pods match may be another now. */
  forget(): void {
    this.#counters.clear();
    this.#list = [];
    this.#matching = new Map();
  }

  #count(info: PodInfo, node: NodeInfo, by: 1 | -1): void {
    for (const c of this.#countersOf(info.shape)) if (c.countsTerminating || !info.terminating) change(c.counts, node, by);
    if (!info.shape.hasAffinity) return;
    for (const kind of TERM_KINDS) {
      for (const term of info.shape[kind]) {
        const key = `${kind} ${term.key}`;
        let group = this.#groups.get(key);
        if (!group) {
          group = { kind, term, counts: new Map() };
          this.#groups.set(key, group);
        }
        change(group.counts, node, by);
        if (group.counts.size === 0) this.#groups.delete(key);
      }
    }
  }

  #countersOf(shape: PodShape): readonly Counter[] {
    let known = this.#matching.get(shape.id);
    if (!known) {
      if (this.#matching.size > COUNTERS_MAX) this.#matching = new Map();
      known = { tried: 0, counters: [] };
      this.#matching.set(shape.id, known);
    }
    for (; known.tried < this.#list.length; known.tried++) {
      const counter = this.#list[known.tried]!;
      if (counter.matches(shape)) known.counters.push(counter);
    }
    return known.counters;
  }

  #counter(key: string, matches: (shape: PodShape) => boolean, countsTerminating: boolean): Counter {
    const known = this.#counters.get(key);
    if (known) return known;
    if (this.#list.length >= COUNTERS_MAX) this.forget();
    const counter: Counter = { matches, countsTerminating, counts: new Map() };
    const memo = new Map<number, boolean>();
    for (const { info, node } of this.#placed()) {
      let match = memo.get(info.shape.id);
      if (match === undefined) {
        match = matches(info.shape);
        memo.set(info.shape.id, match);
      }
      if (match && (countsTerminating || !info.terminating)) change(counter.counts, node, 1);
    }
    this.#counters.set(key, counter);
    this.#list.push(counter);
    return counter;
  }
}

function change(counts: Map<NodeInfo, number>, node: NodeInfo, by: number): void {
  const count = (counts.get(node) ?? 0) + by;
  if (count === 0) counts.delete(node);
  else counts.set(node, count);
}

/** A predicate for a list of selectors that must all hold, with its key. */
export function allSelectors(selectors: readonly LabelSelectorShape[]): {
  readonly key: string;
  readonly selects: (labels: Labels) => boolean;
} {
  return { key: JSON.stringify(selectors), selects: (labels) => selectors.every((s) => matchesSelector(s, labels)) };
}
