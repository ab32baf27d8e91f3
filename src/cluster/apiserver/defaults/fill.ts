/** Copy-on-write helpers of the defaulting functions: what needs no default is returned as it is. */

/** Fields that are absent take the value given for them. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  let out = object;
  for (const key in defaults) {
    if (object[key] !== undefined || defaults[key] === undefined) continue;
    if (out === object) out = { ...object };
    out[key] = defaults[key] as T[typeof key];
  }
  return out;
}

/** One field, where it is present, through a function. */
export function change<T extends object, K extends keyof T>(object: T, key: K, by: (value: NonNullable<T[K]>) => T[K]): T {
  const value = object[key];
  if (value === undefined || value === null) return object;
  const changed = by(value);
  return changed === value ? object : { ...object, [key]: changed };
}

/** Every item of a list through a function. */
export function each<T>(by: (item: T) => T): (list: readonly T[]) => readonly T[] {
  return (list) => {
    let out: T[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const item = list[i]!;
      const changed = by(item);
      if (changed !== item) {
        out ??= list.slice();
        out[i] = changed;
      }
    }
    return out ?? list;
  };
}
