/**
 * JSON merge patch.
 * @see RFC 7386
 */

import { copied } from "../../../lib/changed.ts";

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Maps are merged member by member, `null` removes, everything else replaces. The target is not changed; what the patch leaves alone is shared. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  let out: Record<string, unknown> = isMap(target) ? copied(target) : {};
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === undefined) continue;
    if (value === null) out = without(out, name);
    else set(out, name, mergePatch(Object.hasOwn(out, name) ? out[name] : undefined, value));
  }
  return out;
}

/** Not by `delete`, which leaves an object that V8 reads slowly from then on. */
function without(target: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(target, name)) return target;
  const { [name]: _, ...rest } = target;
  return rest;
}

/** Also where the name is `__proto__`. */
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}
