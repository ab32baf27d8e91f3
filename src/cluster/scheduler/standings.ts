/**
 * All nodes with their totals for identical Pods, such that the choice among those that a search would find takes time logarithmic in the
 * nodes. A tree over the order of nodes: each inner vertex knows how many nodes below will do, the best total among them, and how many
 * have it.
 *
 * Gives what `search` and `choose` give: of the feasible nodes of the window the one at the root of the heap. A vertex of that heap keeps
 * its place when none below is better; else the better child moves up, of equals the left one. So the root is the first of the best
 * nodes in pre-order, and the way to it goes down: left where there is a best node on the left, else right. What is below a vertex of the
 * heap is one run of nodes a level.
 */

/** What a search for feasible nodes ends with. */
export interface Standing {
  /** In the order of nodes; -1: no node will do. */
  readonly place: number;
  /** How many nodes of the window have the best total. */
  readonly size: number;
  /** How many nodes the search would have looked at. */
  readonly processed: number;
}

const REFUSED = Number.NEGATIVE_INFINITY;

export class Standings {
  readonly #nodes: number;
  /** A power of two: the leaves begin here. */
  readonly #leaves: number;
  readonly #feasible: Int32Array;
  readonly #best: Float64Array;
  readonly #ties: Int32Array;

  /** `totalAt`: by place in the order of nodes; `undefined`: the node will not do. */
  constructor(nodes: number, totalAt: (place: number) => number | undefined) {
    this.#nodes = nodes;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(nodes, 2)));
    this.#feasible = new Int32Array(2 * this.#leaves);
    this.#best = new Float64Array(2 * this.#leaves).fill(REFUSED);
    this.#ties = new Int32Array(2 * this.#leaves);
    for (let place = 0; place < nodes; place++) this.#setLeaf(place, totalAt(place));
    for (let v = this.#leaves - 1; v > 0; v--) this.#sum(v);
  }

  set(place: number, total: number | undefined): void {
    this.#setLeaf(place, total);
    for (let v = (this.#leaves + place) >> 1; v > 0; v >>= 1) this.#sum(v);
  }

  /** The choice among the first `wanted` nodes that will do, from a place on and round. */
  choose(start: number, wanted: number): Standing {
    const all = this.#feasible[1]!;
    if (all === 0 || wanted < 1) return { place: -1, size: 0, processed: all === 0 ? this.#nodes : 0 };
    const count = Math.min(all, wanted);
    const from = this.#before(start);
    const last = this.#placeOf(from + count - 1);
    const processed = all < wanted ? this.#nodes : ((last - start + this.#nodes) % this.#nodes) + 1;
    const first = this.#placeOf(from);
    const best = this.#bestBetween(first, last);
    const size = this.#countBetween(first, last, best);
    return { place: size === 1 ? this.#find(first, last, best) : this.#root(from, count, best), size, processed };
  }

  #setLeaf(place: number, total: number | undefined): void {
    const v = this.#leaves + place;
    this.#feasible[v] = this.#ties[v] = total === undefined ? 0 : 1;
    this.#best[v] = total ?? REFUSED;
  }

  #sum(v: number): void {
    const left = 2 * v;
    const right = left + 1;
    const a = this.#best[left]!;
    const b = this.#best[right]!;
    this.#feasible[v] = this.#feasible[left]! + this.#feasible[right]!;
    this.#best[v] = Math.max(a, b);
    this.#ties[v] = (a >= b ? this.#ties[left]! : 0) + (b >= a ? this.#ties[right]! : 0);
  }

  /** The root of the heap over `count` nodes that will do, the `from`-th of all being the heap's first. */
  #root(from: number, count: number, best: number): number {
    for (let i = 0; i < count; ) {
      const place = this.#placeOf(from + i);
      if (this.#best[this.#leaves + place] === best) return place;
      const left = 2 * i + 1;
      i = this.#isBelow(left, from, count, best) ? left : left + 1;
    }
    return -1;
  }

  /** Whether a vertex of the heap or one below it has the best total. */
  #isBelow(vertex: number, from: number, count: number, best: number): boolean {
    let [first, length] = [vertex, 1];
    for (; first < count; first = 2 * first + 1, length *= 2) {
      const last = Math.min(first + length, count) - 1;
      if (this.#find(this.#placeOf(from + first), this.#placeOf(from + last), best) >= 0) return true;
    }
    return false;
  }

  /** How many nodes before a place will do. */
  #before(place: number): number {
    let count = 0;
    for (let v = this.#leaves + place; v > 1; v >>= 1) if (v & 1) count += this.#feasible[v - 1]!;
    return count;
  }

  /** The place of the n-th node that will do, counted from 0 and round. */
  #placeOf(n: number): number {
    const all = this.#feasible[1]!;
    let rest = n >= all ? n - all : n;
    if (all === this.#nodes) return rest;
    let v = 1;
    while (v < this.#leaves) {
      v *= 2;
      const left = this.#feasible[v]!;
      if (rest < left) continue;
      rest -= left;
      v++;
    }
    return v - this.#leaves;
  }

  /** From one place to another, both included; round when the second is the lesser. */
  #bestBetween(first: number, last: number): number {
    if (first > last) return Math.max(this.#bestBetween(first, this.#nodes - 1), this.#bestBetween(0, last));
    let best = REFUSED;
    for (let l = this.#leaves + first, r = this.#leaves + last + 1; l < r; l >>= 1, r >>= 1) {
      if (l & 1) best = Math.max(best, this.#best[l++]!);
      if (r & 1) best = Math.max(best, this.#best[--r]!);
    }
    return best;
  }

  #countBetween(first: number, last: number, best: number): number {
    if (first > last) return this.#countBetween(first, this.#nodes - 1, best) + this.#countBetween(0, last, best);
    let count = 0;
    for (let l = this.#leaves + first, r = this.#leaves + last + 1; l < r; l >>= 1, r >>= 1) {
      if (l & 1 && this.#best[l++] === best) count += this.#ties[l - 1]!;
      if (r & 1 && this.#best[--r] === best) count += this.#ties[r]!;
    }
    return count;
  }

  /** A node with the best total between two places; -1: none. */
  #find(first: number, last: number, best: number): number {
    if (first > last) {
      const place = this.#find(first, this.#nodes - 1, best);
      return place >= 0 ? place : this.#find(0, last, best);
    }
    for (let l = this.#leaves + first, r = this.#leaves + last + 1; l < r; l >>= 1, r >>= 1) {
      if (l & 1 && this.#best[l++] === best) return this.#down(l - 1, best);
      if (r & 1 && this.#best[--r] === best) return this.#down(r, best);
    }
    return -1;
  }

  #down(vertex: number, best: number): number {
    let v = vertex;
    while (v < this.#leaves) v = this.#best[2 * v] === best ? 2 * v : 2 * v + 1;
    return v - this.#leaves;
  }
}
