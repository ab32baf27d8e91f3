/** `seatrial plan`, as the built program does it. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, project, STACK } from "./run-cli.ts";

const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
const secret = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData: {password: ${JSON.stringify(value)}}\n`;
const web = (replicas: number, cpu: string, image = "nginx:1.27"): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ${image}
          resources: {requests: {cpu: ${cpu}, memory: 64Mi}}
`;
const all = (...documents: readonly string[]): string => documents.join("---\n");
const shop = (replicas: number, cpu = "500m"): string => all(namespace, web(replicas, cpu));

function git(p: Project, ...args: readonly string[]): void {
  const done = spawnSync("git", ["-c", "user.email=a@example.com", "-c", "user.name=a", ...args], { cwd: p.dir, encoding: "utf8" });
  assert.is(done.status, 0, done.stderr);
}

interface Json {
  readonly inputs: { readonly base: string | null; readonly head: string | null };
  readonly schema: string;
  readonly verdict: { readonly level: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly source: { readonly file: string; readonly line: number } | null;
  }[];
  readonly changes: readonly {
    readonly action: string;
    readonly object: { readonly kind: string; readonly name: string };
    readonly source: { readonly file: string; readonly line: number } | null;
    readonly fields: readonly {
      readonly path: string;
      readonly before: unknown;
      readonly after: unknown;
      readonly source: { readonly line: number };
    }[];
  }[];
  readonly pending: readonly { readonly message: string }[];
}

const json = (text: string): Json => JSON.parse(text) as Json;

interface ExitCase {
  readonly about: string;
  readonly text: string;
  readonly args: readonly string[];
  readonly code: number;
}

const STUCK = shop(3, "5");
const SAME = ["--base", "base.yaml"];
const EXITS: readonly ExitCase[] = [
  { about: "healthy", text: shop(2), args: [], code: 0 },
  { about: "an error", text: STUCK, args: [], code: 1 },
  { about: "an error that shall not fail", text: STUCK, args: ["--fail-on", "never"], code: 0 },
  {
    about: "a warning",
    text: all(
      shop(1),
      "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: wbe}, ports: [{port: 80}]}\n",
    ),
    args: [],
    code: 0,
  },
  {
    about: "a warning that shall fail",
    text: all(
      shop(1),
      "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: wbe}, ports: [{port: 80}]}\n",
    ),
    args: ["--fail-on", "warning"],
    code: 1,
  },
  { about: "detailed: no change", text: shop(2), args: ["--detailed-exitcode", ...SAME], code: 0 },
  { about: "detailed: changes and healthy", text: shop(3), args: ["--detailed-exitcode", ...SAME], code: 2 },
  { about: "detailed: changes and blocked", text: STUCK, args: ["--detailed-exitcode", ...SAME], code: 3 },
  { about: "detailed: could not plan", text: "a: [", args: ["--detailed-exitcode"], code: 1 },
  { about: "could not plan", text: "a: [", args: [], code: 2 },
  { about: "html", text: shop(1), args: ["--format", "html"], code: 0 },
  { about: "a base that is nothing", text: shop(1), args: ["--base", "no-such-thing"], code: 2 },
  { about: "a cluster that is nothing", text: shop(1), args: ["--cluster", "no-such-thing.yaml"], code: 2 },
];

for (const c of EXITS) {
  test(`exit code: ${c.about}`, () => {
    const ran = project({ "app.yaml": c.text, "base.yaml": shop(2) }).run(["plan", "app.yaml", ...c.args]);
    assert.is(ran.code, c.code, ran.stdout + ran.stderr);
    assert.not.match(ran.stderr, STACK);
    if (c.about.includes("could not plan") || (c.code === 2 && !c.args.includes("--detailed-exitcode"))) assert.is(ran.stdout, "");
  });
}

test("standard input, as helm template gives it", () => {
  const ran = project({}).run(["plan", "-", "--format", "json"], shop(1));
  assert.is(ran.code, 0, ran.stderr);
  const plan = json(ran.stdout);
  assert.equal([plan.schema, plan.verdict.level, plan.counts["add"]], ["seatrial.dev/plan/v1", "healthy", 2]);
});

test("the scheduler's reason, and what it says when there are no nodes", () => {
  const p = project({ "app.yaml": STUCK, "none.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n" });
  const stuck = json(p.run(["plan", "app.yaml", "--format", "json"]).stdout);
  assert.match(stuck.pending[0]?.message ?? "", /^0\/3 nodes are available: 3 Insufficient cpu\. /);
  const none = json(p.run(["plan", "app.yaml", "--format", "json", "--cluster", "none.yaml"]).stdout);
  assert.is(none.pending[0]?.message, "no nodes available to schedule pods");
});

test("a git ref as base: fields, sources, a deletion, no Secret's value; the work tree stays as it is", () => {
  const old = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, namespace: shop}\n";
  const p = project({ "app/web.yaml": all(shop(2), secret("the-Old-value-1")), "app/old.yaml": old, "other.txt": "kept" });
  git(p, "init", "-q", "-b", "main");
  git(p, "add", "-A");
  git(p, "commit", "-q", "-m", "one");
  p.write({ "app/web.yaml": all(shop(4), secret("the-New-value-22")) });
  git(p, "rm", "-q", "app/old.yaml");
  const before = spawnSync("git", ["status", "--porcelain"], { cwd: p.dir, encoding: "utf8" }).stdout;
  for (const format of ["text", "markdown", "json", "html"]) {
    const ran = p.run(["plan", "app", "--base", "main", "--format", format]);
    assert.is(ran.code, 0, ran.stderr);
    for (const value of ["the-Old-value-1", "the-New-value-22"])
      for (const form of [value, Buffer.from(value).toString("base64")]) assert.not.ok((ran.stdout + ran.stderr).includes(form), format);
  }
  const plan = json(p.run(["plan", "app", "--base", "main", "--format", "json"]).stdout);
  assert.equal(
    plan.changes.map((c) => `${c.action} ${c.object.kind} ${c.object.name}`),
    ["destroy ConfigMap old", "change Deployment web", "change Secret db"],
  );
  assert.equal(
    plan.changes.flatMap((c) => c.fields).map((f) => [f.path, f.before, f.after]),
    [
      ["spec.replicas", 2, 4],
      ["data[password]", "15 bytes", "16 bytes"],
    ],
  );
  assert.is(plan.changes[1]?.fields[0]?.source.line, 9);
  assert.match(plan.inputs.base ?? "", /^main@[0-9a-f]{7}$/);
  assert.is(plan.inputs.head, `${plan.inputs.base?.slice("main@".length)} with changes`);
  assert.is(spawnSync("git", ["status", "--porcelain"], { cwd: p.dir, encoding: "utf8" }).stdout, before);
});

test("a snapshot of a cluster says of when it is", () => {
  const status = (at: string): string =>
    `{capacity: {cpu: "4", memory: 8Gi, pods: "110"}, conditions: [{type: Ready, status: "True", lastHeartbeatTime: "${at}"}]}`;
  const node = (name: string, at: string): string => `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\nstatus: ${status(at)}\n`;
  const p = project({ "app.yaml": shop(1), "now.yaml": all(node("a", "2026-11-20T14:03:00Z"), node("b", "2026-11-20T14:05:00Z")) });
  assert.match(p.run(["plan", "app.yaml", "--cluster", "now.yaml"]).stdout, /2 nodes as in now\.yaml, as of 2026-11-20T14:05:00Z/);
});

test("a TypeScript entry at a git ref: each place in its own tree", () => {
  const module = (names: readonly string[]): string =>
    `import { ConfigMap } from "seatrial/core/v1";\n\nexport default [\n${names.map((n) => `  ConfigMap({ metadata: { name: "${n}" } }),\n`).join("")}];\n`;
  const p = project({ "infra/main.ts": module(["a", "b", "c"]), "infra/nodes.ts": "export default [];\n" });
  git(p, "init", "-q", "-b", "main");
  git(p, "add", "-A");
  git(p, "commit", "-q", "-m", "one");
  p.write({ "infra/main.ts": module(["b", "d"]) });
  const ran = p.run(["plan", "infra/main.ts", "--base", "main", "--cluster", "infra/nodes.ts", "--format", "json"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(
    json(ran.stdout).changes.map((c) => `${c.action} ${c.object.name} ${c.source?.file}:${c.source?.line}`),
    ["destroy a infra/main.ts:4", "destroy c infra/main.ts:6", "add d infra/main.ts:5"],
  );
});

test("an entry that the ref does not have is all new", () => {
  const p = project({ "README.md": "x" });
  git(p, "init", "-q", "-b", "main");
  git(p, "add", "-A");
  git(p, "commit", "-q", "-m", "one");
  p.write({ "app.yaml": shop(1) });
  const ran = p.run(["plan", "app.yaml", "--base", "main", "--format", "json"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /has no app\.yaml: everything is new/);
  assert.is(json(ran.stdout).counts["add"], 2);
});

test("a refused field, an unknown kind, a field that cannot change", () => {
  const base = all(namespace, web(1, "100m"));
  const next = all(
    namespace,
    web(1, "100m").replace("matchLabels: {app: web}", "matchLabels: {app: other}").replace("labels: {app: web}", "labels: {app: other}"),
    "apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: shop}\nspec:\n  selector: {app: web}\n  ports:\n    - port: 99999\n",
    "apiVersion: acme.example/v1\nkind: Rocket\nmetadata: {name: r}\n",
  );
  const ran = project({ "app.yaml": next, "base.yaml": base }).run(["plan", "app.yaml", "--base", "base.yaml", "--format", "json"]);
  assert.is(ran.code, 1, ran.stderr);
  const found = json(ran.stdout);
  assert.equal(
    found.findings.filter((f) => f.severity === "error").map((f) => f.code),
    ["kind-unknown", "replacement-needed", "object-refused"],
  );
  assert.equal([found.counts["replace"], found.counts["refused"]], [1, 2]);
});

test("the report in a file", () => {
  const p = project({ "app.yaml": shop(1) });
  const ran = p.run(["plan", "app.yaml", "--format", "markdown", "-o", "plan.md"]);
  assert.equal([ran.code, ran.stdout], [0, ""]);
  assert.ok(p.read("plan.md").startsWith("<!-- seatrial:plan -->\n## ✅"));
  assert.is(p.run(["plan", "app.yaml", "-o", "no/such/folder/plan.txt"]).code, 2);
});

test.run();
