import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showLocation } from "../api/source-location.ts";
import { LoadError } from "./load/load-error.ts";
import { loadScenario } from "./scenario-file.ts";
import { simulate } from "./simulate.ts";

const dir = mkdtempSync(join(tmpdir(), "seatrial-scenario-"));
process.on("exit", () => rmSync(dir, { recursive: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
write(
  "pod.yaml",
  "apiVersion: v1\nkind: Pod\nmetadata: { name: off, namespace: default }\nspec: { containers: [{ name: c, image: i }] }\n",
);
write("huge.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 150001 }\n");
write("broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: x\n");
write(
  "nodes.yaml",
  ["n1", "n2"]
    .map(
      (n) =>
        `apiVersion: v1\nkind: Node\nmetadata: { name: ${n} }\nstatus: { capacity: { cpu: "4", memory: 8Gi, pods: "110" }, allocatable: { cpu: "4", memory: 8Gi, pods: "110" } }\n`,
    )
    .join("---\n"),
);
const web = (image: string, max: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: c, image: ${image} }] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { maxUnavailable: ${max}, selector: { matchLabels: { app: web } } }
`;
write("v1.yaml", web("i:1", "1"));
write("v2.yaml", web("i:2", "1"));
write("guarded.yaml", web("i:1", "0"));

/** A scenario that is none → what is said, and where. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["no steps", "about: x\n", /a scenario has a list of steps/],
  ["not a map", "- 1\n", /a scenario is a map with about, startsAtSecond, steps/],
  ["an unknown key", "about: x\nstep: []\n", /2:1: a scenario has no "step"/],
  ["an unknown verb", "steps:\n  - aply: a.yaml\n", /2:5: a step has no "aply"/],
  ["two verbs", "steps:\n  - cordon: a\n    drain: a\n", /2:5: a step has one verb of .*, not cordon and drain/],
  ["no verb", "steps:\n  - settle: 3\n", /a step has one verb/],
  ["a bad settle", "steps:\n  - cordon: a\n    settle: soon\n", /3:13: settle is a number of seconds/],
  ["a bad second", "startsAtSecond: 60\nsteps: []\n", /1:17: startsAtSecond is the second of a minute/],
  ["a map of steps", "steps: {}\n", /1:8: a scenario has a list of steps/],
  [
    "more replicas than a cluster holds",
    "steps:\n  - scale: { kind: Deployment, name: web, replicas: 150001 }\n",
    /2:\d+: .* 0 to 150,000/,
  ],
  ["more Pods than a cluster holds", "steps:\n  - apply: huge.yaml\n", /huge\.yaml:4:9: Deployment web: .* 150,001 pods/],
  ["a module", "steps:\n  - apply: main.ts\n", /2:12: apply takes YAML or JSON: .* main\.ts/],
  ["a byte order mark before a mistake", "\ufeffstep: []\n", /1:1: a scenario has no "step"/],
  ["no replicas", "steps:\n  - scale: { kind: Deployment, name: web }\n", /replicas is a count/],
  ["no name", "steps:\n  - delete: { kind: Pod }\n", /2:13: name is missing/],
  ["a bad cascade", "steps:\n  - delete: { kind: Pod, name: x, cascade: away }\n", /cascade is one of background, foreground, orphan/],
  ["a bad revision", "steps:\n  - rollback: { kind: Deployment, name: x, toRevision: -1 }\n", /toRevision is a revision/],
  ["a bad advance", "steps:\n  - advance: -5\n", /2:14: advance is a number of seconds/],
  ["a node that is no text", "steps:\n  - cordon: [a]\n", /cordon names a node/],
  ["a manifest that is not there", "steps:\n  - apply: nope.yaml\n", /2:12: there is no file or folder .*nope\.yaml/],
  ["a manifest that is broken", "steps:\n  - apply: broken.yaml\n", /broken\.yaml:4:1: not valid YAML/],
  ["YAML that is broken", "steps: [\n", /scenario\.yaml:\d+:\d+: /],
];
for (const [name, text, said] of WRONG)
  test(`${name} is told with its place`, async () => {
    const path = write("scenario.yaml", text);
    try {
      await loadScenario(path, dir);
    } catch (e) {
      assert.instance(e, LoadError);
      const { source, message } = e as LoadError;
      assert.match(source ? `${showLocation(source)}: ${message}` : message, said);
      return;
    }
    assert.unreachable("it was taken");
  });

test("a scenario that is not there", async () => {
  let said = "";
  await loadScenario(join(dir, "nope.yaml"), dir).catch((e: Error) => {
    said = e.message;
  });
  assert.is(said, "there is no file nope.yaml");
});

test("a scenario that is a folder", async () => {
  let said = "";
  await loadScenario(dir, dir).catch((e: Error) => {
    said = e.message;
  });
  assert.match(said, /is a folder: a scenario is a file$/);
});

test("a folder of manifests is applied in order of path", async () => {
  mkdirSync(join(dir, "folder"));
  for (const name of ["b", "a"]) write(`folder/${name}.yaml`, `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`);
  const { steps } = await loadScenario(write("f.yaml", "steps:\n  - apply: folder\n"), dir);
  const { action } = steps[0]!;
  assert.equal(action.verb === "apply" && action.objects.map((o) => (o["metadata"] as { name: string }).name), ["a", "b"]);
});

test("a bare `off` is a name", async () => {
  const { steps } = await simulate(write("s.yaml", "steps:\n  - apply: pod.yaml\n"));
  assert.equal(
    steps[0]!.objects.map((o) => o.metadata.name),
    ["off"],
  );
});

const nodesOf = (objects: readonly unknown[]): (string | undefined)[] =>
  (objects as readonly { kind: string; spec?: { nodeName?: string } }[]).filter((o) => o.kind === "Pod").map((o) => o.spec?.nodeName);

test("a kind that is not there is an answer, whatever is done with it", async () => {
  const { steps } = await simulate(
    write("kind.yaml", "steps:\n  - scale: { kind: Frob, name: x, replicas: 1 }\n  - delete: { kind: Frob, name: x }\n"),
  );
  const said = 'Error from server (NotFound): the server doesn\'t have a resource type "frob"';
  for (const { answers } of steps) assert.equal(answers, [{ ok: false, message: said }]);
});

test("roll out, roll back, restart, scale, cordon, drain", async () => {
  const path = write(
    "story.yaml",
    `steps:
  - apply: [nodes.yaml, v1.yaml]
  - apply: v2.yaml
  - rollback: { kind: Deployment, name: web }
  - restart: { kind: Deployment, name: web }
  - scale: { kind: Deployment, name: web, replicas: 3 }
  - cordon: n1
  - drain: n1
  - uncordon: n1
  - rollback: { kind: Deployment, name: web, toRevision: 99 }
  - scale: { kind: Deployment, name: nope, replicas: 3 }
  - nodeDown: nope
`,
  );
  const { steps } = await simulate(path);
  const images = (i: number): string[] =>
    (steps[i]!.objects as readonly { kind: string; spec?: { containers?: readonly { image: string }[] } }[])
      .filter((o) => o.kind === "Pod")
      .map((o) => o.spec!.containers![0]!.image);
  assert.equal(
    [images(0), images(1), images(2)],
    [
      ["i:1", "i:1"],
      ["i:2", "i:2"],
      ["i:1", "i:1"],
    ],
  );
  const names = (i: number): string =>
    steps[i]!.objects.filter((o) => o.kind === "Pod")
      .map((o) => o.metadata.name)
      .join();
  assert.is.not(names(3), names(2), "a restart replaces the Pods");
  assert.is(nodesOf(steps[4]!.objects).length, 3);
  assert.equal(nodesOf(steps[6]!.objects), ["n2", "n2", "n2"]);
  assert.equal(
    steps.slice(0, 8).map((s) => s.answers.every((a) => a.ok)),
    Array(8).fill(true),
  );
  assert.equal(steps[8]!.answers, [{ ok: false, message: "error: unable to find specified revision 99 in history" }]);
  assert.match(steps[9]!.answers[0]!.message!, /^Error from server \(NotFound\): deployments\.apps "nope" not found$/);
  assert.match(steps[10]!.answers[0]!.message!, /nodes "nope" not found/);
});

test("a drain that a budget forbids gives up and says so", async () => {
  const { steps } = await simulate(write("guarded-story.yaml", "steps:\n  - apply: [nodes.yaml, guarded.yaml]\n  - drain: n1\n"));
  const [answer] = steps[1]!.answers;
  assert.is(answer!.ok, false);
  const why = "Cannot evict pod as it would violate the pod's disruption budget.";
  assert.is(answer!.message, `Error from server (TooManyRequests): ${why}`);
  assert.match(
    answer!.warnings!.join("\n"),
    /^error when evicting pods\/"web-\S+" -n "default" \(will retry after 5s\): Cannot evict pod [^\n]+$/,
  );
  assert.is(nodesOf(steps[1]!.objects).filter((n) => n === "n1").length, 1);
});

test.run();
