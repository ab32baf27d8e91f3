/** Which nodes changed, in order. Who keeps something by node reads on from where it stopped, instead of looking at all nodes anew. */

/** Changes remembered at most; who is further behind starts afresh. */
const CHANGES_MAX = 65_536;

export class ChangeLog {
  #slots: number[] = [];
  /** The number of the oldest change remembered. */
  #first = 0;
  /** What is before this number was read by somebody. */
  #readTo = 0;

  /** The number that the next change gets. */
  get end(): number {
    return this.#first + this.#slots.length;
  }

  push(slot: number): void {
    const slots = this.#slots;
    if (slots.length > 0 && slots[slots.length - 1] === slot && this.end > this.#readTo) return;
    if (slots.length >= CHANGES_MAX) {
      this.#first += CHANGES_MAX / 2;
      this.#slots = slots.slice(CHANGES_MAX / 2);
    }
    this.#slots.push(slot);
  }

  /** How many changes there are from that number on; infinite when some of them are forgotten. */
  countFrom(from: number): number {
    return from < this.#first ? Number.POSITIVE_INFINITY : this.end - from;
  }

  /** The slots of the nodes that changed from that number on, each as often as it changed: at least once since somebody last read. */
  readFrom(from: number): readonly number[] {
    this.#readTo = this.end;
    return this.#slots.slice(from - this.#first);
  }
}
