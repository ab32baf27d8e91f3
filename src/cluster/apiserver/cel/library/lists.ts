/** Lists and sets. @see kubernetes …/apiserver/pkg/cel/library/lists.go; cel-go ext/lists.go, ext/sets.go, ext/math.go */

import { Duration } from "./duration.ts";
import { equal } from "./equal.ts";
import { CelError, type Library } from "./registrar.ts";

type List = readonly unknown[];

function compare(a: unknown, b: unknown): number {
  const [x, y] = [a, b].map((v) =>
    v instanceof Duration ? v.seconds * 1_000_000_000n + BigInt(v.nanos) : v instanceof Date ? v.getTime() : v,
  ) as [never, never];
  return x < y ? -1 : x > y ? 1 : 0;
}

function extreme(list: List, name: string, sign: 1 | -1): unknown {
  if (list.length === 0) throw new CelError(`${name} called on empty list`);
  return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function sum(list: List): unknown {
  if (list.some((v) => v instanceof Duration))
    return (list as readonly Duration[]).reduce(
      (total, d) => new Duration(total.seconds + d.seconds, total.nanos + d.nanos),
      new Duration(0n),
    );
  if (list.some((v) => typeof v === "number")) return list.reduce<number>((total, v) => total + Number(v), 0);
  return (list as readonly bigint[]).reduce((total, v) => total + v, 0n);
}

const has = (list: List, item: unknown): boolean => list.some((other) => equal(item, other));
const flatten = (list: List, depth: number): List =>
  list.flatMap((item) => (Array.isArray(item) ? (depth > 1 ? flatten(item, depth - 1) : item) : [item]));

function distinct(list: List): List {
  const out: unknown[] = [];
  for (const item of list) if (!has(out, item)) out.push(item);
  return out;
}

function slice(list: List, from: bigint, to: bigint): List {
  if (from < 0n || to < 0n) throw new CelError(`cannot slice(${from}, ${to}), negative indexes not supported`);
  if (from > to) throw new CelError(`cannot slice(${from}, ${to}), start index must be less than or equal to end index`);
  if (to > BigInt(list.length)) throw new CelError(`cannot slice(${from}, ${to}), list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}

/** Items that `lists.range` gives at most. */
const RANGE_MAX = 1_000_000n;

export const lists: Library = ({ add }) => {
  add("list.isSorted(): bool", (list: List) => list.every((item, i) => i === 0 || compare(list[i - 1], item) <= 0));
  add("list.sum(): dyn", sum);
  add("list.min(): dyn", (list: List) => extreme(list, "min", -1));
  add("list.max(): dyn", (list: List) => extreme(list, "max", 1));
  add("list.__indexOf(dyn): int", (list: List, item: unknown) => BigInt(list.findIndex((other) => equal(item, other))));
  add("list.__lastIndexOf(dyn): int", (list: List, item: unknown) => BigInt(list.findLastIndex((other) => equal(item, other))));
  add("list.includes(dyn): bool", has);
  add("list.slice(int, int): list", slice);
  add("list.flatten(): list", (list: List) => flatten(list, 1));
  add("list.flatten(int): list", (list: List, depth: bigint) => flatten(list, Number(depth)));
  add("list.distinct(): list", distinct);
  add("list.reverse(): list", (list: List) => [...list].reverse());
  add("list.sort(): list", (list: List) => [...list].sort(compare));
  add("list.__sorted(): list", (pairs: readonly (readonly [unknown, unknown])[]) =>
    [...pairs].sort((a, b) => compare(a[0], b[0])).map(([, item]) => item),
  );
  add("list.first(): optional", (list: List) => list[0]);
  add("list.last(): optional", (list: List) => list.at(-1));
  add("__lists_range(int): list<int>", (n: bigint) => {
    if (n > RANGE_MAX) throw new CelError(`lists.range(${n}) is too long`);
    return Array.from({ length: Number(n) }, (_, i) => BigInt(i));
  });
  add("__sets_contains(list, list): bool", (a: List, b: List) => b.every((item) => has(a, item)));
  add("__sets_equivalent(list, list): bool", (a: List, b: List) => b.every((item) => has(a, item)) && a.every((item) => has(b, item)));
  add("__sets_intersects(list, list): bool", (a: List, b: List) => b.some((item) => has(a, item)));
};
