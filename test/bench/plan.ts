/** How long a plan takes: 1,000 Deployments of 3 replicas on 200 nodes, whole process and simulation alone. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { simulatePlan } from "../../src/cluster/simulation.ts";

const DEPLOYMENTS = 1000;
const REPLICAS = 3;
const NODES = 200;
const RUNS = 3;

const node = (i: number): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: `node-${i}`, labels: { "kubernetes.io/hostname": `node-${i}`, "topology.kubernetes.io/zone": `zone-${i % 3}` } },
  status: {
    capacity: { cpu: "8", memory: "32Gi", pods: "110" },
    allocatable: { cpu: "8", memory: "32Gi", pods: "110" },
  },
});

const deployment = (i: number): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: `app-${i}`, namespace: "default" },
  spec: {
    replicas: REPLICAS,
    selector: { matchLabels: { app: `app-${i}` } },
    template: {
      metadata: { labels: { app: `app-${i}` } },
      spec: { containers: [{ name: "c", image: "nginx:1.27", resources: { requests: { cpu: "100m", memory: "500Mi" } } }] },
    },
  },
});

export interface PlanRow {
  readonly what: string;
  readonly seconds: number;
  readonly podsPerSecond: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median wall-clock seconds of the simulation in this process and of `seatrial plan` as a process of its own. */
export function benchPlan(): readonly PlanRow[] {
  const pods = DEPLOYMENTS * REPLICAS;
  const nodes = Array.from({ length: NODES }, (_, i) => node(i));
  const deployments = Array.from({ length: DEPLOYMENTS }, (_, i) => deployment(i));
  const wanted = (objects: readonly object[]) => objects.map((object) => ({ object, source: undefined }));
  const inProcess = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const { after } = simulatePlan({ cluster: wanted(nodes), next: wanted(deployments) });
    const running = after.objects.filter(
      (o) => o.kind === "Pod" && (o as { status?: { phase?: string } }).status?.phase === "Running",
    ).length;
    if (running !== pods) throw new Error(`${running} of ${pods} Pods run`);
    return (performance.now() - start) / 1000;
  });
  const dir = mkdtempSync(join(tmpdir(), "seatrial-bench-"));
  try {
    writeFileSync(join(dir, "cluster.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: nodes }));
    writeFileSync(join(dir, "app.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items: deployments }));
    const cli = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));
    const process_ = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      execFileSync(process.execPath, [cli, "plan", join(dir, "app.json"), "--cluster", join(dir, "cluster.json"), "--format", "markdown"], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      return (performance.now() - start) / 1000;
    });
    return [
      { what: "simulation alone", seconds: median(inProcess), podsPerSecond: pods / median(inProcess) },
      { what: "`seatrial plan`, whole process", seconds: median(process_), podsPerSecond: pods / median(process_) },
    ];
  } finally {
    rmSync(dir, { recursive: true });
  }
}
