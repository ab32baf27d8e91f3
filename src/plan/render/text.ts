/** The plan for a terminal. */
import { clip, displayWidth, padStart, visible, wrap } from "../../lib/display-width.ts";
import type { Action, Amount, Finding, ObjectChange, Plan, Severity } from "../schema.ts";
import { exactAmount, shortAmount } from "./amounts.ts";
import { BAR_CELLS, barOf } from "./bar.ts";
import { fixQuota, fixReady, fixWords } from "./fix-words.ts";
import { changedLines } from "./line-diff.ts";
import { type Color, type Paint, painter } from "./paint.ts";
import { mostTelling, moved, nodeState, nodesToShow, pendingGroups, quotaRowsToShow, rolloutsToShow, servicesToShow } from "./selection.ts";
import { type Cell, table } from "./table.ts";
import { eventObject, rolloutPictures, virtualTime } from "./timeline.ts";
import {
  assumptionWords,
  countsLine,
  findingWords,
  headline,
  type Part,
  type Parts,
  pendingWords,
  plural,
  podsLine,
  rolloutSteps,
  rolloutWords,
  shortageWords,
  showName,
  showPlace,
  showRef,
  showSource,
  showValue,
} from "./words.ts";

export interface TextOptions {
  readonly colors: boolean;
  /** Of the terminal. */
  readonly columns: number;
}

/** Rows of one section at most; the JSON has all. */
const ROWS_MAX = 60;
const NODES_MAX = 30;
const FIELDS_MAX = 40;
const COLUMNS_MIN = 60;
const COLUMNS_MAX = 160;

interface Page {
  readonly plan: Plan;
  readonly paint: Paint;
  readonly columns: number;
}

export function renderText(plan: Plan, options: TextOptions): string {
  const page: Page = { plan, paint: painter(options.colors), columns: Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, options.columns)) };
  const sections = [
    head(page),
    findings(page),
    changes(page),
    pending(page),
    fixes(page),
    nodes(page),
    rollouts(page),
    quotas(page),
    services(page),
    timeline(page),
    foot(page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const MARKS: Readonly<Record<Severity, { readonly mark: string; readonly color: Color }>> = {
  error: { mark: "✗", color: "red" },
  warning: { mark: "!", color: "yellow" },
  info: { mark: "·", color: "dim" },
};

function head({ plan, paint, columns }: Page): readonly string[] {
  const { level } = plan.verdict;
  const { mark, color } = level === "healthy" ? ({ mark: "✓", color: "green" } as const) : MARKS[level];
  const pods = podsLine(plan);
  const phases = pods.phases.map((p) => (p.bad ? paint("red", p.text) : p.text)).join(", ");
  const base = plan.inputs.base === null ? "" : ` · base ${visible(plan.inputs.base)}`;
  return [
    ...wrap(headline(plan), columns - 2).map((line, i) => paint("bold", paint(color, i === 0 ? `${mark} ${line}` : `  ${line}`))),
    `  ${countsLine(plan)}${plan.counts.unchanged > 0 ? `, ${plan.counts.unchanged} unchanged` : ""} · ${pods.total}${phases === "" ? "" : ` (${phases})`}${base}`,
  ];
}

function findings(page: Page): readonly string[] {
  const { plan } = page;
  if (plan.findings.length === 0) return [];
  const shown = plan.findings.slice(0, ROWS_MAX);
  return [
    title(page, "Findings"),
    ...shown.flatMap((f) => findingLines(page, f)),
    ...more(page, plan.findings.length - shown.length, "finding"),
  ];
}

function findingLines({ paint, columns }: Page, f: Finding): readonly string[] {
  const { mark, color } = MARKS[f.severity];
  const words = findingWords(f);
  const base = words.base.length > 0 ? ` (base: ${plain(words.base)})` : "";
  const source = visible(showSource(f.source));
  const first = `${plain(words.subject)}: ${plain(words.now)}${base}`;
  const lines = wrap(first, columns - 4);
  const room = columns - 4 - displayWidth(lines.at(-1) ?? "");
  const tail =
    source === ""
      ? ""
      : room > displayWidth(source) + 1
        ? " ".repeat(room - displayWidth(source)) + paint("dim", source)
        : `\n      ${paint("dim", source)}`;
  // The scheduler's text stands under "Why Pending".
  const details = (f.code === "pods-pending" ? [] : words.details)
    .flatMap((d) => wrap(plain(d), columns - 6))
    .map((line) => `      ${paint("dim", line)}`);
  return [...lines.map((line, i) => `  ${i === 0 ? paint(color, mark) : " "} ${line}${i === lines.length - 1 ? tail : ""}`), ...details];
}

const SYMBOLS: Readonly<Record<Action, { readonly symbol: string; readonly color: Color }>> = {
  add: { symbol: "+", color: "green" },
  change: { symbol: "~", color: "yellow" },
  replace: { symbol: "-/+", color: "red" },
  destroy: { symbol: "-", color: "red" },
  refused: { symbol: "✗", color: "red" },
};

/** Those with something to read in them first. */
function changes(page: Page): readonly string[] {
  const { plan } = page;
  if (plan.changes.length === 0) return [];
  const shown = mostTelling(plan.changes, ROWS_MAX);
  const rows = shown.map((c) => c.object);
  const width = Math.min(page.columns - 30, Math.max(...rows.map((r) => displayWidth(visible(showRef(r))))));
  const file = commonFile(shown);
  return [
    `${title(page, "Changes")}${file === undefined ? "" : `  ${page.paint("dim", `in ${visible(file)}`)}`}`,
    ...shown.flatMap((c) => changeLines(page, c, width, file)),
    ...more(page, plan.changes.length - shown.length, "change"),
  ];
}

/** Changes from which on one file is named once, and then only lines. */
const ONE_FILE_CHANGES_MIN = 4;

function commonFile(list: readonly ObjectChange[]): string | undefined {
  const files = new Set(list.map((c) => c.source?.file));
  return files.size === 1 && list.length >= ONE_FILE_CHANGES_MIN ? list[0]?.source?.file : undefined;
}

function shortSource(source: ObjectChange["source"], file: string | undefined): string {
  if (!source) return "";
  return source.file === file ? `line ${source.line}` : visible(showPlace(source));
}

function changeLines(page: Page, c: ObjectChange, width: number, file: string | undefined): readonly string[] {
  const { paint } = page;
  const { symbol, color } = SYMBOLS[c.action];
  const name = clip(visible(showRef(c.object)), Math.max(width, 30));
  const source = shortSource(c.source, file);
  const gap = source === "" ? "" : `${" ".repeat(Math.max(2, width - displayWidth(name) + 2))}${paint("dim", source)}`;
  const fields = c.fields.slice(0, FIELDS_MAX).flatMap((f) => fieldLines(page, f, source, file));
  const rest = c.fields.length - FIELDS_MAX;
  return [
    `${paint(color, symbol.padStart(3))} ${name}${gap}`,
    ...fields,
    ...(rest > 0 ? [`      ${paint("dim", `… and ${plural(rest, "more field")}`)}`] : []),
  ];
}

function fieldLines(
  { paint, columns }: Page,
  f: ObjectChange["fields"][number],
  objectSource: string,
  file: string | undefined,
): readonly string[] {
  const path = visible(f.path);
  const own = shortSource(f.source, file);
  const source = own === "" || own === objectSource ? "" : `  ${paint("dim", own)}`;
  const value = (v: unknown): string => visible(showValue(v, Math.max(24, columns - 40)));
  if (f.action === "add") return [`      ${paint("green", "+")} ${path}: ${value(f.after)}${source}`];
  if (f.action === "remove") return [`      ${paint("red", "-")} ${path}: ${value(f.before)}${source}`];
  const lines = changedLines(f.before, f.after);
  if (!lines) return [`      ${paint("yellow", "~")} ${path}: ${value(f.before)} → ${paint("bold", value(f.after))}${source}`];
  const color = { "+": "green", "-": "red", " ": "dim" } as const;
  return [
    `      ${paint("yellow", "~")} ${path}:${source}`,
    ...lines.map((l) => `          ${paint(color[l.sign], `${l.sign} ${clip(visible(l.text), columns - 12)}`)}`),
  ];
}

function pending(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const groups = pendingGroups(plan);
  if (groups.length === 0) return [];
  const shown = groups.slice(0, ROWS_MAX);
  const lines = shown.flatMap((g) => {
    const { message = "", shortages = [] } = g.workloads[0] ?? {};
    return [
      ...wrap(plain(pendingWords(g)), columns - 4).map((line, i) => `  ${i > 0 ? "  " : ""}${line}`),
      ...wrap(visible(message === "" ? "the scheduler has not said why" : message), columns - 4).map((line) => `    ${paint("dim", line)}`),
      ...shortages.flatMap((s) => wrap(plain(shortageWords(s)), columns - 4).map((line) => `    ${line}`)),
    ];
  });
  return [title(page, "Why Pending"), ...lines, ...more(page, groups.length - shown.length, "reason")];
}

function fixes(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  if (plan.fixes.length === 0) return [];
  const several = new Set(plan.fixes.map((f) => showRef(f.owner))).size > 1;
  const rows = plan.fixes.map((f): readonly Cell[] => [
    ...(several ? [{ text: visible(showName(f.owner)) }] : []),
    { text: plain(fixWords(f)) },
    { text: `${fixReady(f)} ready`, paint: (text) => paint("green", text) },
    { text: f.quotaPercent === null ? "" : `quota ${fixQuota(f)}` },
  ]);
  return [title(page, "Fixes (each tried in the simulation)"), ...table(rows, columns, "  ")];
}

function nodes(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  if (plan.nodes.length === 0) return [];
  const { shown, leftOut, empty } = nodesToShow(plan, NODES_MAX);
  const cells = columns >= 110 ? 20 : columns >= 90 ? 14 : 10;
  const bars = (before: number, after: number): Cell => {
    const bar = barOf(before, after, cells);
    const color: Color = after >= 95 ? "red" : after >= 80 ? "yellow" : "green";
    const text =
      BAR_CELLS.kept.repeat(bar.kept) +
      BAR_CELLS.added.repeat(bar.added) +
      BAR_CELLS.freed.repeat(bar.freed) +
      BAR_CELLS.free.repeat(bar.free);
    return { text, paint: (t) => paint(color, t) };
  };
  const amount = (a: {
    readonly before: string;
    readonly after: string;
    readonly allocatable: string;
    readonly percentAfter: number;
  }): Cell => ({
    text: `${a.before === a.after ? "" : `${shortAmount(a.before)}→`}${shortAmount(a.after)}/${shortAmount(a.allocatable)} ${a.percentAfter}%`,
  });
  const header: readonly Cell[] = ["NODE", "PODS", "CPU", "", "MEMORY", "", ""].map((text) => ({ text, paint: (t) => paint("dim", t) }));
  const useCells = (cpu: Amount, memory: Amount): readonly Cell[] => [
    bars(cpu.percentBefore, cpu.percentAfter),
    amount(cpu),
    bars(memory.percentBefore, memory.percentAfter),
    amount(memory),
  ];
  const rows = shown.map((n): readonly Cell[] => [
    { text: visible(n.name) },
    { text: moved(n.pods.before, n.pods.after) },
    ...useCells(n.cpu, n.memory),
    { text: visible(nodeState(n)), paint: (t) => paint("yellow", t) },
  ]);
  if (plan.nodes.length > 1)
    rows.push([{ text: `all ${plan.nodes.length}` }, { text: "" }, ...useCells(plan.capacity.cpu, plan.capacity.memory)]);
  const legend = `  ${paint("dim", `${BAR_CELLS.kept} before  ${BAR_CELLS.added} added  ${BAR_CELLS.freed} freed  ${BAR_CELLS.free} free (requested of allocatable)`)}`;
  return [
    title(page, "Nodes"),
    ...table([header, ...rows], columns, "  "),
    ...(leftOut > 0 ? [`  ${paint("dim", `… and ${plural(leftOut, "node")} more, none fuller (--format json has all)`)}`] : []),
    ...(empty > 0 ? [`  ${plural(empty, "node")} without a pod`] : []),
    legend,
  ];
}

function rollouts(page: Page): readonly string[] {
  const { plan, columns } = page;
  const { shown, complete } = rolloutsToShow(plan);
  if (shown.length + complete.length === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map((r): readonly Cell[] => [
    { text: visible(showRef(r.object)) },
    { text: plain(rolloutWords(r)), ...(r.outcome === "completes" ? {} : { paint: (t: string) => page.paint("yellow", t) }) },
    {
      text: !r.first && r.steps.length > 1 ? `available ≥ ${r.availableMin}, pods ≤ ${r.podsMax}` : "",
    },
  ]);
  const slowest = complete.reduce((most, r) => Math.max(most, r.seconds), 0);
  return [
    title(page, "Rollouts"),
    ...table(rows, columns, "  ").flatMap((line, i) => {
      const steps = rolloutSteps(shown[i]!);
      return steps ? [line, ...wrap(`new+old pods: ${steps}`, columns - 6).map((l) => `      ${page.paint("dim", l)}`)] : [line];
    }),
    ...more(page, shown.length - rows.length, "rollout"),
    ...(complete.length > 0
      ? [`  ${plural(complete.length, "first rollout completes", "first rollouts complete")} within ${slowest} s`]
      : []),
  ];
}

function quotas(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const { shown } = quotaRowsToShow(plan);
  if (shown.length === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map(({ quota, line }): readonly Cell[] => {
    const color: Color = line.percentAfter >= 100 ? "red" : line.percentAfter >= 90 ? "yellow" : "green";
    const bar = barOf(line.percentBefore ?? 0, line.percentAfter, 10);
    return [
      { text: visible(showName(quota.object)) },
      { text: visible(line.resource) },
      {
        text:
          BAR_CELLS.kept.repeat(bar.kept) +
          BAR_CELLS.added.repeat(bar.added) +
          BAR_CELLS.freed.repeat(bar.freed) +
          BAR_CELLS.free.repeat(bar.free),
        paint: (t) => paint(color, t),
      },
      {
        text: `${line.before === line.after ? "" : `${exactAmount(line.before)} → `}${exactAmount(line.after)} of ${exactAmount(line.hard)}`,
      },
      { text: `${line.percentAfter}%`, right: true },
    ];
  });
  const refused = plan.quotas.flatMap((q) =>
    q.refused.map(
      (r) => `  ${visible(showName(q.object))} keeps ${plural(r.pods, "pod")} of ${visible(showRef(r.workload))} from being made`,
    ),
  );
  return [title(page, "Quotas"), ...table(rows, columns, "  "), ...more(page, shown.length - rows.length, "line"), ...refused];
}

function services(page: Page): readonly string[] {
  const { plan, columns } = page;
  const { shown, ready } = servicesToShow(plan);
  if (shown.length + ready === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map((s): readonly Cell[] => [
    { text: visible(showName(s.object)) },
    {
      text: `${s.readyBefore === null ? "" : `${s.readyBefore} → `}${s.ready} ready${s.selected === null ? "" : ` of ${plural(s.selected, "pod")}`}`,
    },
  ]);
  const rest = ready > 0 ? [`  ${plural(ready, "service")}${shown.length > 0 ? " more" : ""}: every pod they select is ready`] : [];
  return [title(page, "Services"), ...table(rows, columns, "  "), ...more(page, shown.length - rows.length, "service"), ...rest];
}

/** Columns of a picture, events shown at most. */
const PICTURE_COLUMNS = 30;
const EVENTS_MAX = 12;

/** Only where something moves or goes wrong: of a first deployment that just works there is nothing to tell. */
function timeline(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const pictures = rolloutPictures(plan, PICTURE_COLUMNS).slice(0, ROWS_MAX);
  if (pictures.length === 0 && !plan.timeline.events.some((e) => e.type === "Warning")) return [];
  const { events, leftOut, seconds } = plan.timeline;
  const rows = pictures.map(({ rollout, blocks }): readonly Cell[] => [
    { text: visible(showRef(rollout.object)) },
    { text: blocks },
    { text: `${rollout.at} of ${rollout.desired} ready` },
  ]);
  const shown = events.slice(0, EVENTS_MAX);
  const times = shown.map((e) => virtualTime(e.atSeconds));
  const width = times.reduce((most, t) => Math.max(most, t.length), 0);
  const lines = shown.map((e, i) => {
    const words = clip(visible(`${eventObject(e)}  ${e.reason}: ${e.message}`), columns - width - 6);
    return `  ${paint("dim", padStart(times[i]!, width))} ${e.type === "Warning" ? paint("yellow", "!") : " "} ${words}`;
  });
  return [
    `${title(page, "Timeline")}  ${paint("dim", `virtual, ${virtualTime(seconds)}${rows.length > 0 ? "; a block is the fewest ready pods meanwhile" : ""}`)}`,
    ...table(rows, columns, "  "),
    ...lines,
    ...more(page, events.length - shown.length + leftOut, "event"),
  ];
}

function foot(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const list = (text: string): readonly string[] =>
    wrap(text, columns - 4).map((line, i) => paint("dim", `${i === 0 ? "  - " : "    "}${line}`));
  return [
    ...(plan.notSimulated.length > 0
      ? [title(page, "Accepted, not simulated"), ...plan.notSimulated.flatMap((kind) => list(visible(kind)))]
      : []),
    title(page, "Assumed"),
    ...plan.assumptions.flatMap((a) => list(plain(assumptionWords(a)))),
  ];
}

function title({ paint }: Page, text: string): string {
  return paint("bold", text);
}

function more({ paint }: Page, left: number, what: string): readonly string[] {
  return left > 0 ? [`  ${paint("dim", `… and ${plural(left, `more ${what}`)} (--format json has all)`)}`] : [];
}

/** The parts as plain text, with nothing in it that a terminal would obey. */
function plain(parts: Parts): string {
  return parts.map((p: Part) => visible(typeof p === "string" ? p : "code" in p ? p.code : "strong" in p ? p.strong : p.quote)).join("");
}
