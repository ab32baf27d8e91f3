/** What happened when, in virtual time: how many Pods of each workload were ready, and how each node was. */
import type { DaemonSet, Deployment, Node, ReplicaSet, ReplicationController, StatefulSet } from "../../generated/v1.36/model.ts";
import { DAEMON_SET, DEPLOYMENT, NODE, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET } from "../api/kinds.ts";
import { controllerOf, type Kind, type KubeObject } from "../api/object.ts";
import type { Informers } from "../sim/informer.ts";
import type { Loop } from "../sim/loop.ts";
import { JobLog, type JobRun } from "./job-log.ts";

/** A state, from its instant to that of the next one. */
export interface WorkloadPoint {
  /** Virtual milliseconds; of several states within one the last. */
  readonly atMs: number;
  readonly desired: number;
  readonly ready: number;
  /** Pods that exist: more than desired while a rollout surges. Without those that are terminating. */
  readonly pods: number;
  /** Set on the last point of one that was deleted; one of the same name may follow. */
  readonly gone?: true;
}

export interface WorkloadTimeline {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In order of time, the first when it was created. */
  readonly points: readonly WorkloadPoint[];
}

export interface NodePoint {
  /** Virtual milliseconds. */
  readonly atMs: number;
  /** Of its condition Ready: `Ready` (True), `NotReady` (False), `Unknown` (no sign of life); `gone` once it is deleted. */
  readonly state: "Ready" | "NotReady" | "Unknown" | "gone";
  readonly cordoned: boolean;
}

export interface NodeTimeline {
  readonly name: string;
  readonly points: readonly NodePoint[];
}

export interface Timeline {
  /** Virtual milliseconds between which it was kept. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Deployments, StatefulSets, DaemonSets, and the ReplicaSets and ReplicationControllers that nothing else manages. In order of kind, namespace, name. */
  readonly workloads: readonly WorkloadTimeline[];
  /** In order of name. */
  readonly nodes: readonly NodeTimeline[];
  /** Jobs that were written, and those that CronJobs made. */
  readonly jobs: readonly JobRun[];
  /** States that were not kept, because one workload or node had more than 20,000 of them. */
  readonly dropped: number;
}

/** States of one workload or node at most. */
const POINTS_MAX = 20_000;

type Numbers = Pick<WorkloadPoint, "desired" | "ready" | "pods">;

export class TimelineLog {
  readonly #loop: Loop;
  readonly #workloads = new Map<string, WorkloadTimeline & { readonly points: WorkloadPoint[] }>();
  readonly #nodes = new Map<string, NodePoint[]>();
  readonly #fromMs: number;
  readonly #jobs: JobLog;
  #dropped = 0;

  constructor(informers: Informers, loop: Loop) {
    this.#loop = loop;
    this.#fromMs = loop.now();
    this.#jobs = new JobLog(informers, loop);
    const follow = <T extends KubeObject>(kind: Kind<T>, numbersOf: (object: T) => Numbers): void =>
      informers.for(kind).on((type, object) => {
        if (controllerOf(object) === undefined) this.#note(object, type === "DELETED" ? undefined : numbersOf(object));
      });
    follow(DEPLOYMENT, replicated);
    follow(STATEFUL_SET, replicated);
    follow(REPLICA_SET, replicated);
    follow(REPLICATION_CONTROLLER, replicated);
    follow(DAEMON_SET, daemons);
    informers.for(NODE).on((type, node) => this.#noteNode(node, type === "DELETED"));
  }

  #note(object: KubeObject, numbers: Numbers | undefined): void {
    const { kind } = object;
    const { namespace = "", name } = object.metadata;
    const id = `${kind} ${namespace}/${name}`;
    let line = this.#workloads.get(id);
    if (!line) {
      line = { kind, namespace, name, points: [] };
      this.#workloads.set(id, line);
    }
    const atMs = Math.floor(this.#loop.now());
    const point: WorkloadPoint = numbers ? { atMs, ...numbers } : { atMs, desired: 0, ready: 0, pods: 0, gone: true };
    const last = line.points.at(-1);
    if (
      last?.desired === point.desired &&
      last.ready === point.ready &&
      last.pods === point.pods &&
      (last.gone ?? false) === (point.gone ?? false)
    )
      return;
    this.#add(line.points, point);
  }

  #noteNode(node: Node, gone: boolean): void {
    let points = this.#nodes.get(node.metadata.name);
    if (!points) {
      points = [];
      this.#nodes.set(node.metadata.name, points);
    }
    const point: NodePoint = {
      atMs: Math.floor(this.#loop.now()),
      state: gone ? "gone" : stateOf(node),
      cordoned: !gone && node.spec?.unschedulable === true,
    };
    const last = points.at(-1);
    if (last?.state === point.state && last.cordoned === point.cordoned) return;
    this.#add(points, point);
  }

  /** What follows within the same millisecond takes the place of what was. */
  #add<P extends { readonly atMs: number }>(points: P[], point: P): void {
    if (points.at(-1)?.atMs === point.atMs) points[points.length - 1] = point;
    else if (points.length < POINTS_MAX) points.push(point);
    else this.#dropped++;
  }

  timeline(): Timeline {
    return {
      fromMs: this.#fromMs,
      toMs: this.#loop.now(),
      workloads: [...this.#workloads.keys()].sort().map((id) => {
        const line = this.#workloads.get(id)!;
        return { ...line, points: [...line.points] };
      }),
      nodes: [...this.#nodes.keys()].sort().map((name) => ({ name, points: [...this.#nodes.get(name)!] })),
      jobs: this.#jobs.runs(),
      dropped: this.#dropped + this.#jobs.dropped,
    };
  }
}

function replicated(o: Deployment | StatefulSet | ReplicaSet | ReplicationController): Numbers {
  return { desired: o.spec?.replicas ?? 1, ready: o.status?.readyReplicas ?? 0, pods: o.status?.replicas ?? 0 };
}

function daemons({ status }: DaemonSet): Numbers {
  return {
    desired: status?.desiredNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
    pods: status?.currentNumberScheduled ?? 0,
  };
}

function stateOf(node: Node): NodePoint["state"] {
  const status = node.status?.conditions?.find((c) => c.type === "Ready")?.status;
  return status === "True" ? "Ready" : status === "Unknown" ? "Unknown" : "NotReady";
}
