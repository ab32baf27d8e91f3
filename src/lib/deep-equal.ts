/** Equality of JSON values. */

type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same JSON; a member that is `undefined` counts as absent. Shared parts cost nothing. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false;
    return true;
  }
  for (const key in a) if (!deepEqual((a as Members)[key], (b as Members)[key])) return false;
  for (const key in b) if (!(key in a) && (b as Members)[key] !== undefined) return false;
  return true;
}
