/**
 * JSON patch: a list of operations, applied one after the other.
 * @see RFC 6902, RFC 6901 (pointers); what refusals say: evanphx/json-patch v4 patch.go
 */
import { deepEqual } from "../../../lib/deep-equal.ts";
import { goQuote } from "../../../lib/go-text.ts";

export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** More operations than this are refused. @see kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go (maxJSONPatchOperations) */
const OPERATIONS_MAX = 10_000;

type Result = { readonly value: unknown } | { readonly error: string };
type Step = { readonly value: unknown } | { readonly error: string };

/** The patched value, or why the patch does not apply. The target is not changed. */
export function jsonPatch(target: unknown, operations: readonly JsonPatchOperation[]): Result {
  if (operations.length > OPERATIONS_MAX)
    return { error: `The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${operations.length}` };
  let value = target;
  for (const operation of operations) {
    const step = applyOperation(value, operation);
    if ("error" in step) return step;
    value = step.value;
  }
  return { value };
}

function applyOperation(root: unknown, operation: JsonPatchOperation): Step {
  const path = parsePointer(operation.path);
  if (!path) return missingPath(operation);
  switch (operation.op) {
    case "add":
      return edit(root, path, operation, "add", operation.value);
    case "replace":
      return edit(root, path, operation, "replace", operation.value);
    case "remove":
      return edit(root, path, operation, "remove", undefined);
    case "test": {
      const found = lookUp(root, path);
      if (!found && !lookUp(root, path.slice(0, -1)))
        return { error: `test operation does not apply: is missing path: ${operation.path}: missing value` };
      const same = found ? deepEqual(found.value, operation.value) : operation.value === null;
      return same ? { value: root } : { error: `testing value ${operation.path} failed: test failed` };
    }
    case "move":
    case "copy": {
      const from = parsePointer(operation.from ?? "");
      if (!from) return { error: missingText(operation, "from path", operation.from ?? "") };
      const found = lookUp(root, from);
      if (!found) return { error: fromText(operation, lookUp(root, from.slice(0, -1)), from.at(-1) ?? "") };
      if (operation.op === "move" && path.length > from.length && from.every((part, i) => part === path[i]))
        return { error: "move operation does not apply: a value cannot be moved into itself" };
      const cleared: Step = operation.op === "move" ? edit(root, from, operation, "remove", undefined) : { value: root };
      return "error" in cleared ? cleared : edit(cleared.value, path, operation, "add", found.value);
    }
    default:
      return { error: `Unexpected kind: ${operation.op}` };
  }
}

/** `/a~1b/0` → [`a/b`, `0`]; undefined when it is no pointer. */
function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function lookUp(root: unknown, path: readonly string[]): { readonly value: unknown } | undefined {
  let value = root;
  for (const part of path) {
    if (Array.isArray(value)) {
      const i = indexOf(part, value.length - 1);
      if (i === undefined) return undefined;
      value = value[i];
    } else if (typeof value === "object" && value !== null && Object.hasOwn(value, part)) value = (value as Record<string, unknown>)[part];
    else return undefined;
  }
  return { value };
}

/** An index of a list, at most `max`; no leading zeros. */
function indexOf(part: string, max: number): number | undefined {
  if (!/^(0|[1-9][0-9]*)$/.test(part)) return undefined;
  const i = Number(part);
  return i <= max ? i : undefined;
}

function missingText({ op }: JsonPatchOperation, what: string, path: string): string {
  return `${op} operation does not apply: doc is missing ${what}: ${path}: missing value`;
}

/** The container at which an operation is aimed is not there. */
function missingPath(operation: JsonPatchOperation): { readonly error: string } {
  const { op, path } = operation;
  if (op === "move" || op === "copy") return { error: missingText(operation, "destination path", path) };
  return { error: missingText(operation, "path", op === "replace" ? path : goQuote(path)) };
}

/** The container is there, and has no such place. */
function missingKey(operation: JsonPatchOperation, how: "add" | "replace" | "remove", why: string): { readonly error: string } {
  const { op, path } = operation;
  if (how === "replace") return { error: missingText(operation, "key", path) };
  if (op === "copy") return { error: `error while adding value during copy: ${why}` };
  return { error: `error in ${op} for path: '${path}': ${why}` };
}

function fromText(operation: JsonPatchOperation, container: { readonly value: unknown } | undefined, key: string): string {
  if (typeof container?.value !== "object" || container.value === null) return missingText(operation, "from path", operation.from ?? "");
  const why = Array.isArray(container.value) ? indexText(key, false) : `unable to get nonexistent key: ${key}: missing value`;
  return operation.op === "move" ? `error in move for path: '${key}': ${why}` : `error in copy for from: '${operation.from}': ${why}`;
}

function indexText(part: string, adding: boolean): string {
  if (/^[+-]?\d+$/.test(part)) return `Unable to access invalid index: ${Number(part)}: invalid index referenced`;
  const parse = `strconv.Atoi: parsing ${goQuote(part)}: invalid syntax`;
  return adding ? `value was not a proper array index: '${part}': ${parse}` : parse;
}

/** A copy of `root` with the place at `path` changed. */
function edit(
  root: unknown,
  path: readonly string[],
  operation: JsonPatchOperation,
  how: "add" | "replace" | "remove",
  value: unknown,
): Step {
  const [part, ...rest] = path;
  if (part === undefined) return { value: how === "remove" ? null : value };
  if (Array.isArray(root)) {
    const isLast = rest.length === 0;
    const max = isLast && how === "add" ? root.length : root.length - 1;
    const i = part === "-" && isLast && how === "add" ? root.length : indexOf(part, max);
    if (i === undefined) return isLast ? missingKey(operation, how, indexText(part, how === "add")) : missingPath(operation);
    if (isLast) {
      if (how === "add") return { value: root.toSpliced(i, 0, value) };
      return { value: how === "remove" ? root.toSpliced(i, 1) : root.with(i, value) };
    }
    const inner = edit(root[i], rest, operation, how, value);
    return "error" in inner ? inner : { value: root.with(i, inner.value) };
  }
  if (typeof root !== "object" || root === null) return missingPath(operation);
  const map = root as Readonly<Record<string, unknown>>;
  if (rest.length === 0) {
    if (how !== "add" && !Object.hasOwn(map, part))
      return missingKey(operation, how, `Unable to remove nonexistent key: ${part}: missing value`);
    // A computed name is the object's own, also `__proto__`.
    if (how !== "remove") return { value: { ...map, [part]: value } };
    const { [part]: _, ...others } = map;
    return { value: others };
  }
  if (!Object.hasOwn(map, part)) return missingPath(operation);
  const inner = edit(map[part], rest, operation, how, value);
  return "error" in inner ? inner : { value: { ...map, [part]: inner.value } };
}
