/**
 * Numbers of Pods by node, and by topology domain where somebody asked for that: then these, too, are kept as Pods come and go, so that a
 * thousand Pods of one template do not count the ones before them again and again.
 */
import type { NodeInfo } from "./node-info.ts";
import type { Domains } from "./topology.ts";

/** Numbers by domain of one topology key; of eligible nodes only, if so asked. */
export interface DomainSums {
  readonly domains: Domains;
  /** By node slot. */
  readonly eligible: Uint8Array | undefined;
  /** By domain. Not to be changed by who reads it. */
  readonly values: Int32Array;
  /** Over all domains. */
  readonly total: number;
}

/** Numbers in the sums of one cache at most: 64 MiB. */
const NUMBERS_MAX = 16 * 1024 * 1024;

/** How much room sums take: those asked for longest ago make room. */
export class SumsRoom {
  readonly #numbers = new Map<NodeCounts, number>();
  readonly #max: number;
  #total = 0;

  constructor(max: number = NUMBERS_MAX) {
    this.#max = max;
  }

  take(owner: NodeCounts, numbers: number): void {
    this.#total += numbers - (this.#numbers.get(owner) ?? 0);
    this.#numbers.delete(owner);
    this.#numbers.set(owner, numbers);
    for (const [oldest, size] of this.#numbers) {
      if (this.#total <= this.#max || oldest === owner) return;
      this.#total -= size;
      this.#numbers.delete(oldest);
      oldest.forgetSums();
    }
  }
}

/** Sums kept at most by one: as many as constraints and terms ask for one selector, and some that nodes have made out of date. */
const SUMS_MAX = 4;

export class NodeCounts {
  readonly #byNode = new Map<NodeInfo, number>();
  readonly #room: SumsRoom;
  /** The newest last. */
  #sums: { domains: Domains; eligible: Uint8Array | undefined; values: Int32Array; total: number }[] = [];

  constructor(room: SumsRoom) {
    this.#room = room;
  }

  /** How many nodes have any. */
  get size(): number {
    return this.#byNode.size;
  }

  get(node: NodeInfo): number {
    return this.#byNode.get(node) ?? 0;
  }

  /** Nodes that have any. */
  [Symbol.iterator](): IterableIterator<[NodeInfo, number]> {
    return this.#byNode.entries();
  }

  change(node: NodeInfo, by: number): void {
    const count = (this.#byNode.get(node) ?? 0) + by;
    if (count === 0) this.#byNode.delete(node);
    else this.#byNode.set(node, count);
    for (const sums of this.#sums) addTo(sums, node, by);
  }

  byDomain(domains: Domains, eligible?: Uint8Array): DomainSums {
    const known = this.#sums.find((s) => s.domains === domains && s.eligible === eligible);
    if (known) return known;
    const sums = { domains, eligible, values: new Int32Array(domains.count), total: 0 };
    for (const [node, count] of this.#byNode) addTo(sums, node, count);
    if (this.#sums.length >= SUMS_MAX) this.#sums.shift();
    this.#sums.push(sums);
    this.#room.take(
      this,
      this.#sums.reduce((n, { values }) => n + values.length, 0),
    );
    return sums;
  }

  /** They are made anew when asked for. */
  forgetSums(): void {
    this.#sums = [];
  }
}

function addTo(
  sums: { readonly domains: Domains; readonly eligible: Uint8Array | undefined; readonly values: Int32Array; total: number },
  { slot }: NodeInfo,
  by: number,
): void {
  const domain = sums.domains.ids[slot] ?? -1;
  if (domain < 0 || (sums.eligible && sums.eligible[slot] !== 1)) return;
  sums.values[domain]! += by;
  sums.total += by;
}
