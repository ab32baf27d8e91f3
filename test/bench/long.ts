/** What thirty simulated days cost: an idle cluster, one that restarts its workloads every night, and one with a CronJob every minute. */
import type { Cluster } from "../../src/cluster/cluster.ts";

/** What users run. */
const BUILT = new URL("../../dist/src/cluster/cluster.js", import.meta.url);
const { createCluster } = (await import(BUILT.href)) as typeof import("../../src/cluster/cluster.ts");

export interface LongRow {
  readonly what: string;
  readonly seconds: number;
  readonly tasks: number;
  readonly heapBytes: number;
}

const NODES = 50;
const DAYS = 30;
const DAY_SECONDS = 86_400;
const WORKLOADS = 20;
const REPLICAS = 10;

const size = { cpu: "8", memory: "32Gi", pods: "110" };
const container = { name: "c", image: "i:1", resources: { requests: { cpu: "100m", memory: "64Mi" } } };

function cluster(...objects: readonly object[]): Cluster {
  const made = createCluster();
  for (let i = 0; i < NODES; i++)
    made.apply({ apiVersion: "v1", kind: "Node", metadata: { name: `n${i}` }, status: { capacity: size, allocatable: size } });
  for (const object of objects) made.apply(object);
  made.settle();
  return made;
}

const deployment = (name: string): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas: REPLICAS,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
  },
});
const cronJob = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "tick", namespace: "default" },
  spec: { schedule: "* * * * *", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } } },
};

function measure(what: string, made: Cluster, eachDay: (day: number) => void = () => {}): LongRow {
  const before = made.loop.executed;
  const start = performance.now();
  for (let day = 0; day < DAYS; day++) {
    eachDay(day);
    made.advance(DAY_SECONDS);
  }
  const seconds = (performance.now() - start) / 1000;
  return { what, seconds, tasks: made.loop.executed - before, heapBytes: process.memoryUsage().heapUsed };
}

export function benchLong(): readonly LongRow[] {
  const names = Array.from({ length: WORKLOADS }, (_, i) => `web-${i}`);
  const restarted = cluster(...names.map(deployment));
  const restart = (day: number): void => {
    for (const name of names)
      restarted.server.patch({ apiVersion: "apps/v1", kind: "Deployment" }, name, "default", {
        spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": `day ${day}` } } } },
      });
  };
  // The longest first: in a process of its own it would be as fresh.
  return [
    measure("a CronJob every minute: 43,200 Jobs", cluster(cronJob)),
    measure("20 Deployments of 10 Pods are restarted every day", restarted, restart),
    measure("nothing happens", cluster()),
  ];
}
