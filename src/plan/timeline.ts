/**
 * What a timeline says, without a word for people: the fewest ready Pods over stretches of time, when a workload was on its way, and when a Job
 * had Pods at work.
 */

/** A state, from its instant to that of the next one. */
export interface Sample {
  readonly atMs: number;
  readonly desired: number;
  readonly ready: number;
  readonly pods: number;
  readonly gone?: true;
}

/** A time in which a workload was on its way: fewer Pods ready than wanted, or more Pods there than wanted. */
export interface Episode {
  readonly fromMs: number;
  /** `undefined`: it lasts to the end. */
  readonly toMs: number | undefined;
  /** The fewest that were ready meanwhile, and how many were wanted then. */
  readonly ready: number;
  readonly desired: number;
  /** The most that were there meanwhile. */
  readonly pods: number;
  /** Whether it had never been complete before. */
  readonly first: boolean;
  /** It ends because the workload was deleted. */
  readonly deleted?: true;
}

/** Two episodes with less than this between them are one, in milliseconds: a rollout is complete for moments on its way. */
const GAP_MS = 2000;

/**
 * The fewest ready Pods in each of so many equal parts of `[fromMs, toMs)`; `undefined` where there was no workload. What begins at `toMs` itself is
 * in none of them.
 */
export function fewestReady(samples: readonly Sample[], fromMs: number, toMs: number, columns: number): readonly (number | undefined)[] {
  const width = (toMs - fromMs) / columns;
  let next = 0;
  let now: Sample | undefined;
  const list: (number | undefined)[] = [];
  for (let column = 0; column < columns; column++) {
    const startMs = fromMs + column * width;
    const endMs = column === columns - 1 ? toMs : startMs + width;
    for (; next < samples.length && samples[next]!.atMs <= startMs; next++) now = samples[next];
    let fewest = now && !now.gone ? now.ready : undefined;
    for (; next < samples.length && samples[next]!.atMs < endMs; next++) {
      now = samples[next]!;
      if (!now.gone) fewest = Math.min(fewest ?? now.ready, now.ready);
    }
    list.push(fewest);
  }
  return list;
}

/** The times in which a workload was on its way, in order. */
export function episodes(samples: readonly Sample[]): readonly Episode[] {
  const list: Episode[] = [];
  let open: Episode | undefined;
  let complete = false;
  for (const s of samples) {
    const busy = !s.gone && (s.ready < s.desired || s.pods > s.desired);
    if (busy) {
      const last = list.at(-1);
      if (!open && last?.toMs !== undefined && s.atMs - last.toMs <= GAP_MS) open = list.pop();
      const worse = !open || s.desired - s.ready > open.desired - open.ready;
      open = {
        fromMs: open?.fromMs ?? s.atMs,
        toMs: undefined,
        ready: worse ? s.ready : open!.ready,
        desired: worse ? s.desired : open!.desired,
        pods: Math.max(open?.pods ?? 0, s.pods),
        first: open?.first ?? !complete,
      };
    } else if (open) {
      list.push({ ...open, toMs: s.atMs, ...(s.gone ? { deleted: true } : {}) });
      open = undefined;
    }
    if (s.gone) complete = false;
    else if (!busy && s.desired > 0) complete = true;
  }
  return open ? [...list, open] : list;
}

const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"] as const;

/** Counts as a line of blocks: full ones for `full` or more, the lowest for hardly any, `·` for none, a blank where there is nothing to count. */
export function blockLine(counts: readonly (number | undefined)[], full: number): string {
  return counts
    .map((n) => {
      if (n === undefined) return " ";
      if (n >= full) return "█";
      if (n <= 0) return "·";
      return LEVELS[Math.max(0, Math.floor((n * (LEVELS.length + 1)) / full) - 1)]!;
    })
    .join("");
}

/** What has an end: a Job, or one run of a CronJob. */
export interface Work {
  /** In order of time; Pods at work. */
  readonly steps: readonly { readonly atMs: number; readonly active: number }[];
  readonly outcome: "running" | "complete" | "failed" | "suspended";
}

const WORK = [" ", "·", "▪", "✗"] as const;

/** `▪` for Pods at work, `·` for a Job that waits, `✗` where one has failed, blanks before and after. Several lie on one line. */
export function workLine(works: readonly Work[], fromMs: number, toMs: number, columns: number): string {
  const cells = new Uint8Array(columns);
  const columnOf = (ms: number): number => Math.min(columns - 1, Math.max(0, Math.floor(((ms - fromMs) * columns) / (toMs - fromMs))));
  const mark = (startMs: number, endMs: number, level: number): void => {
    if (endMs < fromMs || startMs >= toMs) return;
    const last = endMs > startMs ? columnOf(endMs - 1) : columnOf(endMs);
    for (let c = columnOf(startMs); c <= last; c++) cells[c] = Math.max(cells[c]!, level);
  };
  for (const { steps, outcome } of works) {
    const over = outcome === "complete" || outcome === "failed";
    for (const [i, { atMs, active }] of steps.entries()) {
      const next = steps[i + 1]?.atMs;
      if (next === undefined && over) mark(atMs, atMs, outcome === "failed" ? 3 : 2);
      else mark(atMs, next ?? toMs, active > 0 ? 2 : 1);
    }
  }
  return [...cells].map((c) => WORK[c]!).join("");
}
