/** Defaulting functions change the object that they are given, in place: it is their caller's own, fresh from the decoder. */

/** What may be changed, all the way down. */
export type Draft<T> = T extends string | number | boolean | null | undefined ? T : { -readonly [K in keyof T]: Draft<T[K]> };

/** Fields that are absent take the value given for them. */
export function fill<T extends object>(own: T, defaults: Partial<T>): void {
  for (const key in defaults) if (own[key] === undefined) own[key] = defaults[key] as T[typeof key];
}
