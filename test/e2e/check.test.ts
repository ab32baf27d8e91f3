import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageFolder, project, STACK } from "./run-cli.ts";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx:1.27
`;

test("what an API server takes: exit code 0", () => {
  const p = project({ "a.yaml": DEPLOYMENT });
  const ran = p.run(["check", "a.yaml"]);
  assert.is(ran.stdout, "");
  assert.is(ran.stderr, "1 object checked, an API server takes it\n");
  assert.is(ran.code, 0);
  assert.is(p.run(["check", "-"], DEPLOYMENT).code, 0);
});

test("each refusal has the line of its field", () => {
  const p = project({
    "a.yaml": `# shop\n---\n${DEPLOYMENT.replace("replicas: 2", "replicas: -1").replace("image: nginx:1.27", "image: nginx:1.27\n        ports:\n        - containerPort: 80000")}---\n${DEPLOYMENT.replace("name: web", "name: two").replace("replicas", "replica")}`,
  });
  const ran = p.run(["check", "a.yaml"]);
  assert.equal(ran.stdout.trimEnd().split("\n"), [
    "a.yaml:9:3 (document 1): error: Deployment shop/web: Invalid value: -1: must be greater than or equal to 0 (spec.replicas)",
    "a.yaml:20:11 (document 1): error: Deployment shop/web: Invalid value: 80000: must be between 1 and 65535, inclusive (spec.template.spec.containers[0].ports[0].containerPort)",
    'a.yaml:28:3 (document 2): error: Deployment shop/two: unknown field "spec.replica"',
  ]);
  assert.is(ran.stderr, "2 objects checked, 2 refused\n");
  assert.is(ran.code, 1);
});

test("the order in the entry does not matter, and namespaces of others are taken to exist", () => {
  const p = project({
    "a.yaml": `${DEPLOYMENT}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n${DEPLOYMENT.replace("namespace: shop", "namespace: other")}`,
  });
  const ran = p.run(["check", "a.yaml"]);
  assert.is(ran.stdout, "");
  assert.is(ran.code, 0, ran.stderr);
});

test("several entries; an unknown kind; two of one identity", () => {
  const p = project({
    "a.yaml": DEPLOYMENT,
    "b.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n",
    "c.json": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}',
  });
  const ran = p.run(["check", "a.yaml", "b.yaml", "c.json"]);
  assert.match(ran.stdout, /^b\.yaml:1:1: error: Widget w: /);
  assert.is(ran.stdout.trimEnd().split("\n").length, 1);
  assert.is(ran.code, 1);
  const twice = p.run(["check", "a.yaml", "./a.yaml"]);
  assert.match(twice.stderr, /Deployment shop\/web is there twice/);
  assert.is(twice.code, 2);
});

test("types: the project's own compiler, its errors as they are, exit code 2", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    "tsconfig.json":
      '{ "compilerOptions": { "strict": true, "module": "NodeNext", "skipLibCheck": true, "types": [] }, "files": ["infra.ts"] }',
    "infra.ts":
      'const replicas: number = "two";\nexport default { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { replicas: String(replicas) } };\n',
  });
  const without = p.run(["check", "infra.ts"]);
  assert.match(without.stderr, /tsconfig\.json: TypeScript is not installed there, so types are not checked/);
  assert.is(without.code, 0);
  symlinkSync(join(packageFolder, "node_modules"), join(p.dir, "node_modules"));
  const ran = p.run(["check", "infra.ts"]);
  assert.match(ran.stdout, /^infra\.ts\(1,7\): error TS2322: Type 'string' is not assignable to type 'number'\.$/m);
  assert.is(ran.code, 2);
  p.write({ "infra.ts": p.read("infra.ts").replace('"two"', "2") });
  const right = p.run(["check", "infra.ts"]);
  assert.is(right.stdout, "");
  assert.is(right.code, 0, right.stderr);
});

test("a refused object made by a constructor is shown where it was made", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    "infra.ts":
      'import { ConfigMap } from "seatrial/core/v1";\n\nexport default [\n  ConfigMap({ metadata: { name: "Not_A_Name" } }),\n];\n',
  });
  const ran = p.run(["check", "infra.ts"]);
  assert.match(ran.stdout, /^infra\.ts:4:3: error: ConfigMap Not_A_Name: Invalid value: "Not_A_Name": .*\(metadata\.name\)$/m);
  assert.not.match(ran.stdout + ran.stderr, STACK);
  assert.is(ran.code, 1);
});

test.run();
