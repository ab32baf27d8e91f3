/**
 * Two texts' difference, as Go's difflib writes it: hunks with three lines around them, without file names.
 * @see github.com/pmezard/go-difflib, after Python's difflib (SequenceMatcher)
 */

const CONTEXT = 3;
/** From so many lines on, lines that occur too often are no anchors. */
const POPULAR_FROM = 200;

type Opcode = readonly [tag: "equal" | "replace" | "delete" | "insert", a1: number, a2: number, b1: number, b2: number];
type Block = readonly [a: number, b: number, size: number];

export function unifiedDiff(a: string, b: string): string {
  const [linesA, linesB] = [splitLines(a), splitLines(b)];
  let out = "";
  for (const group of grouped(opcodes(matchingBlocks(linesA, linesB)))) {
    const [first, last] = [group[0]!, group.at(-1)!];
    out += `@@ -${range(first[1], last[2])} +${range(first[3], last[4])} @@\n`;
    for (const [tag, a1, a2, b1, b2] of group) {
      if (tag === "equal") out += prefixed(" ", linesA.slice(a1, a2));
      else out += prefixed("-", linesA.slice(a1, a2)) + prefixed("+", linesB.slice(b1, b2));
    }
  }
  return out;
}

const prefixed = (sign: string, lines: readonly string[]): string => lines.map((line) => sign + line).join("");
/** The last line has an end, too. */
const splitLines = (text: string): readonly string[] => text.split("\n").map((line) => `${line}\n`);

function range(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return `${start + 1}`;
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Where each line of `b` is; those that occur in more than one of a hundred are left out of long texts. */
function indexOf(b: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const at = new Map<string, number[]>();
  for (const [i, line] of b.entries()) {
    const places = at.get(line);
    if (places) places.push(i);
    else at.set(line, [i]);
  }
  const max = Math.floor(b.length / 100) + 1;
  if (b.length >= POPULAR_FROM) for (const [line, places] of at) if (places.length > max) at.delete(line);
  return at;
}

function matchingBlocks(a: readonly string[], b: readonly string[]): readonly Block[] {
  const at = indexOf(b);
  const found: Block[] = [];
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [aLow, aHigh, bLow, bHigh] = next;
    const [i, j, size] = longestMatch(a, b, at, next);
    if (size === 0) continue;
    found.push([i, j, size]);
    if (aLow < i && bLow < j) queue.push([aLow, i, bLow, j]);
    if (i + size < aHigh && j + size < bHigh) queue.push([i + size, aHigh, j + size, bHigh]);
  }
  found.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  const joined: Block[] = [];
  for (const [i, j, size] of found) {
    const last = joined.at(-1);
    if (last && last[0] + last[2] === i && last[1] + last[2] === j) joined[joined.length - 1] = [last[0], last[1], last[2] + size];
    else joined.push([i, j, size]);
  }
  return [...joined, [a.length, b.length, 0]];
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  at: ReadonlyMap<string, readonly number[]>,
  [aLow, aHigh, bLow, bHigh]: readonly [number, number, number, number],
): Block {
  let [bestA, bestB, size] = [aLow, bLow, 0];
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of at.get(a[i]!) ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const k = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, k);
      if (k > size) [bestA, bestB, size] = [i - k + 1, j - k + 1, k];
    }
    lengths = next;
  }
  // Lines that are no anchors make a match longer.
  while (bestA > aLow && bestB > bLow && a[bestA - 1] === b[bestB - 1]) [bestA, bestB, size] = [bestA - 1, bestB - 1, size + 1];
  while (bestA + size < aHigh && bestB + size < bHigh && a[bestA + size] === b[bestB + size]) size++;
  return [bestA, bestB, size];
}

function opcodes(blocks: readonly Block[]): readonly Opcode[] {
  const out: Opcode[] = [];
  let [i, j] = [0, 0];
  for (const [a, b, size] of blocks) {
    if (i < a || j < b) out.push([i < a && j < b ? "replace" : i < a ? "delete" : "insert", i, a, j, b]);
    if (size > 0) out.push(["equal", a, a + size, b, b + size]);
    [i, j] = [a + size, b + size];
  }
  return out;
}

/** Changes with a few equal lines around them; what is far apart is a group of its own. */
function grouped(codes: readonly Opcode[]): readonly (readonly Opcode[])[] {
  const groups: Opcode[][] = [];
  let group: Opcode[] = [];
  for (const [n, [tag, a1, a2, b1, b2]] of codes.entries()) {
    if (tag !== "equal") {
      group.push([tag, a1, a2, b1, b2]);
      continue;
    }
    const isFirst = n === 0;
    const isLast = n === codes.length - 1;
    const [fromA, fromB] = isFirst ? [Math.max(a1, a2 - CONTEXT), Math.max(b1, b2 - CONTEXT)] : [a1, b1];
    const [toA, toB] = isLast ? [Math.min(a2, a1 + CONTEXT), Math.min(b2, b1 + CONTEXT)] : [a2, b2];
    if (!isFirst && !isLast && a2 - a1 > 2 * CONTEXT) {
      group.push(["equal", a1, a1 + CONTEXT, b1, b1 + CONTEXT]);
      groups.push(group);
      group = [["equal", a2 - CONTEXT, a2, b2 - CONTEXT, b2]];
    } else group.push(["equal", fromA, toA, fromB, toB]);
  }
  if (group.some(([tag]) => tag !== "equal")) groups.push(group);
  return groups;
}
