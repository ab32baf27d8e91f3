/**
 * `npm run bench [-- ONLY...]`: the figures of the README, as markdown tables. ONLY is any of synth, yaml, check, plan, scheduler, growth, long, editor, install; `--no-peers`
 * leaves out cdk8s, kosko, kubernetes-models and TypeScript 5.9, which it would install in peers/.
 */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { benchCheck } from "./check.ts";
import { benchEditor, editorCompilers } from "./editor.ts";
import { benchInstall } from "./install-size.ts";
import { benchLong } from "./long.ts";
import { benchPlan } from "./plan.ts";
import { benchGrowth, benchLargest, benchScheduler } from "./scheduler.ts";
import { benchSynth } from "./synth.ts";
import { benchYaml } from "./yaml.ts";

type Row = readonly string[];

interface Section {
  readonly title: string;
  readonly head: Row;
  rows(): readonly Row[] | Promise<readonly Row[]>;
}

const args = process.argv.slice(2);
const withPeers = !args.includes("--no-peers");

const SECTIONS: Readonly<Record<string, Section>> = {
  synth: {
    title: "1,000 Deployments and Services in one TypeScript file: whole process",
    head: ["", "median of 7", "fastest"],
    rows: () => benchSynth(withPeers).map((r) => [r.what, milliseconds(r.medianMs), milliseconds(r.fastestMs)]),
  },
  yaml: { title: "YAML and source positions: warm", head: ["", "median"], rows: () => benchYaml().map((r) => [r.what, r.median]) },
  check: {
    title: "10,000 mixed objects, would an API server take them: warm, in one process",
    head: ["", "time", "objects per second"],
    rows: async () =>
      (await benchCheck(withPeers)).map((r) => [r.what, `${r.seconds.toFixed(2)} s`, Math.round(r.perSecond).toLocaleString("en-US")]),
  },
  plan: {
    title: "Planning 1,000 Deployments of 3 replicas on 200 nodes",
    head: ["", "time", "Pods per second"],
    rows: () => benchPlan().map((r) => [r.what, `${r.seconds.toFixed(2)} s`, String(Math.round(r.podsPerSecond))]),
  },
  scheduler: {
    title: "The scheduler alone",
    head: ["", "nodes", "Pods", "time", "Pods per second"],
    rows: () =>
      [...benchScheduler(), benchLargest()].map((r) => [
        r.name,
        String(r.nodes),
        String(r.pods),
        `${r.seconds.toFixed(2)} s`,
        String(Math.round(r.podsPerSecond)),
      ]),
  },
  growth: {
    title: "What one of many identical Pods costs the scheduler",
    head: ["", "nodes", "Pods", "µs per Pod", "against the row before"],
    rows: () =>
      benchGrowth().map((r) => [
        r.what,
        String(r.nodes),
        String(r.pods),
        r.microsecondsPerPod.toFixed(0),
        r.factor === undefined ? "" : `× ${r.factor.toFixed(2)}`,
      ]),
  },
  long: {
    title: "Thirty simulated days on 50 nodes",
    head: ["", "time", "tasks of the loop", "heap at the end"],
    rows: () =>
      benchLong().map((r) => [
        r.what,
        `${r.seconds.toFixed(2)} s`,
        r.tasks.toLocaleString("en-US"),
        `${Math.round(r.heapBytes / 2 ** 20)} MiB`,
      ]),
  },
  editor: {
    title: "Type-checking a file of 20 objects: the compiler's whole run",
    head: ["", ...editorCompilers],
    rows: () => benchEditor(withPeers).map((r) => [r.what, ...r.medianMs.map((ms) => (ms === undefined ? "–" : milliseconds(ms)))]),
  },
  install: {
    title: "What is installed to author and plan",
    head: ["", "packages", "size"],
    rows: () => benchInstall(withPeers).map((r) => [r.what, String(r.packages), `${(r.bytes / 2 ** 20).toFixed(1)} MiB`]),
  },
};

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

const only = args.filter((a) => !a.startsWith("-"));
const unknown = only.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(", ")}: there are ${Object.keys(SECTIONS).join(", ")}`);
  process.exit(2);
}
// What is measured is what is shipped.
execFileSync("npm", ["run", "--silent", "build"], {
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  stdio: ["ignore", "inherit", "inherit"],
});
const [cpu] = cpus();
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB; ${process.platform}`,
);
console.log(`Command: npm run bench${args.length > 0 ? ` -- ${args.join(" ")}` : ""}`);
for (const [name, { title, head, rows }] of Object.entries(SECTIONS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`\n### ${title}\n\n${table(head, await rows())}`);
}
