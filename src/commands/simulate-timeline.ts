/** The timeline of a played scenario as text: for each workload a small picture of its ready Pods, step by step, and a list of what happened. */
import type { PlayedStep } from "../cluster/scenario.ts";
import type { NodeTimeline, Timeline, WorkloadTimeline } from "../cluster/timeline.ts";
import { clip, displayWidth, pad } from "../lib/display-width.ts";
import { blockLine, type Episode, episodes, fewestReady, workLine } from "../plan/timeline.ts";
import { clock } from "./simulate-clock.ts";
import { jobLines, jobMoments, type Moment } from "./simulate-jobs.ts";

type Paint = (style: "bold" | "dim" | "red" | "yellow" | "green", text: string) => string;

/** Columns of all pictures together, and of one step. */
const PICTURE_COLUMNS = 72;
const STEP_COLUMNS_MAX = 10;
const STEP_COLUMNS_MIN = 2;
const NAME_COLUMNS_MAX = 44;
/** Lines of the pictures and of the list at most; the JSON has all. */
const WORKLOADS_MAX = 60;
const JOBS_MAX = 40;
const NODES_MAX = 20;
const MOMENTS_MAX = 60;

interface Segment {
  /** What stands above it: the number of its step. */
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly columns: number;
}

export function renderTimeline(timeline: Timeline, steps: readonly PlayedStep[], paint: Paint): readonly string[] {
  const workloads = timeline.workloads.filter((w) => w.points.some((p) => p.desired > 0));
  const nodes = timeline.nodes.filter((n) => n.points.some((p) => isNews(n, p)));
  const jobs = jobLines(timeline.jobs);
  if (workloads.length + nodes.length + jobs.length === 0 || timeline.toMs <= timeline.fromMs) return [];
  const segments = segmentsOf(steps);
  const shown = workloads.slice(0, WORKLOADS_MAX);
  const names = [
    ...shown.map(nameOf),
    ...jobs.slice(0, JOBS_MAX).map((j) => j.name),
    ...nodes.slice(0, NODES_MAX).map((n) => `Node ${n.name}`),
  ];
  const width = Math.min(NAME_COLUMNS_MAX, Math.max(...names.map(displayWidth)));
  const line = (name: string, picture: string, words: string): string =>
    `  ${pad(clip(name, width), width)}  ${picture}${words === "" ? "" : `  ${words}`}`.trimEnd();
  const out = [
    paint("bold", "Timeline (virtual)"),
    paint("dim", line("step", segments.map((s) => pad(clip(s.label, s.columns), s.columns)).join(" "), "")),
    ...shown.map((w) => line(nameOf(w), pictureOf(w, segments), outcomeOf(w))),
    ...more(workloads.length - shown.length, "workload", paint),
    ...jobs
      .slice(0, JOBS_MAX)
      .map((j) => line(j.name, segments.map((s) => workLine(j.runs, s.fromMs, s.toMs, s.columns)).join(" "), j.outcome)),
    ...more(jobs.length - JOBS_MAX, "job", paint),
    ...nodes.slice(0, NODES_MAX).map((n) => line(`Node ${n.name}`, nodePicture(n, segments), n.points.at(-1)!.state)),
    ...more(nodes.length - NODES_MAX, "node", paint),
    paint(
      "dim",
      `  Each step has ${segments[0]?.columns ?? 0} columns, however long it takes; a column is the fewest ready pods meanwhile: █ as many as ever wanted, · none${jobs.length > 0 ? "; of a job: ▪ pods at work, ✗ failed" : ""}.`,
    ),
  ];
  const moments = momentsOf(timeline).sort((a, b) => a.atMs - b.atMs);
  if (moments.length === 0) return out;
  const clocks = moments.slice(0, MOMENTS_MAX).map((m) => clock(m.atMs / 1000));
  const clockWidth = Math.max(...clocks.map((c) => c.length));
  return [
    ...out,
    "",
    ...moments.slice(0, MOMENTS_MAX).map((m, i) => `  ${paint("dim", clocks[i]!.padStart(clockWidth))}  ${m.text}`),
    ...more(moments.length - MOMENTS_MAX, "moment", paint),
  ];
}

function segmentsOf(steps: readonly PlayedStep[]): readonly Segment[] {
  const ms = (seconds: number): number => Math.round(seconds * 1000);
  const fits = Math.floor((PICTURE_COLUMNS + 1) / steps.length) - 1;
  if (fits >= STEP_COLUMNS_MIN) {
    const columns = Math.min(STEP_COLUMNS_MAX, fits);
    return steps.map((s, i) => ({ label: String(i + 1), fromMs: ms(s.fromSeconds), toMs: ms(s.atSeconds), columns }));
  }
  // So many steps that they have to share: time as it runs.
  return [
    { label: `1 to ${steps.length}`, fromMs: ms(steps[0]!.fromSeconds), toMs: ms(steps.at(-1)!.atSeconds), columns: PICTURE_COLUMNS },
  ];
}

function nameOf({ kind, namespace, name }: WorkloadTimeline): string {
  return `${kind} ${namespace}/${name}`;
}

function pictureOf({ points }: WorkloadTimeline, segments: readonly Segment[]): string {
  const full = points.reduce((most, p) => Math.max(most, p.desired), 0);
  return segments.map((s) => blockLine(fewestReady(points, s.fromMs, s.toMs, s.columns), full)).join(" ");
}

function outcomeOf({ points }: WorkloadTimeline): string {
  const last = points.at(-1)!;
  if (last.gone) return "deleted";
  return `${last.ready} of ${last.desired} ready`;
}

/** That a node comes and is cordoned is the step's doing; what it does by itself is news. */
function isNews(node: NodeTimeline, point: NodeTimeline["points"][number]): boolean {
  const before = node.points[node.points.indexOf(point) - 1];
  return before !== undefined && before.state !== point.state;
}

function nodePicture({ points }: NodeTimeline, segments: readonly Segment[]): string {
  const samples = points.map((p) => ({
    atMs: p.atMs,
    desired: 1,
    pods: 1,
    ready: p.state === "Ready" ? 1 : 0,
    ...(p.state === "gone" ? { gone: true as const } : {}),
  }));
  return segments.map((s) => blockLine(fewestReady(samples, s.fromMs, s.toMs, s.columns), 1)).join(" ");
}

/** When a workload was on its way, and what nodes did by themselves. */
function momentsOf(timeline: Timeline): Moment[] {
  const moments: Moment[] = timeline.workloads.flatMap((w) =>
    episodes(w.points).map((e) => ({ atMs: e.fromMs, text: `${nameOf(w)}: ${episodeWords(e)}` })),
  );
  moments.push(...jobMoments(timeline.jobs));
  for (const n of timeline.nodes)
    for (const p of n.points)
      if (isNews(n, p)) moments.push({ atMs: p.atMs, text: `Node ${n.name}: ${p.state === "Unknown" ? "no sign of life" : p.state}` });
  return moments;
}

function episodeWords({ fromMs, toMs, ready, desired, pods, first, deleted }: Episode): string {
  const seconds = toMs === undefined ? undefined : clock((toMs - fromMs) / 1000);
  const least = `${ready} of ${desired} ready at the least`;
  if (first && (deleted || seconds === undefined)) return `never complete: ${least}${deleted ? `, deleted after ${seconds}` : ""}`;
  if (first) return `complete after ${seconds}`;
  const surge = pods > desired ? `, up to ${pods} pods` : "";
  if (deleted) return `${least}${surge}, deleted after ${seconds}`;
  return `${least}${surge}, ${seconds === undefined ? "to the end" : `complete again after ${seconds}`}`;
}

function more(left: number, what: string, paint: Paint): readonly string[] {
  return left > 0 ? [`  ${paint("dim", `… and ${left} more ${what}${left === 1 ? "" : "s"} (--format json has all)`)}`] : [];
}
