/**
 * How many Pods of a kind are on which node, kept as Pods come and go: the Pods that a selector takes (for spreading and for a Pod's own
 * affinity), and the Pods that have a given (anti-)affinity term themselves (for the other direction).
 */
import { type LabelSelectorShape, type Labels, matchesSelector } from "../../lib/labels.ts";
import { NodeCounts, SumsRoom } from "./node-counts.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo, PodShape } from "./pod-info.ts";
import { type AffinityTerm, matchesTerm } from "./selectors.ts";

interface Counter {
  readonly matches: (shape: PodShape) => boolean;
  readonly countsTerminating: boolean;
  readonly counts: NodeCounts;
}

/** The placed Pods of one shape. */
interface ShapeEntry {
  readonly shape: PodShape;
  /** Those that take the shape. */
  counters: Counter[];
  readonly staying: NodeCounts;
  /** Made with the first of them. */
  terminating: NodeCounts | undefined;
}

type TermKind = "requiredAffinity" | "requiredAntiAffinity" | "preferredAffinity" | "preferredAntiAffinity";
const TERM_KINDS: readonly TermKind[] = ["requiredAffinity", "requiredAntiAffinity", "preferredAffinity", "preferredAntiAffinity"];

/** The Pods that have one and the same term. */
export interface TermGroup {
  readonly kind: TermKind;
  readonly term: AffinityTerm;
  readonly counts: NodeCounts;
}

/** Counters kept at most; beyond, all are forgotten and made anew when asked for. */
const COUNTERS_MAX = 20_000;

export class PodCounts {
  readonly #namespaceLabels: (namespace: string) => Labels;
  readonly #counters = new Map<string, Counter>();
  /** The counters that look for a label, by it; and those that do not. So a shape meets only the counters that may take it. */
  readonly #countersByLabel = new Map<string, Counter[]>();
  #otherCounters: Counter[] = [];
  readonly #shapes = new Map<number, ShapeEntry>();
  /** Made when a counter first looks for a label: most clusters have none. */
  #shapesByLabel: Map<string, Set<ShapeEntry>> | undefined;
  readonly #groups = new Map<string, TermGroup>();
  readonly #room = new SumsRoom();

  constructor(namespaceLabels: (namespace: string) => Labels) {
    this.#namespaceLabels = namespaceLabels;
  }

  get namespaceLabels(): (namespace: string) => Labels {
    return this.#namespaceLabels;
  }

  /** The Pods of a namespace that all selectors take and that are not being deleted. */
  selected(namespace: string, selectors: readonly LabelSelectorShape[]): NodeCounts {
    const matches = (shape: PodShape): boolean => shape.namespace === namespace && selectors.every((s) => matchesSelector(s, shape.labels));
    return this.#counter(`selected ${namespace} ${JSON.stringify(selectors)}`, matches, false, labelOf(namespace, selectors)).counts;
  }

  /** The Pods that all of the terms are about; none when there are no terms. */
  aboutAll(terms: readonly AffinityTerm[]): NodeCounts {
    const key = `all ${terms.map((t) => t.key).join(" ")}`;
    const matches = (s: PodShape): boolean => terms.length > 0 && terms.every((t) => this.matches(t, s));
    return this.#counter(key, matches, true, labelOfTerm(terms[0])).counts;
  }

  /** The Pods that the term is about. */
  about(term: AffinityTerm): NodeCounts {
    return this.#counter(`one ${term.key}`, (s) => this.matches(term, s), true, labelOfTerm(term)).counts;
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
    this.#countersByLabel.clear();
    this.#otherCounters = [];
    for (const entry of this.#shapes.values()) entry.counters = [];
  }

  #count(info: PodInfo, node: NodeInfo, by: 1 | -1): void {
    const entry = this.#entryOf(info.shape);
    for (const c of entry.counters) if (c.countsTerminating || !info.terminating) c.counts.change(node, by);
    if (info.terminating) {
      entry.terminating ??= new NodeCounts(this.#room);
      entry.terminating.change(node, by);
    } else entry.staying.change(node, by);
    if (entry.staying.size === 0 && (entry.terminating?.size ?? 0) === 0) this.#dropEntry(entry);
    if (info.shape.hasAffinity) this.#countTerms(info.shape, node, by);
  }

  #countTerms(shape: PodShape, node: NodeInfo, by: 1 | -1): void {
    for (const kind of TERM_KINDS) {
      for (const term of shape[kind]) {
        const key = `${kind} ${term.key}`;
        let group = this.#groups.get(key);
        if (!group) {
          group = { kind, term, counts: new NodeCounts(this.#room) };
          this.#groups.set(key, group);
        }
        group.counts.change(node, by);
        if (group.counts.size === 0) this.#groups.delete(key);
      }
    }
  }

  #entryOf(shape: PodShape): ShapeEntry {
    const known = this.#shapes.get(shape.id);
    if (known) return known;
    const entry: ShapeEntry = {
      shape,
      counters: this.#otherCounters.filter((c) => c.matches(shape)),
      staying: new NodeCounts(this.#room),
      terminating: undefined,
    };
    this.#shapes.set(shape.id, entry);
    if (this.#shapesByLabel) {
      for (const label of labelsOf(shape))
        for (const counter of this.#countersByLabel.get(label) ?? []) if (counter.matches(shape)) entry.counters.push(counter);
      putByLabel(this.#shapesByLabel, entry);
    }
    return entry;
  }

  #byLabel(): Map<string, Set<ShapeEntry>> {
    if (!this.#shapesByLabel) {
      this.#shapesByLabel = new Map();
      for (const entry of this.#shapes.values()) putByLabel(this.#shapesByLabel, entry);
    }
    return this.#shapesByLabel;
  }

  #dropEntry(entry: ShapeEntry): void {
    this.#shapes.delete(entry.shape.id);
    if (!this.#shapesByLabel) return;
    for (const label of labelsOf(entry.shape)) {
      const alike = this.#shapesByLabel.get(label);
      alike?.delete(entry);
      if (alike?.size === 0) this.#shapesByLabel.delete(label);
    }
  }

  #counter(key: string, matches: (shape: PodShape) => boolean, countsTerminating: boolean, label: string | undefined): Counter {
    const known = this.#counters.get(key);
    if (known) return known;
    if (this.#counters.size >= COUNTERS_MAX) this.forget();
    const counter: Counter = { matches, countsTerminating, counts: new NodeCounts(this.#room) };
    this.#counters.set(key, counter);
    if (label === undefined) this.#otherCounters.push(counter);
    else {
      const alike = this.#countersByLabel.get(label);
      if (alike) alike.push(counter);
      else this.#countersByLabel.set(label, [counter]);
    }
    const entries = label === undefined ? this.#shapes.values() : (this.#byLabel().get(label) ?? []);
    for (const entry of entries) {
      if (!matches(entry.shape)) continue;
      entry.counters.push(counter);
      for (const [node, count] of entry.staying) counter.counts.change(node, count);
      if (countsTerminating) for (const [node, count] of entry.terminating ?? []) counter.counts.change(node, count);
    }
    return counter;
  }
}

function putByLabel(shapes: Map<string, Set<ShapeEntry>>, entry: ShapeEntry): void {
  for (const label of labelsOf(entry.shape)) {
    const alike = shapes.get(label);
    if (alike) alike.add(entry);
    else shapes.set(label, new Set([entry]));
  }
}

/** The labels of a shape's Pods, each with the namespace: what counters are found by. */
function labelsOf({ namespace, labels }: PodShape): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${namespace} ${key}=${value}`);
}

/** A label that every Pod in the namespace must have to be taken by all selectors, if they name one. */
function labelOf(namespace: string, selectors: readonly (LabelSelectorShape | undefined)[]): string | undefined {
  for (const selector of selectors) for (const key in selector?.matchLabels) return `${namespace} ${key}=${selector.matchLabels[key]}`;
  return undefined;
}

function labelOfTerm(term: AffinityTerm | undefined): string | undefined {
  const [namespace, ...others] = term?.namespaces ?? [];
  return namespace === undefined || others.length > 0 || term?.namespaceSelector ? undefined : labelOf(namespace, [term?.selector]);
}
