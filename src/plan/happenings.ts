/** What the components reported from the change on, in order of time: the plan's timeline. */
import type { ClusterEvent } from "../sim/recorder.ts";
import type { PlanTimeline, TimelineEvent } from "./schema.ts";
import type { Masker } from "./secrets.ts";
import { identityOf, type View, workloadOf } from "./view.ts";

/** Kept at most; a plan of thousands of workloads has more than anybody reads. */
const EVENTS_MAX = 500;

/** That a Pod or a ReplicaSet takes its ordinary course is told by the counts of its workload, and so are the runs of a CronJob. */
const ORDINARY: ReadonlySet<string> = new Set(["Pod", "ReplicaSet", "CronJob", "Endpoints", "EndpointSlice", "PersistentVolumeClaim"]);

/** One by one as Pods come and go: the counts tell it. */
const COUNTED: ReadonlySet<string> = new Set(["SuccessfulCreate", "SuccessfulDelete"]);

/** `healthy`: the identities of the workloads that are as they should be in the end. */
export function timelineOf(before: View, after: View, healthy: ReadonlySet<string>, moving: readonly Moving[], mask: Masker): PlanTimeline {
  const startMs = before.snapshot.atMs;
  const routine = new Set(after.snapshot.jobs.filter((run) => run.cronJob !== null).map((run) => `Job ${run.namespace}/${run.name}`));
  const told = together(
    after.snapshot.events.filter((e) => e.firstAtMs >= startMs && isNews(e) && !(e.type === "Normal" && routine.has(e.object))),
  );
  const events = told.slice(0, EVENTS_MAX).map(
    ({ event, objects, lastAtMs }): TimelineEvent => ({
      atSeconds: tenths(event.firstAtMs - startMs),
      untilSeconds: tenths(lastAtMs - startMs),
      type: event.type,
      object: event.object.replace(" /", " "),
      others: objects.length - 1,
      reason: event.reason,
      message: mask(event.message),
      passes: event.type === "Warning" && objects.every((object) => passes(after, healthy, object)),
    }),
  );
  // That something is said again is no news: what waits is told of every few minutes, for ever.
  const ends = [...moving.map((r) => r.steps.at(-1)?.atSeconds ?? 0), ...told.map((t) => tenths(t.event.firstAtMs - startMs))];
  return { seconds: ends.reduce((most, s) => Math.max(most, s), 0), events, leftOut: told.length - events.length };
}

/** The kinds through which a workload comes to its Pods. */
const MAKERS: Readonly<Record<string, string>> = {
  Pod: "v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  ReplicationController: "v1",
  Job: "batch/v1",
};

/** A Pod that is gone has been replaced: its workload is not known any more, and neither is its trouble. */
function passes(after: View, healthy: ReadonlySet<string>, about: string): boolean {
  const [, kind = "", namespace = "", name = ""] = /^(\S+) ([^/]*)\/(.*)$/.exec(about) ?? [];
  const apiVersion = MAKERS[kind];
  if (apiVersion === undefined) return false;
  const object = after.byIdentity.get(identityOf({ apiVersion, kind, metadata: { name, namespace } }));
  return object === undefined ? kind === "Pod" : healthy.has(identityOf(workloadOf(after.byIdentity, object)));
}

/** A rollout or a Job: what it does is told elsewhere. */
interface Moving {
  readonly steps: readonly { readonly atSeconds: number }[];
}

function isNews(event: ClusterEvent): boolean {
  if (event.type === "Normal" && COUNTED.has(event.reason)) return false;
  return event.type === "Warning" || !ORDINARY.has(event.object.slice(0, event.object.indexOf(" ")));
}

interface Told {
  readonly event: ClusterEvent;
  /** Of the same kind and namespace, of which the same was said. */
  readonly objects: readonly string[];
  readonly lastAtMs: number;
}

/** The same words about several objects of a kind and namespace are one entry, at the time of the first. */
function together(events: readonly ClusterEvent[]): readonly Told[] {
  const groups = new Map<string, { event: ClusterEvent; objects: Set<string>; lastAtMs: number }>();
  for (const event of [...events].sort((a, b) => a.firstAtMs - b.firstAtMs)) {
    const where = event.object.slice(0, event.object.indexOf("/"));
    const id = JSON.stringify([where, event.type, event.reason, event.message]);
    const group = groups.get(id);
    if (group) {
      group.objects.add(event.object);
      group.lastAtMs = Math.max(group.lastAtMs, event.lastAtMs);
    } else groups.set(id, { event, objects: new Set([event.object]), lastAtMs: event.lastAtMs });
  }
  return [...groups.values()].map(({ event, objects, lastAtMs }) => ({ event, objects: [...objects], lastAtMs }));
}

function tenths(ms: number): number {
  return Math.max(0, Math.round(ms / 100) / 10);
}
