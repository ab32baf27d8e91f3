/**
 * Sets of field paths, and their FieldsV1 form: `{"f:spec":{"f:replicas":{}}}`.
 *
 * A path is a list of elements, each kept in its FieldsV1 spelling: `f:NAME` a field, `k:{"name":"web"}` the item of a list with these keys,
 * `v:"x"` the item of a set, `i:0` the item of an atomic list.
 * @see structured-merge-diff fieldpath/set.go, fieldpath/serialize.go
 */

export type PathElement = string;

export interface FieldSet {
  /** Whether the path that leads here is itself in the set. */
  readonly member: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

const NO_CHILDREN: ReadonlyMap<PathElement, FieldSet> = new Map();
export const EMPTY_SET: FieldSet = { member: false, children: NO_CHILDREN };

/** A set under construction. */
export interface FieldSetBuilder extends FieldSet {
  member: boolean;
  readonly children: Map<PathElement, FieldSetBuilder>;
}

export function newFieldSet(): FieldSetBuilder {
  return { member: false, children: new Map() };
}

export function isEmptySet(set: FieldSet): boolean {
  if (set.member) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}

/** The node below an element, made when absent. */
export function descend(set: FieldSetBuilder, element: PathElement): FieldSetBuilder {
  let child = set.children.get(element);
  if (!child) {
    child = newFieldSet();
    set.children.set(element, child);
  }
  return child;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const other = children.get(element);
    children.set(element, other ? union(other, child) : child);
  }
  return { member: a.member || b.member, children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const both = other && intersection(child, other);
    if (both && !isEmptySet(both)) children.set(element, both);
  }
  return { member: a.member && b.member, children };
}

/** The paths of `a` that are not in `b`; what lies below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, false);
}

/** As `difference`, but what lies below a path of `b` goes too. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, true);
}

function without(a: FieldSet, b: FieldSet, recursive: boolean): FieldSet {
  if (recursive && b.member) return EMPTY_SET;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? without(child, other, recursive) : child;
    if (!isEmptySet(rest)) children.set(element, rest);
  }
  return { member: a.member && !b.member, children };
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a));
}

/** Every path, level by level as the real one walks: the members of a level, then what lies below. */
export function pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): readonly (readonly PathElement[])[] {
  const ordered = [...set.children].sort(([a], [b]) => compareElements(a, b));
  const out: (readonly PathElement[])[] = [];
  for (const [element, child] of ordered) if (child.member) out.push([...prefix, element]);
  for (const [element, child] of ordered) out.push(...pathsOf(child, [...prefix, element]));
  return out;
}

const RANK: Readonly<Record<string, number>> = { f: 0, k: 1, v: 2, i: 3 };

function compareElements(a: PathElement, b: PathElement): number {
  const rank = RANK[a[0]!]! - RANK[b[0]!]!;
  if (rank !== 0) return rank;
  if (a[0] === "f") return a < b ? -1 : a > b ? 1 : 0;
  return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
}

/** Numbers by value, text by code unit, keyed items key by key. */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "object" && typeof b === "object" && a && b) {
    for (const key of Object.keys(a)) {
      const order = compareValues((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
      if (order !== 0) return order;
    }
    return 0;
  }
  const [x, y] = [String(a), String(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]`. */
export function showPath(path: readonly PathElement[]): string {
  return path.map(showElement).join("");
}

export function showElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("i:")) return `[${rest}]`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Record<string, unknown>;
  return `[${Object.keys(keys)
    .map((k) => `${k}=${JSON.stringify(keys[k])}`)
    .join(",")}]`;
}

type FieldsV1 = { [element: string]: FieldsV1 };

/** The FieldsV1 object; a path that is in the set and has more below it carries a `.`. */
export function toFieldsV1(set: FieldSet): FieldsV1 {
  const out: FieldsV1 = {};
  for (const [element, child] of [...set.children].sort(([a], [b]) => compareElements(a, b))) {
    if (isEmptySet(child)) continue;
    const below = toFieldsV1(child);
    out[element] = child.member && Object.keys(below).length > 0 ? { ".": {}, ...below } : below;
  }
  return out;
}

/** Reads a FieldsV1 object; what is none gives the empty set. */
export function fromFieldsV1(fields: unknown): FieldSet {
  if (typeof fields !== "object" || fields === null) return EMPTY_SET;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, below] of Object.entries(fields)) {
    if (element === "." || !/^[fkvi]:/.test(element)) continue;
    const child = fromFieldsV1(below);
    const member = typeof below !== "object" || below === null || "." in below || Object.keys(below).length === 0;
    children.set(element, { member, children: child.children });
  }
  return { member: false, children };
}
