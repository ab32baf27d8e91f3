/** `--env all`: every environment of an app in one process. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "./run-cli.ts";

const APP = `import { app, workload } from "seatrial";
export default app({ envs: { dev: { replicas: 1 }, prod: { replicas: 90 } } }, ({ env, replicas }) =>
  workload("web", { image: "nginx", namespace: env === "dev" ? "default" : undefined, replicas, resources: { requests: { cpu: 1 } } }),
);
`;

test("synth writes a folder for each", () => {
  const p = project({ "a.ts": APP });
  const ran = p.run(["synth", "a.ts", "--env", "all", "-o", "out"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(
    Object.keys(p.files("out")).filter((f) => f.endsWith(".yaml")),
    ["dev/default/deployment-web.yaml", "prod/deployment-web.yaml"],
  );
  assert.match(p.read("out/prod/deployment-web.yaml"), /replicas: 90/);
  assert.match(p.run(["synth", "a.ts", "--env", "all", "-o", "-"]).stderr, /--env all writes a folder for each environment/);
  assert.is(p.run(["synth", "a.ts", "--env", "all", "-o", "-"]).code, 2);
});

test("plan reports each, and the worst decides", () => {
  const p = project({ "a.ts": APP });
  const text = p.run(["plan", "a.ts", "--env", "all"]);
  assert.is(text.code, 1, text.stderr);
  assert.match(text.stdout, /^── dev ──\n✓ Plan: everything becomes healthy\n[\s\S]*\n── prod ──\n✗ Plan: 78 pods stay Pending/);
  assert.is(p.run(["plan", "a.ts", "--env", "all", "--fail-on", "never"]).code, 0);
  assert.is(p.run(["plan", "a.ts", "--env", "all", "--detailed-exitcode"]).code, 3);
  p.run(["plan", "a.ts", "--env", "all", "--format", "json", "-o", "plans.json"]);
  const { schema, environments } = JSON.parse(p.read("plans.json")) as {
    schema: string;
    environments: Record<string, { inputs: { environment: string } }>;
  };
  assert.is(schema, "seatrial.dev/plans/v1");
  assert.equal(
    Object.entries(environments).map(([name, plan]) => [name, plan.inputs.environment]),
    [
      ["dev", "dev"],
      ["prod", "prod"],
    ],
  );
  const page = p.run(["plan", "a.ts", "--env", "all", "--format", "html", "-o", "all.html"]);
  assert.is(page.code, 1, page.stderr);
  assert.is(page.stdout, "");
  assert.match(p.read("all.html"), /<h1>a\.ts: 2 environments<\/h1>[\s\S]*dev: Plan: everything becomes healthy[\s\S]*prod: Plan: 78 pods/);
  assert.match(p.run(["plan", "a.ts", "--env", "all", "--format", "markdown"]).stdout, /^# dev\n\n[\s\S]*\n# prod\n\n/);
});

test("what has no environments, and what is called all", () => {
  const p = project({
    "none.ts": `export default [];\n`,
    "all.ts": `import { app } from "seatrial";\nexport default app({ envs: { all: {}, a: {} } }, () => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } }));\n`,
    "a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
  });
  assert.match(p.run(["synth", "none.ts", "--env", "all"]).stderr, /^none.ts:1: error: --env all: this entry has no environments/);
  assert.match(p.run(["plan", "a.yaml", "--env", "all"]).stderr, /has no environments: --env needs a TypeScript entry/);
  assert.match(p.run(["plan", "none-such.ts", "--env", "all"]).stderr, /there is no file or folder none-such.ts/);
  assert.is(p.run(["synth", "all.ts", "--env", "all", "-o", "-"]).code, 0);
});

test.run();
