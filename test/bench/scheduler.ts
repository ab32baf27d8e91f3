/**
 * How many Pods per second the scheduler places, with the shapes of Kubernetes' own scheduler_perf: nodes of 4 CPU, 32Gi and 110 Pods in
 * three zones; Pods of 100m and 500Mi. A client of nothing but maps stands in for the API server, so that the scheduler alone is measured.
 * @see kubernetes test/integration/scheduler_perf
 */
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import { startScheduler } from "../../src/cluster/scheduler/scheduler.ts";
import { Informers } from "../../src/sim/informer.ts";
import { Loop } from "../../src/sim/loop.ts";
import { Recorder } from "../../src/sim/recorder.ts";
import { MemoryClient } from "../support/memory-client.ts";
import { median } from "./median.ts";

export interface SchedulerRow {
  readonly name: string;
  readonly nodes: number;
  readonly pods: number;
  readonly scheduled: number;
  readonly seconds: number;
  readonly podsPerSecond: number;
}

/** What one Pod costs as the cluster or the number of Pods grows. */
export interface GrowthRow {
  readonly what: string;
  readonly nodes: number;
  readonly pods: number;
  readonly microsecondsPerPod: number;
  /** Against the row before. */
  readonly factor: number | undefined;
}

interface Case {
  readonly name: string;
  readonly nodes: number;
  /** Pods placed before the clock starts. */
  readonly before?: { readonly count: number; readonly pod: (i: number) => Pod };
  readonly count: number;
  readonly pod: (i: number) => Pod;
  /** After so many Pods each, a node, a Pod that fits nowhere and a Service go and come anew. */
  readonly churnEvery?: number;
}

function node(i: number): Node {
  const allocatable = { cpu: "4", memory: "32Gi", pods: "110" };
  const name = `node-${i}`;
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": `zone-${i % 3}` };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: {}, status: { allocatable, capacity: allocatable } };
}

function pod(name: string, labels: Record<string, string>, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: name, labels },
    spec: {
      schedulerName: "default-scheduler",
      priority: 0,
      ...spec,
      containers: [{ name: "c", image: "registry.k8s.io/pause:3.10", resources: { requests: { cpu: "100m", memory: "500Mi" } } }],
    },
    status: { phase: "Pending" },
  };
}

const blue = { color: "blue" };
const labelSelector = { matchLabels: blue };
const zone = "topology.kubernetes.io/zone";
const hostname = "kubernetes.io/hostname";

const basic = (i: number): Pod => pod(`basic-${i}`, { app: "basic" });
const spreading = (i: number): Pod =>
  pod(`spread-${i}`, blue, {
    topologySpreadConstraints: [{ maxSkew: 5, topologyKey: zone, whenUnsatisfiable: "DoNotSchedule", labelSelector }],
  });
const affine = (i: number): Pod =>
  pod(`near-${i}`, blue, {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: zone, labelSelector }] } },
  });
const preferring = (i: number): Pod =>
  pod(`prefer-${i}`, blue, {
    affinity: {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: hostname, labelSelector } }],
      },
    },
  });
const averse = (i: number): Pod =>
  pod(`far-${i}`, blue, {
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: hostname, labelSelector }] } },
  });
const big = (name: string, priority: number, cpu: string): Pod => {
  const p = pod(name, { app: "big" }, { priority });
  return { ...p, spec: { ...p.spec, containers: [{ ...p.spec.containers[0]!, resources: { requests: { cpu } } }] } };
};

const CASES: readonly Case[] = [
  { name: "SchedulingBasic", nodes: 500, count: 1_000, pod: basic },
  { name: "SchedulingBasic", nodes: 5_000, count: 10_000, pod: basic },
  { name: "SchedulingBasic", nodes: 15_000, count: 30_000, pod: basic },
  { name: "TopologySpreading", nodes: 5_000, count: 10_000, pod: spreading },
  { name: "SchedulingPodAffinity", nodes: 5_000, count: 10_000, pod: affine },
  { name: "SchedulingPodAntiAffinity", nodes: 5_000, count: 4_000, pod: averse },
  { name: "SchedulingPreferredPodAffinity", nodes: 5_000, count: 10_000, pod: preferring },
  {
    name: "PreemptionBasic",
    nodes: 5_000,
    before: { count: 20_000, pod: (i) => big(`low-${i}`, 0, "900m") },
    count: 5_000,
    pod: (i) => big(`high-${i}`, 10, "3"),
  },
  { name: "MixedChurn", nodes: 5_000, count: 10_000, pod: basic, churnEvery: 100 },
  { name: "Unschedulable", nodes: 5_000, before: { count: 200, pod: (i) => big(`never-${i}`, 0, "9") }, count: 10_000, pod: basic },
];

/** Runs the cases whose name contains `only`. */
export function benchScheduler(only = ""): readonly SchedulerRow[] {
  return CASES.filter((c) => c.name.includes(only)).map(run);
}

/** The largest cluster that Kubernetes is tested with three times over: every node full but for a tenth. */
const LARGEST: Case = { name: "SchedulingBasic, largest", nodes: 15_000, count: 150_000, pod: basic };

export function benchLargest(): SchedulerRow & { readonly memoryMiB: number } {
  const row = run(LARGEST);
  return { ...row, memoryMiB: Math.round(process.memoryUsage().rss / 2 ** 20) };
}

/** Identical Pods: twice the Pods, and twice the nodes; the median of five runs each. */
export function benchGrowth(): readonly GrowthRow[] {
  run({ name: "warm-up", nodes: 1_000, count: 5_000, pod: basic });
  const series = (what: string, sizes: readonly (readonly [nodes: number, pods: number])[]): GrowthRow[] => {
    let last: number | undefined;
    return sizes.map(([nodes, pods]) => {
      const seconds = median(Array.from({ length: 5 }, () => run({ name: what, nodes, count: pods, pod: basic }).seconds));
      const microsecondsPerPod = (seconds * 1e6) / pods;
      const factor = last === undefined ? undefined : microsecondsPerPod / last;
      last = microsecondsPerPod;
      return { what, nodes, pods, microsecondsPerPod, factor };
    });
  };
  return [
    ...series("twice the Pods", [
      [5_000, 10_000],
      [5_000, 20_000],
      [5_000, 40_000],
    ]),
    ...series("twice the nodes", [
      [1_250, 10_000],
      [2_500, 10_000],
      [5_000, 10_000],
      [10_000, 10_000],
      [20_000, 10_000],
    ]),
  ];
}

function run({ name, nodes, before, count, pod, churnEvery }: Case): SchedulerRow {
  const loop = new Loop();
  const client = new MemoryClient();
  startScheduler({ client, loop, informers: new Informers(client), recorder: new Recorder(loop) });
  for (let i = 0; i < nodes; i++) client.put(node(i));
  for (let i = 0; i < (before?.count ?? 0); i++) client.put(before!.pod(i));
  runUntilIdle(loop);
  const bound = client.bound;
  for (let i = 0; i < count; i++) client.put(pod(i));
  const start = performance.now();
  if (churnEvery !== undefined) churn(client, loop, churnEvery, bound + count);
  runUntilIdle(loop);
  const seconds = (performance.now() - start) / 1000;
  return {
    name,
    nodes,
    pods: count,
    scheduled: client.bound - bound,
    seconds,
    podsPerSecond: Math.round((client.bound - bound) / seconds),
  };
}

/** @see kubernetes test/integration/scheduler_perf (SchedulingWithMixedChurn) */
function churn(client: MemoryClient, loop: Loop, every: number, until: number): void {
  for (let round = 0; client.bound < until && round < until; round++) {
    const objects = [
      { ...node(0), metadata: { ...node(0).metadata, name: "churn" } },
      big("churn", 10, "9"),
      { apiVersion: "v1", kind: "Service", metadata: { name: "churn", namespace: "default" }, spec: { selector: { app: "foo" } } },
    ];
    for (const object of objects) client.put(object);
    const goal = Math.min(until, client.bound + every);
    while (client.bound < goal && loop.nextAt() !== undefined) loop.step();
    for (const { apiVersion, kind, metadata } of objects) client.delete({ apiVersion, kind }, metadata.name, metadata.namespace);
  }
}

/** Runs what is due within the next minute of virtual time. */
function runUntilIdle(loop: Loop): void {
  const end = loop.now() + 60_000;
  for (let next = loop.nextAt(); next !== undefined && next <= end; next = loop.nextAt()) loop.step();
}
