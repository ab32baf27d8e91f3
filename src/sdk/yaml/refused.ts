/** Why a value cannot be written, and where it is. Walks slowly and carefully: it runs only when the writer has already given up. */
import { NESTING_MAX } from "./nesting.ts";
import { isWellFormed } from "./scalar.ts";

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export interface RefusedValue {
  /** `spec.template.spec.containers[0].image`; empty for the value itself. */
  readonly path: string;
  /** Completes a sentence that begins with the path: `is a Date; write date.toISOString()`. */
  readonly why: string;
}

/** The first value below `root` that YAML for Kubernetes cannot hold. */
export function findRefused(root: unknown): RefusedValue | undefined {
  return visit(root, "", []);
}

function visit(value: unknown, path: string, parents: readonly object[]): RefusedValue | undefined {
  const why = whyNot(value, parents);
  if (why !== undefined) return { path, why };
  if (typeof value !== "object" || value === null) return undefined;
  const below = [...parents, value];
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const at = `${path}[${i}]`;
      if (value[i] === undefined) return { path: at, why: "is undefined; leave the item out, or write null" };
      const found = visit(value[i], at, below);
      if (found) return found;
    }
    return undefined;
  }
  for (const [key, item] of Object.entries(value)) {
    const at = PLAIN_NAME.test(key) ? (path === "" ? key : `${path}.${key}`) : `${path}[${JSON.stringify(key)}]`;
    if (!isWellFormed(key)) return { path: at, why: "has half of a surrogate pair in its name, which no UTF-8 text can hold" };
    const found = item === undefined ? undefined : visit(item, at, below);
    if (found) return found;
  }
  return undefined;
}

function whyNot(value: unknown, parents: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? undefined : "has half of a surrogate pair, which no UTF-8 text can hold";
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}; only finite numbers can be written`;
    case "bigint":
      return `is the bigint ${value}n; write a number or a string`;
    case "function":
      return `is a function${value.name ? ` (${value.name})` : ""}; call it, or leave the field out`;
    case "symbol":
      return "is a symbol; write a string";
    case "undefined":
      return "is undefined";
    case "object":
      return value === null ? undefined : whyNotObject(value, parents);
    default:
      return undefined;
  }
}

function whyNotObject(value: object, parents: readonly object[]): string | undefined {
  if (parents.includes(value)) return "contains itself";
  if (parents.length >= NESTING_MAX) return `is nested more than ${NESTING_MAX} levels deep`;
  if (Array.isArray(value) || isPlainObject(value)) return undefined;
  if (value instanceof Date) return "is a Date; write date.toISOString()";
  if (value instanceof Map) return "is a Map; write Object.fromEntries(map)";
  if (value instanceof Set) return "is a Set; write [...set]";
  if (value instanceof Promise) return "is a Promise; await it";
  if (ArrayBuffer.isView(value)) return 'is binary data; write Buffer.from(data).toString("base64")';
  return `is an instance of ${value.constructor?.name || "a class"}; only plain objects can be written`;
}

/** Of this realm or another (`vm`, a worker): a prototype that has no prototype, or none. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || (Object.getPrototypeOf(prototype) === null && !(value instanceof Map));
}
