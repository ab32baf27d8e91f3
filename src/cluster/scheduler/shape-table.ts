/**
 * What identical Pods have in common, node by node: the verdict of the filters and the scores that depend on nothing but the Pod's spec
 * (not on its labels and owner) and the node itself. A row is made once and holds until its node changes; so of a thousand Pods of one template each costs only the rows
 * of the nodes on which the ones before it landed.
 */
import type { Refusal } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import { Ranking } from "./ranking.ts";

export class ShapeTable {
  /** By node slot: the generation of the node when the row was made. */
  readonly #verdictOf: Int32Array;
  readonly #scoredOf: Int32Array;
  readonly #refusals: (Refusal | undefined)[];
  /** By column, then by node slot. */
  readonly #scores: readonly Float64Array[];
  readonly #findings: (unknown | undefined)[];
  readonly #findingOf: Int32Array;
  #findingsFor = 0;
  #filters = 0;
  readonly ranking: Ranking = new Ranking();

  constructor(slots: number, columns: number) {
    this.#verdictOf = new Int32Array(slots).fill(-1);
    this.#scoredOf = new Int32Array(slots).fill(-1);
    this.#findingOf = new Int32Array(slots).fill(-1);
    this.#refusals = new Array(slots).fill(undefined);
    this.#findings = new Array(slots).fill(undefined);
    this.#scores = Array.from({ length: columns }, () => new Float64Array(slots));
  }

  /** How many filters give the verdict: of another number, what was found before says nothing. */
  filteredBy(filters: number): void {
    if (this.#filters !== filters) this.#verdictOf.fill(-1);
    this.#filters = filters;
  }

  /** The filters' verdict. */
  verdict(node: NodeInfo, find: (node: NodeInfo) => Refusal | undefined): Refusal | undefined {
    const { slot } = node;
    if (this.#verdictOf[slot] !== node.generation) {
      this.#refusals[slot] = find(node);
      this.#verdictOf[slot] = node.generation;
    }
    return this.#refusals[slot];
  }

  /** Whether the node's scores are up to date; if not, they are to be set now. */
  hasScores(node: NodeInfo): boolean {
    if (this.#scoredOf[node.slot] === node.generation) return true;
    this.#scoredOf[node.slot] = node.generation;
    return false;
  }

  /** One column of scores, by node slot. */
  scores(column: number): Float64Array {
    return this.#scores[column]!;
  }

  /** What preemption would do on the node for a Pod of a shape. */
  finding<T>(node: NodeInfo, shapeId: number, find: () => T): T {
    const { slot } = node;
    if (this.#findingsFor !== shapeId) this.#findingOf.fill(-1);
    this.#findingsFor = shapeId;
    if (this.#findingOf[slot] !== node.generation) {
      this.#findings[slot] = find();
      this.#findingOf[slot] = node.generation;
    }
    return this.#findings[slot] as T;
  }
}

/** Rows of all tables together kept at most: about 100 bytes each. */
const ROWS_MAX = 2_000_000;
const TABLES_MIN = 4;

/** The tables of the moulds seen last. One seen for the first time gets none: it may be the only one of its kind. */
export class ShapeTables {
  readonly #tables = new Map<number, ShapeTable | undefined>();

  of(mould: number, slots: number, columns: number): ShapeTable | undefined {
    const known = this.#tables.has(mould);
    const table = this.#tables.get(mould) ?? (known ? new ShapeTable(slots, columns) : undefined);
    this.#tables.delete(mould);
    this.#tables.set(mould, table);
    const most = Math.max(TABLES_MIN, Math.floor(ROWS_MAX / Math.max(slots, 1)));
    if (this.#tables.size > most)
      for (const [oldest] of this.#tables) {
        this.#tables.delete(oldest);
        break;
      }
    return table;
  }

  clear(): void {
    this.#tables.clear();
  }
}

/** Refusals by node. */
export class NodeRefusals {
  readonly #slots: number;
  /** Made with the first refusal: most searches have none. */
  #bySlot: (Refusal | undefined)[] | undefined;
  #size = 0;
  readonly #counts = new Map<Refusal, number>();
  /** The refusal set last, and how often in a row: most come in runs. */
  #last: Refusal | undefined;
  #run = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  set(node: NodeInfo, refusal: Refusal): void {
    this.#bySlot ??= new Array(this.#slots);
    this.#bySlot[node.slot] = refusal;
    this.#size++;
    if (refusal !== this.#last) this.#endRun();
    this.#last = refusal;
    this.#run++;
  }

  get(node: NodeInfo): Refusal | undefined {
    return this.#bySlot?.[node.slot];
  }

  get size(): number {
    return this.#size;
  }

  /** Distinct refusals with the number of nodes. */
  counts(): ReadonlyMap<Refusal, number> {
    this.#endRun();
    return this.#counts;
  }

  #endRun(): void {
    if (this.#last) this.#counts.set(this.#last, (this.#counts.get(this.#last) ?? 0) + this.#run);
    this.#last = undefined;
    this.#run = 0;
  }
}
