/** Small clusters for the scheduler's tests, said in a few words. */
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../../src/api/object.ts";
import type { SchedulerSetup } from "../../src/cluster/scheduler/config/scheduler-config.ts";
import { type Evaluation, evaluate } from "../../src/cluster/scheduler/evaluate.ts";
import { type Scheduler, startScheduler } from "../../src/cluster/scheduler/scheduler.ts";
import { Informers } from "../../src/sim/informer.ts";
import { Loop } from "../../src/sim/loop.ts";
import { Recorder } from "../../src/sim/recorder.ts";
import { MemoryClient } from "./memory-client.ts";

type Labels = Record<string, string>;

/** A node of 4 CPU, 8Gi and 110 Pods, but for what is said. */
export function node(name: string, spec: Partial<NonNullable<Node["spec"]>> & { labels?: Labels; allocatable?: Labels } = {}): Node {
  const { labels, allocatable, ...rest } = spec;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec: rest,
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110", ...allocatable } },
  };
}

/** A Pod of one container that asks for nothing, but for what is said. */
export function pod(name: string, spec: Partial<Pod["spec"]> & { labels?: Labels; requests?: Labels } = {}): Pod {
  const { labels, requests, ...rest } = spec;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: `uid-${name}`, ...(labels ? { labels } : {}) },
    spec: {
      schedulerName: "default-scheduler",
      containers: [{ name: "c", image: "app:1", ...(requests ? { resources: { requests } } : {}) }],
      ...rest,
    },
    status: { phase: rest.nodeName ? "Running" : "Pending" },
  };
}

/** What the scheduler thinks of a Pod in a cluster of these objects. */
export function evaluateIn(objects: readonly KubeObject[], subject: Pod): Evaluation {
  const client = new MemoryClient();
  for (const object of objects) client.put(object);
  return evaluate(subject, client);
}

/** Node by node: the reasons joined, or `ok`. */
export function verdicts({ nodes }: Evaluation): Record<string, string> {
  return Object.fromEntries(Object.entries(nodes).map(([name, { reasons }]) => [name, reasons ? reasons.join("; ") : "ok"]));
}

/** Node by node: the score of one plugin. */
export function scoresOf({ nodes }: Evaluation, plugin: string): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(nodes).map(([name, { scores }]) => [name, scores?.[plugin]]));
}

/** A scheduler at work. */
export class World {
  readonly client: MemoryClient = new MemoryClient();
  readonly loop: Loop = new Loop();
  readonly recorder: Recorder = new Recorder(this.loop);
  readonly scheduler: Scheduler;

  constructor(objects: readonly KubeObject[] = [], setup?: SchedulerSetup) {
    this.scheduler = startScheduler(
      { client: this.client, loop: this.loop, informers: new Informers(this.client), recorder: this.recorder },
      setup ? { setup } : {},
    );
    this.put(...objects);
  }

  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) this.client.put(object);
  }

  /** Runs what is due within so many seconds. */
  run(seconds = 30): void {
    const end = this.loop.now() + seconds * 1000;
    for (let next = this.loop.nextAt(); next !== undefined && next <= end; next = this.loop.nextAt()) this.loop.step();
    this.loop.skipTo(end);
  }

  pod(name: string): Pod | undefined {
    return this.client.get<Pod>({ apiVersion: "v1", kind: "Pod" }, name, "default");
  }

  /** Pod by Pod: its node, or `-`. */
  placement(): Record<string, string> {
    const pods = this.client.list<Pod>({ apiVersion: "v1", kind: "Pod" });
    return Object.fromEntries(pods.map((p) => [p.metadata.name, p.spec.nodeName ?? "-"]));
  }

  messages(reason: string): readonly string[] {
    return this.recorder
      .list()
      .filter((e) => e.reason === reason)
      .map((e) => e.message);
  }
}
