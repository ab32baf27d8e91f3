/** A copy of free-form JSON, without recursion; `undefined` when it nests deeper than the API server allows. */

/** @see Go encoding/json maxNestingDepth */
const DEPTH_MAX = 10_000;

type Container = unknown[] | Record<string, unknown>;

export function copyFreeForm(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const root = emptyLike(value);
  const open: { from: object; to: Container; depth: number }[] = [{ from: value, to: root, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { from, to, depth } = next;
    if (depth > DEPTH_MAX) return undefined;
    for (const [key, v] of Object.entries(from)) {
      if (v === undefined) continue;
      let copy: unknown = v;
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

function emptyLike(value: object): Container {
  return Array.isArray(value) ? [] : {};
}
