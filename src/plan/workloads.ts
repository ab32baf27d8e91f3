/** Each workload of the cluster, before and after: Pods ready of Pods wanted, and what keeps the missing ones. */
import type { DaemonSet, Job, Pod, ReplicaSet, StatefulSet } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import type { Changes } from "./changes.ts";
import { conditionOf } from "./health/health.ts";
import { workloadHealth } from "./health/index.ts";
import { podHealth } from "./health/pod.ts";
import type { WorkloadState } from "./schema.ts";
import { compareRefs, identityOf, refOf, type View } from "./view.ts";

export interface Workload {
  readonly identity: string;
  readonly object: KubeObject;
  readonly state: WorkloadState;
  /** Whether the entry has it. */
  readonly own: boolean;
  /** From the health rule: CamelCase and a sentence, or empty. */
  readonly reason: string;
  readonly message: string;
  /** Pods that the API server refused to create, while they are missing. */
  readonly refused: RefusedPods | undefined;
  /** Pods on a node that fail or cannot start. */
  readonly failing: { readonly count: number; readonly reason: string; readonly message: string } | undefined;
}

interface RefusedPods {
  readonly count: number;
  readonly message: string;
  /** The quota that refuses them, when it is one. */
  readonly quota: string | undefined;
}

export function workloadsOf(before: View, after: View, changes: Changes): readonly Workload[] {
  const list = after.workloads.map((object): Workload => {
    const identity = identityOf(object);
    const health = workloadHealth(object) ?? { status: "healthy" as const, ready: 0, desired: 0, reason: "", message: "" };
    const was = before.byIdentity.get(identity);
    const earlier = was && workloadHealth(was);
    const desired = changes.next.get(identity);
    const healthy = health.status === "healthy";
    return {
      identity,
      object,
      state: {
        object: refOf(object),
        status: health.status,
        ready: health.ready,
        desired: health.desired,
        before: earlier ? { ready: earlier.ready, desired: earlier.desired } : null,
        source: desired?.source ?? null,
      },
      own: desired !== undefined,
      reason: health.reason,
      message: health.message,
      refused: healthy ? undefined : refusedPods(after, identity),
      failing: healthy ? undefined : failingPods(after, after.podsByWorkload.get(identity) ?? []),
    };
  });
  return list.sort((a, b) => compareRefs(a.state.object, b.state.object));
}

/** How many Pods an object should have made and has not. */
function missingPods(maker: KubeObject): number {
  if (maker.kind === "Job") {
    const { spec, status } = maker as Job;
    const left = spec?.completions === undefined ? 1 : spec.completions - (status?.succeeded ?? 0);
    const over =
      status?.conditions?.some((c) => (c.type === "Complete" || c.type === "Failed") && c.status === "True") || spec?.suspend === true;
    return over ? 0 : Math.max(0, Math.min(spec?.parallelism ?? 1, left) - (status?.active ?? 0));
  }
  if (maker.kind === "DaemonSet") {
    const status = (maker as DaemonSet).status;
    return Math.max(0, (status?.desiredNumberScheduled ?? 0) - (status?.currentNumberScheduled ?? 0));
  }
  const { spec, status } = maker as ReplicaSet | StatefulSet;
  return Math.max(0, (spec?.replicas ?? 1) - (status?.replicas ?? 0));
}

function refusedPods(view: View, identity: string): RefusedPods | undefined {
  let count = 0;
  let message = "";
  for (const maker of view.makersByWorkload.get(identity) ?? []) {
    const missing = missingPods(maker);
    if (missing === 0) continue;
    const text = createFailure(view, maker);
    if (text === undefined) continue;
    count += missing;
    message = text;
  }
  if (count === 0) return undefined;
  return { count, message, quota: /(?:exceeded|failed) quota: ([^,:\s]+)/.exec(message)?.[1] };
}

/** The API server's own words, out of the last event about a creation that failed, or out of the condition. */
function createFailure(view: View, maker: KubeObject): string | undefined {
  const events = view.eventsByObject.get(`${maker.kind} ${maker.metadata.namespace ?? ""}/${maker.metadata.name}`) ?? [];
  let last: { readonly message: string; readonly lastAtMs: number } | undefined;
  for (const e of events) if (e.type === "Warning" && e.reason === "FailedCreate" && (!last || e.lastAtMs >= last.lastAtMs)) last = e;
  const condition = conditionOf((maker as ReplicaSet).status?.conditions, "ReplicaFailure");
  const text = last?.message ?? (condition?.status === "True" ? condition.message : undefined);
  return text
    ?.replace(/^\(combined from similar events\): /, "")
    .replace(/^Error creating: /, "")
    .replace(/^create Pod \S+ in StatefulSet \S+ failed error: /, "");
}

/** Those with the commonest reason speak for all. */
function failingPods(view: View, pods: readonly Pod[]): Workload["failing"] {
  const byReason = new Map<string, { count: number; message: string }>();
  let total = 0;
  for (const pod of pods) {
    const fault = faultOf(view, pod);
    if (!fault) continue;
    total++;
    const known = byReason.get(fault.reason);
    byReason.set(fault.reason, { count: (known?.count ?? 0) + 1, message: known?.message ?? fault.message });
  }
  let worst: Workload["failing"];
  for (const [reason, { count, message }] of byReason) if (!worst || count > worst.count) worst = { count, reason, message };
  return worst && { ...worst, count: total };
}

/** What is wrong with a Pod on its node: its containers say so, or, when they do not get that far, its last warning (a volume that is missing). */
function faultOf(view: View, pod: Pod): { readonly reason: string; readonly message: string } | undefined {
  const h = podHealth(pod);
  if (h.status === "failed") return h;
  if (h.status === "healthy" || !pod.spec.nodeName) return undefined;
  const events = view.eventsByObject.get(`Pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name}`) ?? [];
  return events.filter((e) => e.type === "Warning" && e.reason !== "FailedScheduling").at(-1);
}
