/**
 * Equality of values as Kubernetes compares them: an empty list or map, `null` and an absent member are all one (Go's nil and empty).
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/equality/semantic.go
 */

type Members = Readonly<Record<string, unknown>>;

export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!semanticEqual(a[i], b[i])) return false;
    return true;
  }
  for (const key in a as Members) if (!semanticEqual((a as Members)[key], (b as Members)[key])) return false;
  for (const key in b as Members) if (!(key in (a as Members)) && !isNothing((b as Members)[key])) return false;
  return true;
}

/** Absent, null, empty, or a map of nothing but absent members. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) if ((value as Members)[key] !== undefined) return false;
  return true;
}
