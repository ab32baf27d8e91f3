/** Indexes of a Job in their short form, `0-3,5`. @see kubernetes pkg/apis/batch/validation/validation.go (validateIndexesFormat) */
import { goQuote } from "../../../lib/go-text.ts";

type Interval = readonly [from: number, to: number];

/** How many there are below `completions`; the first thing that is wrong with them. */
export function readIndexes(text: string, completions: number): { readonly total: number } | { readonly error: string } {
  let total = 0;
  let last: number | undefined;
  for (const part of text === "" ? [] : text.split(",")) {
    const interval = readInterval(part, completions);
    if (typeof interval === "string") return { error: interval };
    const [from, to] = interval;
    if (last !== undefined && last >= from) return { error: `non-increasing order, previous: ${last}, current: ${from}` };
    total += to - from + 1;
    last = to;
  }
  return { total };
}

function readInterval(text: string, completions: number): Interval | string {
  const limits = text.split("-");
  if (limits.length > 2)
    return `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const read: number[] = [];
  for (const limit of limits) {
    if (!/^\+?\d+$/.test(limit)) return `cannot convert string to integer for index: ${goQuote(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${goQuote(limit)}`;
    read.push(Number(limit));
  }
  const [from = 0, to = from] = read;
  return limits.length > 1 && from >= to ? `non-increasing order, previous: ${from}, current: ${to}` : [from, to];
}

/** The first index that both have; parts that cannot be read have none. */
export function firstOverlap(a: string, b: string, completions: number): number | undefined {
  if (a === "" || b === "") return undefined;
  const intervals = (text: string): Interval[] =>
    text.split(",").flatMap((part) => {
      const read = readInterval(part, completions);
      return typeof read === "string" ? [] : [read];
    });
  const [as, bs] = [intervals(a), intervals(b)];
  for (let i = 0, k = 0; i < as.length && k < bs.length; ) {
    const [[fromA, toA], [fromB, toB]] = [as[i]!, bs[k]!];
    if (fromA <= toB && fromB <= toA) return Math.max(fromA, fromB);
    if (fromA <= fromB) i++;
    else k++;
  }
  return undefined;
}
