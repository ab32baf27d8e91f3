/** Who waits for what: Pods, by the name of the thing that may end their wait. */
export class Waiters {
  readonly #wake: (key: string) => void;
  readonly #byThing = new Map<string, Set<string>>();

  constructor(wake: (key: string) => void) {
    this.#wake = wake;
  }

  add(thing: string, key: string): void {
    const keys = this.#byThing.get(thing);
    if (keys) keys.add(key);
    else this.#byThing.set(thing, new Set([key]));
  }

  /** Wakes all who wait for the thing: they add themselves again if they have to. */
  wake(thing: string): void {
    if (this.#byThing.size === 0) return;
    const keys = this.#byThing.get(thing);
    if (!keys) return;
    this.#byThing.delete(thing);
    for (const key of keys) this.#wake(key);
  }

  remove(key: string): void {
    for (const [thing, keys] of this.#byThing) if (keys.delete(key) && keys.size === 0) this.#byThing.delete(thing);
  }
}
