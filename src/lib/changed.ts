/**
 * Copies of objects with some members changed: `{ ...object, ...changes }`, for the paths that every simulated write takes.
 *
 * V8 as of Node 20 gives the result of a spread a hidden class of its own, and each member that is added to it a further one, each time anew:
 * whoever reads such objects later finds no two alike. Copies made by a rest pattern have the same class for the same members.
 */
export function changed<T extends object>(object: T, changes: Partial<T>): T {
  const { ...copy } = object;
  return Object.assign(copy, changes);
}

/** The copy alone: for a caller that goes on to set its members. */
export function copied<T extends object>(object: T): { -readonly [K in keyof T]: T[K] } {
  const { ...copy } = object;
  return copy;
}
