/** Tables of a terminal: columns as wide as what is in them. */
import { clip, displayWidth, pad, padStart } from "../../lib/display-width.ts";

export interface Cell {
  readonly text: string;
  /** Applied after the width is known. */
  readonly paint?: (text: string) => string;
  readonly right?: boolean;
}

/** Widest cell that is not cut. */
const CELL_COLUMNS_MAX = 60;

/** Lines without an end of line; the last column is not filled up. */
export function table(rows: readonly (readonly Cell[])[], columns: number, indent: string): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.min(CELL_COLUMNS_MAX, Math.max(widths[i] ?? 0, displayWidth(cell.text)));
  shrinkToFit(widths, columns - indent.length);
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const width = widths[i] ?? 0;
      const text = clip(cell.text, width);
      const filled = cell.right ? padStart(text, width) : i === row.length - 1 ? text : pad(text, width);
      return cell.paint ? cell.paint(filled) : filled;
    });
    return (indent + cells.join("  ")).trimEnd();
  });
}

/** Takes from the widest column until the line fits, but leaves each 12. */
function shrinkToFit(widths: number[], columns: number): void {
  const total = (): number => widths.reduce((sum, w) => sum + w + 2, -2);
  while (total() > columns) {
    const widest = widths.reduce((best, w, i) => (w > (widths[best] ?? 0) ? i : best), 0);
    const width = widths[widest] ?? 0;
    if (width <= 12) return;
    widths[widest] = Math.max(12, width - (total() - columns));
  }
}
