/** Whether an API server takes 10,000 mixed objects: all of its pipeline, beside the JSON schema validators of kubernetes-models; warm, in one process. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";
import { installPeers } from "./synth.ts";

const OBJECTS = 10_000;
/** Turns of each side before the clock runs: compilers are done by then. */
const WARM_UPS = 3;
const RUNS = 7;
const BASES = new URL("../conformance/oracle/admission/bases.json", import.meta.url);
const BUILT = new URL("../../dist/src/cluster/cluster.js", import.meta.url);
const ORDER = new URL("../../dist/src/commands/check-order.js", import.meta.url);
/** What manifests mostly are, as the recorded objects of these kinds; both sides take them all. */
const KINDS = [
  "deployment",
  "service",
  "configmap",
  "ingress",
  "statefulset",
  "cronjob",
  "role",
  "serviceaccount",
  "pdb",
  "networkpolicy",
] as const;

export interface CheckRow {
  readonly what: string;
  readonly seconds: number;
  readonly perSecond: number;
}

interface Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export async function benchCheck(withPeers: boolean): Promise<readonly CheckRow[]> {
  const bases: Readonly<Record<string, Json>> = JSON.parse(readFileSync(fileURLToPath(BASES), "utf8"));
  const objects = Array.from({ length: OBJECTS }, (_, i): Json => {
    // Each an object of its own, as read from a file.
    const base = structuredClone(bases[KINDS[i % KINDS.length]!]!);
    return { ...base, metadata: { ...base.metadata, name: `web-${i}`, namespace: "default" } };
  });
  const work = [
    { what: "seatrial: decode, defaults, admission, validation (create, dry run), in the order of `check`", run: await admitted() },
  ];
  if (withPeers) work.push({ what: "kubernetes-models: validate(), the JSON schema alone", run: validated(installPeers()) });
  const times = work.map((): number[] => []);
  for (let turn = 0; turn < WARM_UPS + RUNS; turn++)
    work.forEach(({ run }, i) => {
      const start = performance.now();
      run(objects);
      if (turn >= WARM_UPS) times[i]!.push((performance.now() - start) / 1000);
    });
  return work.map(({ what }, i) => ({ what, seconds: median(times[i]!), perSecond: OBJECTS / median(times[i]!) }));
}

type Run = (objects: readonly Json[]) => void;

async function admitted(): Promise<Run> {
  const { createCluster } = (await import(BUILT.href)) as typeof import("../../src/cluster/cluster.ts");
  const { checkOrder } = (await import(ORDER.href)) as typeof import("../../src/commands/check-order.ts");
  return (objects) => {
    // As `seatrial check` has it, the order as well.
    const cluster = createCluster({ tracksFields: false });
    for (const stage of checkOrder(objects)) {
      cluster.settle();
      for (const i of stage) {
        const { code, message } = cluster.create(objects[i]!, { dryRun: true, fieldValidation: "Strict" });
        if (code >= 400) throw new Error(`${objects[i]!.kind}: ${message}`);
      }
    }
  };
}

function validated(modules: string): Run {
  const require = createRequire(join(modules, "kubernetes-models/"));
  type Model = new (data: object) => { validate(): void };
  const models = new Map<string, Model>();
  const modelOf = ({ apiVersion, kind }: Json): Model => {
    let model = models.get(kind);
    if (!model) {
      model = (require(`kubernetes-models/${apiVersion}`) as Readonly<Record<string, Model>>)[kind]!;
      models.set(kind, model);
    }
    return model;
  };
  return (objects) => {
    for (const object of objects) new (modelOf(object))(object).validate();
  };
}
