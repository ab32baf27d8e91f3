/** A played scenario as text: what each step was answered, and what changed with it. */
import { styleText } from "node:util";
import type { KubeObject } from "../api/object.ts";
import type { Played, PlayedStep } from "../cluster/scenario.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import { clock } from "./simulate-clock.ts";
import { renderTimeline } from "./simulate-timeline.ts";

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export function renderPlayed(about: string, { steps, timeline }: Played, colors: boolean): string {
  const paint: Paint = (style, text) => (colors ? styleText(style, text, { validateStream: false } as never) : text);
  const lines: string[] = about ? [paint("bold", about), ""] : [];
  steps.forEach((step, i) => {
    lines.push(paint("bold", `Step ${i + 1}: ${verbText(step.step)}`) + paint("dim", `  (until ${wholeClock(step.atSeconds)})`));
    step.answers.forEach((a) => {
      for (const w of a.warnings ?? []) lines.push(`  ${paint("yellow", w)}`);
      if (!a.ok) lines.push(`  ${paint("red", "✗")} ${(a.message ?? "").replaceAll("\n", "\n    ")}`);
    });
    const accepted = step.answers.filter((a) => a.ok).length;
    if (accepted > 0) lines.push(`  ${paint("green", "✓")} ${accepted} accepted`);
    lines.push(...changes(everything(steps[i - 1]), everything(step), paint).map((l) => `  ${l}`));
    const before = new Set((steps[i - 1]?.events ?? []).map(eventId));
    for (const e of step.events.filter((e) => e.type === "Warning" && !before.has(eventId(e))))
      lines.push(`  ${paint("yellow", "!")} ${e.object.replace(" /", " ")} ${e.reason}: ${e.message}`);
    lines.push("");
  });
  const pictures = renderTimeline(timeline, steps, paint);
  if (pictures.length > 0) lines.push(...pictures, "");
  return lines.join("\n");
}

const everything = (step: PlayedStep | undefined): readonly KubeObject[] => [...(step?.objects ?? []), ...(step?.customResources ?? [])];

const eventId = (e: ClusterEvent): string => `${e.object}\0${e.reason}\0${e.message}`;

function verbText(step: unknown): string {
  const { settle: _, ...verb } = step as Record<string, unknown>;
  const [[name, value] = ["", ""]] = Object.entries(verb);
  if (value === null || typeof value !== "object") return `${name} ${String(value)}`;
  if (Array.isArray(value)) return `${name} ${value.join(", ")}`;
  const { kind, name: object, namespace, ...rest } = value as Record<string, unknown>;
  const more = Object.entries(rest).map(([k, v]) => `${k}=${String(v)}`);
  return [name, `${String(kind)} ${namespace ? `${String(namespace)}/` : ""}${String(object)}`, ...more].join(" ");
}

function wholeClock(seconds: number): string {
  return clock(Math.round(seconds));
}

/** What the step changed: Pods by workload and node, workloads by their ready counts, everything else by name. */
function changes(before: readonly KubeObject[], after: readonly KubeObject[], paint: Paint): string[] {
  const was = new Map(before.map((o) => [idOf(o), o]));
  const is = new Map(after.map((o) => [idOf(o), o]));
  const out: string[] = [];
  for (const [id, o] of is) {
    if (BOOKKEEPING.has(o.kind)) continue;
    const old = was.get(id);
    const now = summary(o);
    if (!old) out.push(`${paint("green", "+")} ${id}${now ? `  ${now}` : ""}`);
    else if (summary(old) !== now) out.push(`${paint("yellow", "~")} ${id}  ${summary(old) || "–"} → ${now || "–"}`);
  }
  for (const [id, o] of was) if (!is.has(id) && !BOOKKEEPING.has(o.kind)) out.push(`${paint("red", "-")} ${id}`);
  return out;
}

/** Kept by the components for themselves: no news for a person. */
const BOOKKEEPING: ReadonlySet<string> = new Set(["Lease", "Endpoints", "ControllerRevision"]);

function idOf(o: KubeObject): string {
  return `${o.kind} ${o.metadata.namespace ? `${o.metadata.namespace}/` : ""}${o.metadata.name}`;
}

/** The few words by which a person tells how an object is. */
function summary(o: KubeObject): string {
  const { spec = {}, status = {} } = o as { spec?: Record<string, unknown>; status?: Record<string, unknown> };
  const ready = (Array.isArray(status["conditions"]) ? status["conditions"] : []).find((c: { type?: string }) => c.type === "Ready") as
    | { status?: string }
    | undefined;
  const terminating = o.metadata.deletionTimestamp ? " terminating" : "";
  switch (o.kind) {
    case "Pod":
      return `${String(status["phase"] ?? "Pending")}${ready?.status === "True" ? " ready" : ""}${spec["nodeName"] ? ` on ${String(spec["nodeName"])}` : ""}${terminating}`;
    case "Node":
      return `${ready?.status === "True" ? "Ready" : "NotReady"}${spec["unschedulable"] ? " cordoned" : ""}`;
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "ReplicationController":
      return `${Number(status["readyReplicas"] ?? 0)}/${Number(spec["replicas"] ?? 1)} ready${terminating}`;
    case "DaemonSet":
      return `${Number(status["numberReady"] ?? 0)}/${Number(status["desiredNumberScheduled"] ?? 0)} ready${terminating}`;
    case "Job":
      return `${Number(status["succeeded"] ?? 0)} succeeded, ${Number(status["failed"] ?? 0)} failed, ${Number(status["active"] ?? 0)} active`;
    case "EndpointSlice": {
      const endpoints = ((o as { endpoints?: readonly { conditions?: { ready?: boolean } }[] }).endpoints ?? []).filter(
        (e) => e.conditions?.ready !== false,
      );
      return `${endpoints.length} ready endpoints`;
    }
    default:
      return String(status["phase"] ?? "") + terminating;
  }
}
