/**
 * What an object's type says beside its shape: the names of its ports, the keys of its data. Only types: nothing of it exists at run time.
 * Objects that come without (made by a plain constructor) take any name, and the helpers look for it when they run.
 */

declare const PORTS: unique symbol;
declare const KEYS: unique symbol;

/** Has ports of these names. */
export interface WithPorts<Port extends string> {
  readonly [PORTS]?: Port;
}

/** Has data of these keys. */
export interface WithKeys<Key extends string> {
  readonly [KEYS]?: Key;
}

/** The object without the fields that are undefined. */
export function compact<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** `"http", "metrics"`, or `none`. */
export function listed(names: Iterable<string>): string {
  const shown = [...names].map((n) => JSON.stringify(n));
  return shown.length === 0 ? "none" : shown.join(", ");
}
