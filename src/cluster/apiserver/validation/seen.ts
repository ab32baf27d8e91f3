/** Which texts there were before: for names that may not come twice. Most lists have one item or two, for which a set is too much. */
export class Seen {
  #first: string | undefined;
  #all: Set<string> | undefined;

  /** Whether the text came before; from now on it has. */
  repeats(text: string): boolean {
    if (this.#first === undefined) {
      this.#first = text;
      return false;
    }
    if (this.#first === text) return true;
    this.#all ??= new Set();
    const had = this.#all.size;
    return this.#all.add(text).size === had;
  }
}
