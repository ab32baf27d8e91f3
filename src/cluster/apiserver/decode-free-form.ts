/** A copy of free-form JSON, without recursion; `undefined` when it nests too deep. What JSON cannot hold is left out, as `JSON.stringify` does. */

/** Simplified: the real server allows 10,000 levels (Go encoding/json maxNestingDepth); what is kept is walked by functions that recur. */
export const DEPTH_MAX = 1_000;

type Container = unknown[] | Record<string, unknown>;

export function copyFreeForm(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return plainScalar(value) ?? null;
  const root = emptyLike(value);
  const open: { from: object; to: Container; depth: number }[] = [{ from: value, to: root, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { from, to, depth } = next;
    if (depth > DEPTH_MAX) return undefined;
    for (const [key, v] of Object.entries(from)) {
      let copy = plainScalar(v);
      if (copy === undefined) {
        if (!Array.isArray(to)) continue;
        copy = null;
      }
      if (typeof v === "object" && v !== null) {
        copy = emptyLike(v);
        open.push({ from: v, to: copy as Container, depth: depth + 1 });
      }
      if (Array.isArray(to)) to.push(copy);
      else if (key === "__proto__") Object.defineProperty(to, key, { value: copy, enumerable: true, writable: true, configurable: true });
      else to[key] = copy;
    }
  }
  return root;
}

/** Undefined for what is no JSON. A number is one of 64 bits, as in Go. */
function plainScalar(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}

function emptyLike(value: object): Container {
  return Array.isArray(value) ? [] : {};
}
