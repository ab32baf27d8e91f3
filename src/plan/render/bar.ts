/** A share of something as a small picture. */

export interface Bar {
  /** Cells that were full before and still are; that came; that went; that are free. */
  readonly kept: number;
  readonly added: number;
  readonly freed: number;
  readonly free: number;
}

/** Of so many cells; a share above zero has at least one, and only a full one has all. */
export function barOf(percentBefore: number, percentAfter: number, cells: number): Bar {
  const was = cellsOf(percentBefore, cells);
  const is = cellsOf(percentAfter, cells);
  const kept = Math.min(was, is);
  return { kept, added: is - kept, freed: was - kept, free: cells - Math.max(was, is) };
}

function cellsOf(percent: number, cells: number): number {
  if (percent <= 0) return 0;
  if (percent >= 100) return cells;
  return Math.min(cells - 1, Math.max(1, Math.round((percent * cells) / 100)));
}

export const BAR_CELLS = { kept: "█", added: "▓", freed: "▒", free: "░" } as const;

export function showBar(bar: Bar): string {
  return (
    BAR_CELLS.kept.repeat(bar.kept) +
    BAR_CELLS.added.repeat(bar.added) +
    BAR_CELLS.freed.repeat(bar.freed) +
    BAR_CELLS.free.repeat(bar.free)
  );
}
