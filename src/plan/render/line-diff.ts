/** Texts of several lines, line by line. */

export interface DiffLine {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** Lines of context around a change; lines compared at most (longer texts are shown as one value); lines shown at most. */
const CONTEXT = 1;
const COMPARED_MAX = 400;
const SHOWN_MAX = 60;

/** Nothing when the two are not both texts, or neither has several lines. */
export function changedLines(before: unknown, after: unknown): readonly DiffLine[] | undefined {
  if (typeof before !== "string" || typeof after !== "string" || !(before.includes("\n") || after.includes("\n"))) return undefined;
  const a = before.split("\n");
  const b = after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  if (middleA.length > COMPARED_MAX || middleB.length > COMPARED_MAX) return undefined;
  const lines: DiffLine[] = [
    ...a.slice(Math.max(0, head - CONTEXT), head).map((text) => ({ sign: " " as const, text })),
    ...compared(middleA, middleB),
    ...a.slice(a.length - tail, a.length - tail + CONTEXT).map((text) => ({ sign: " " as const, text })),
  ];
  const shown = withoutLongContext(lines);
  if (shown.length <= SHOWN_MAX) return shown;
  return [...shown.slice(0, SHOWN_MAX), { sign: " ", text: `… ${shown.length - SHOWN_MAX} more lines` }];
}

/** The longest common subsequence, by the usual table. */
function compared(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const out: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ sign: " ", text: a[i] ?? "" });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)))
      out.push({ sign: "-", text: a[i++] ?? "" });
    else out.push({ sign: "+", text: b[j++] ?? "" });
  }
  return out;
}

function withoutLongContext(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = (i: number): boolean => {
    for (let d = -CONTEXT; d <= CONTEXT; d++) if ((lines[i + d]?.sign ?? " ") !== " ") return true;
    return false;
  };
  return lines.filter((l, i) => l.sign !== " " || near(i));
}
