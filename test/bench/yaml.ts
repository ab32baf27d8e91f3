/** The YAML writer beside `yaml` and js-yaml, and what it costs an object to remember its line; in one warm process. */
import * as jsYaml from "js-yaml";
import * as yaml from "yaml";
import { Deployment } from "../../generated/v1.36/apps/v1.ts";
import { sourceOf } from "../../src/api/construct.ts";
import { readYaml } from "../../src/sdk/load/yaml-documents.ts";
import { writeYaml, writeYamlStream } from "../../src/sdk/yaml/write.ts";
import { PAIRS } from "./inputs.ts";
import { median } from "./median.ts";

const RUNS = 11;
const DOCUMENTS_READ = 10_000;

export interface YamlRow {
  readonly what: string;
  readonly median: string;
}

export function benchYaml(): readonly YamlRow[] {
  const objects = Array.from({ length: PAIRS }, (_, i) => pair(`web-${i}`)).flat();
  const deployments = Array.from({ length: DOCUMENTS_READ }, (_, i) => pair(`web-${i}`)[0]);
  const stream = writeYamlStream(deployments);
  const count = `${(PAIRS * 2).toLocaleString("en")} documents`;
  return [
    { what: `write ${count}: seatrial`, median: ms(RUNS, () => objects.map(writeYaml).join("---\n")) },
    { what: `write ${count}: js-yaml`, median: ms(RUNS, () => objects.map((o) => jsYaml.dump(o)).join("---\n")) },
    { what: `write ${count}: yaml`, median: ms(RUNS, () => objects.map((o) => yaml.stringify(o)).join("---\n")) },
    {
      what: `read ${DOCUMENTS_READ.toLocaleString("en")} documents: seatrial, with lines`,
      median: ms(3, () => readYaml(stream, "stream.yaml")),
    },
    { what: `read ${DOCUMENTS_READ.toLocaleString("en")} documents: js-yaml`, median: ms(3, () => jsYaml.loadAll(stream)) },
    ...positions(),
  ];
}

function positions(): readonly YamlRow[] {
  const count = 20_000;
  const input = { metadata: { name: "web" }, spec: pair("web")[0].spec };
  const made: object[] = [];
  const construct = measure(RUNS, () => {
    made.length = 0;
    for (let i = 0; i < count; i++) made.push(Deployment(input));
  });
  // Each object's position is worked out once and then kept: one run.
  const read = measure(1, () => made.forEach((object) => void sourceOf(object)));
  const micro = (milliseconds: number): string => `${((milliseconds * 1000) / count).toFixed(2)} µs`;
  return [
    { what: "construct an object and capture its position", median: micro(construct) },
    { what: "read the position, when someone asks", median: micro(read) },
  ];
}

function measure(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times);
}

const ms = (runs: number, work: () => unknown): string => `${measure(runs, work).toFixed(1)} ms`;

function pair(app: string) {
  const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } } as const;
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: app, namespace: "shop", labels: { app } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app } },
        template: {
          metadata: { labels: { app } },
          spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ name: "http", containerPort: 80 }], resources }] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: app, namespace: "shop" },
      spec: { selector: { app }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
  ] as const;
}
