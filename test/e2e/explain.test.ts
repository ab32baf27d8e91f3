/** `seatrial explain`, as the built program does it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, STACK } from "./run-cli.ts";

const node = (name: string, cpu: string, more = ""): string => `apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {kubernetes.io/hostname: ${name}, pool: workers}}
spec: {${more}}
status:
  allocatable: {cpu: "${cpu}", memory: 8Gi, pods: "110"}
  capacity: {cpu: "${cpu}", memory: 8Gi, pods: "110"}
`;
const web = (replicas: number, more = ""): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${more}
      containers:
        - {name: web, image: "web:1", resources: {requests: {cpu: 900m, memory: 64Mi}}}
`;
const cluster = [node("w1", "1"), node("w2", "850m"), node("gpu", "4", "taints: [{key: gpu, effect: NoSchedule}]")].join("---\n");
const files = { "cluster.yaml": cluster, "web.yaml": web(2), "one.yaml": web(1), "none.yaml": web(0) };

interface Json {
  readonly schema: string;
  readonly state: string;
  readonly node: string | null;
  readonly choice: { readonly node: string; readonly total: number; readonly tie: number } | null;
  readonly nodes: readonly {
    readonly name: string;
    readonly total: number | null;
    readonly scores: Record<string, number>;
    readonly plugin: string | null;
    readonly reasons: readonly string[];
  }[];
  readonly nearest: { readonly node: string; readonly lacks: readonly { readonly short?: string }[] } | null;
  readonly fixes: readonly { readonly changes: readonly { readonly kind: string }[]; readonly ready: number; readonly desired: number }[];
}

test("a Pod that waits: who refused it, by how much, and what helps", () => {
  const ran = project(files).run(["explain", "web", "web.yaml", "--cluster", "cluster.yaml"]);
  assert.is(ran.code, 1, ran.stderr);
  assert.match(ran.stdout, /^Pod default\/web-\S+ of Deployment default\/web\n {2}stays Pending: 0\/3 nodes are available: /);
  assert.match(ran.stdout, /NodeResourcesFit: Insufficient cpu: cpu short by 50m \(900m requested, 850m free\)/);
  assert.match(ran.stdout, /TaintToleration: node\(s\) had untolerated taint\(s\): taint gpu:NoSchedule/);
  assert.match(ran.stdout, "Nearest miss\n  node w2 is short by 50m CPU\n");
  assert.match(ran.stdout, /a toleration of gpu:NoSchedule +2\/2 ready\n {2}requests\.cpu: 850m in container web \(now 900m\) +2\/2 ready/);
  assert.match(ran.stdout, /replicas: 1 +1\/1 ready\n {2}one more node of pool workers +2\/2 ready\n$/);
});

test("the same as JSON", () => {
  const ran = project(files).run(["explain", "default/web", "web.yaml", "--cluster", "cluster.yaml", "--format", "json"]);
  const it = JSON.parse(ran.stdout) as Json;
  assert.is(it.schema, "seatrial.dev/explanation/v1");
  assert.equal([it.state, it.node, it.choice], ["pending", null, null]);
  assert.equal(
    it.nodes.map((n) => [n.name, n.total, n.plugin]),
    [
      ["w1", null, "NodeResourcesFit"],
      ["w2", null, "NodeResourcesFit"],
      ["gpu", null, "TaintToleration"],
    ],
  );
  assert.equal(it.nearest?.node, "w2");
  assert.equal(it.nearest?.lacks[0]?.short, "50m");
  assert.equal(
    it.fixes.map((f) => f.changes[0]?.kind),
    ["toleration", "request", "replicas", "node"],
  );
});

test("a placed Pod: the scores add up to the total, and the tie is named", () => {
  const p = project({ "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n" });
  const ran = p.run(["explain", "a", "pod.yaml", "--format", "json"]);
  assert.is(ran.code, 0, ran.stderr);
  const it = JSON.parse(ran.stdout) as Json;
  assert.is(it.state, "placed");
  assert.is(it.choice?.tie, 3);
  for (const n of it.nodes)
    assert.is(
      n.total,
      Object.values(n.scores).reduce((sum, s) => sum + s, 0),
      n.name,
    );
  assert.match(p.run(["explain", "a", "pod.yaml"]).stdout, /a tie when it was placed: 3 nodes had the best total/);
});

test("a workload without Pods: its template", () => {
  const ran = project(files).run(["explain", "web", "none.yaml", "--cluster", "cluster.yaml"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /^A pod of Deployment default\/web \(its template; it has none\)\n {2}would go to w1 with \d+ points\n/);
});

test("the scheduler's configuration counts", () => {
  const config = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    plugins: {filter: {disabled: [{name: TaintToleration}]}}
`;
  const p = project({ ...files, "config.yaml": config, "wrong.yaml": config.replace("name: TaintToleration", "nam: TaintToleration") });
  const ran = p.run(["explain", "web", "one.yaml", "--cluster", "cluster.yaml", "--scheduler-config", "config.yaml"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /is on gpu\n/);
  const wrong = p.run(["explain", "web", "one.yaml", "--scheduler-config", "wrong.yaml"]);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /^wrong\.yaml:5:\d+: error: profiles\[0\]\.plugins\.filter\.disabled\[0\]/);
});

test("extenders of the configuration are not asked, and a plan says so", () => {
  const config = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
extenders: [{urlPrefix: "http://gpu-scheduler:8888/", filterVerb: filter}]
`;
  const ran = project({ ...files, "config.yaml": config }).run(["plan", "one.yaml", "--scheduler-config", "config.yaml"]);
  assert.match(ran.stdout, /^ {2}- 1 scheduler extender not asked: http:\/\/gpu-scheduler:8888\/$/m);
});

test("a Pod behind scheduling gates", () => {
  const p = project({ ...files, "gated.yaml": web(1, "schedulingGates: [{name: example.com/quota}]") });
  const ran = p.run(["explain", "web", "gated.yaml"]);
  assert.match(ran.stdout, /waits for its scheduling gates: example\.com\/quota; without them it would go to node-\d/);
});

test("a Pod of a scheduler that does not run", () => {
  const p = project({ ...files, "own.yaml": web(1, "schedulerName: mine") });
  const ran = p.run(["explain", "web", "own.yaml"]);
  assert.is(ran.code, 1);
  assert.match(ran.stdout, /stays Pending: no scheduler of the name "mine" runs/);
});

const WRONG: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /explain needs a pod/],
  [["wob", "web.yaml"], /there is no Pod and no workload "wob"; there is default\/web/],
  [["a/b/c", "web.yaml"], /a Pod is given as NAME or NAMESPACE\/NAME/],
  [["web", "missing.yaml"], /missing\.yaml/],
  [["web", "web.yaml", "--scheduler-config", "missing.yaml"], /missing\.yaml cannot be read/],
];
for (const [args, message] of WRONG)
  test(`explain ${args.join(" ")}`, () => {
    const ran = project(files).run(["explain", ...args]);
    assert.is(ran.code, 2);
    assert.is(ran.stdout, "");
    assert.match(ran.stderr, message);
    assert.not.match(ran.stderr, STACK);
  });

test.run();
