/**
 * When identical Pods come one after another, their table's rows make standings: then the choice costs what changed since the Pod before,
 * not a walk over the nodes that are looked at.
 */
import type { ChangeLog } from "./change-log.ts";
import { Standings } from "./standings.ts";

/** Below this number of nodes to look at, walking is as fast. */
export const WINDOW_MIN = 32;
/** With more changes than this share of the nodes to look at, walking is faster. */
const CHANGES_SHARE = 1 / 16;

export class Ranking {
  /** Nothing but what is local had a say when nodes were last compared. */
  applies = false;
  #standings: Standings | undefined;
  /** Places of nodes that will do, whose scores before normalization are not all 0: then nodes cannot be told apart by their sums alone. */
  readonly #uneven = new Set<number>();
  /** Up to which change the standings are right. */
  #readTo = 0;
  #inARow = 0;
  /** How many Pods in a row make it worth while: twice as many each time that it was not. */
  #inARowMin = 2;

  /**
   * The standings brought up to date; `undefined` while they do not pay, or say too little. `rank`: the sum of a node's local scores,
   * `undefined` where it will not do, and `NaN` where it is not all.
   */
  current(
    nodes: number,
    wanted: number,
    changes: ChangeLog,
    placeOf: (slot: number) => number,
    rank: (place: number) => number | undefined,
  ): Standings | undefined {
    if (changes.countFrom(this.#readTo) > wanted * CHANGES_SHARE) {
      if (this.#standings) this.#inARowMin *= 2;
      this.#standings = undefined;
      this.#inARow = 0;
      this.#readTo = changes.end;
      return undefined;
    }
    const changed = changes.readFrom(this.#readTo);
    this.#readTo = changes.end;
    if (this.#standings) {
      for (const slot of changed) {
        const place = placeOf(slot);
        if (place >= 0) this.#standings.set(place, this.#rank(place, rank));
      }
    } else if (++this.#inARow >= this.#inARowMin && this.#inARow * wanted >= nodes) {
      this.#uneven.clear();
      this.#standings = new Standings(nodes, (place) => this.#rank(place, rank));
    }
    return this.#uneven.size === 0 ? this.#standings : undefined;
  }

  #rank(place: number, rank: (place: number) => number | undefined): number | undefined {
    const total = rank(place);
    this.#uneven.delete(place);
    if (total === undefined || !Number.isNaN(total)) return total;
    this.#uneven.add(place);
    return 0;
  }
}
