/** Every template, as a user gets it: made by the packed program, installed from the package, and everything run that its README and its CI run. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse, parseAllDocuments } from "yaml";
import { STACK } from "./run-cli.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const OWN_MODULES = join(PACKAGE, "node_modules");
/** Template → how many Pods its plan ends with, all of them Running. */
const TEMPLATES: Readonly<Record<string, number>> = { app: 3, "helm-wrapper": 3, platform: 0, monorepo: 6 };
/** A command that takes longer hangs. */
const SECONDS_MAX = 90;

const work = mkdtempSync(join(tmpdir(), "seatrial-init-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cwd: string, command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_OPTIONS: ___, NODE_TEST_CONTEXT: ____, ...inherited } = process.env;
  const done = spawnSync(command, [...args], {
    cwd,
    encoding: "utf8",
    timeout: SECONDS_MAX * 1000,
    env: { ...inherited, npm_config_update_notifier: "false", ...env },
  });
  return { code: done.status, stdout: done.stdout ?? "", stderr: done.stderr ?? String(done.error) };
}

/** What the package registry would hand out, extracted, with the packages beside it that it depends on. */
const packed = pack();

function pack(): { readonly modules: string; readonly cli: string } {
  const done = run(PACKAGE, "npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", work]);
  assert.is(done.code, 0, done.stderr);
  const modules = join(work, "node_modules");
  const bin = join(modules, ".bin");
  for (const folder of [join(modules, "seatrial"), bin]) mkdirSync(folder, { recursive: true });
  const tar = run(work, "tar", ["xzf", done.stdout.trim(), "--strip-components=1", "-C", join(modules, "seatrial")]);
  assert.is(tar.code, 0, tar.stderr);
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const name of [...Object.keys(dependencies), "typescript", "tsx", "@types/node"]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(OWN_MODULES, name), join(modules, name), "dir");
  }
  const cli = join(modules, "seatrial/dist/src/cli.js");
  chmodSync(cli, 0o755);
  symlinkSync(cli, join(bin, "seatrial"));
  for (const name of ["tsc", "tsx"]) symlinkSync(join(OWN_MODULES, ".bin", name), join(bin, name));
  return { modules, cli };
}

/** As `npm install` would: the packages, and the project's own workspaces among them. */
function install(dir: string): void {
  const modules = join(dir, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(packed.modules)) symlinkSync(join(packed.modules, name), join(modules, name));
  for (const manifest of files(dir).filter((p) => /^(?:packages|services)\/[^/]+\/package\.json$/.test(p))) {
    const { name } = JSON.parse(readFileSync(join(dir, manifest), "utf8")) as { name: string };
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(dir, dirname(manifest)), join(modules, name), "dir");
  }
}

function files(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((e) => e.name !== "node_modules" && e.name !== ".git")
    .flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)).map((p) => `${e.name}/${p}`) : [e.name]))
    .sort();
}

function init(cwd: string, ...args: readonly string[]): Ran {
  return run(cwd, process.execPath, [packed.cli, "init", ...args]);
}

function read(dir: string, path: string): string {
  return readFileSync(join(dir, path), "utf8");
}

function git(dir: string, ...args: readonly string[]): void {
  const done = run(dir, "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  assert.is(done.code, 0, done.stderr);
}

for (const [template, pods] of Object.entries(TEMPLATES)) {
  const dir = join(work, template, "My Shop");

  test(`${template}: made, with all that it promises`, () => {
    mkdirSync(dirname(dir));
    const made = init(dirname(dir), "My Shop", "--template", template);
    assert.is(made.code, 0, made.stderr);
    const paths = files(dir);
    for (const path of paths) assert.match(made.stdout, `  ${path}\n`);
    for (const path of [
      ".gitignore",
      ".github/workflows/plan.yml",
      ".gitlab-ci.yml",
      "ci/plan.sh",
      "ci/comment.sh",
      "tsconfig.json",
      "README.md",
    ])
      assert.ok(paths.includes(path), path);
    for (const path of paths) assert.not.match(read(dir, path), /\{\{(?:name|version)\}\}/, path);
    const manifest = JSON.parse(read(dir, "package.json")) as {
      name: string;
      scripts: Record<string, string>;
      dependencies: Record<string, string>;
    };
    assert.is(manifest.name, "my-shop");
    for (const script of ["synth", "check", "plan", "test"]) assert.ok(manifest.scripts[script], script);
    const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { version: string };
    assert.is(manifest.dependencies["seatrial"], `^${version}`);
    const { compilerOptions } = JSON.parse(read(dir, "tsconfig.json")) as { compilerOptions: Record<string, unknown> };
    assert.ok(compilerOptions["strict"] && compilerOptions["erasableSyntaxOnly"]);
    assert.match(read(dir, "README.md"), "```sh\nnpm install\nnpm run plan\n```");
  });

  test(`${template}: CI files are right`, () => {
    const workflow = parse(read(dir, ".github/workflows/plan.yml")) as {
      permissions: unknown;
      jobs: { plan: { steps: readonly { uses?: string; run?: string }[] } };
    };
    assert.equal(workflow.permissions, { contents: "read", "pull-requests": "write" });
    for (const { uses, run: script } of workflow.jobs.plan.steps) {
      if (uses !== undefined) assert.match(uses, /^actions\/(?:checkout|setup-node|upload-artifact)@[0-9a-f]{40}$/);
      // What a branch is called must not become part of a script.
      if (script !== undefined) assert.not.match(script, "${{");
    }
    assert.not.match(read(dir, ".github/workflows/plan.yml"), /secrets\.|pull_request_target/);
    const gitlab = parseAllDocuments(read(dir, ".gitlab-ci.yml"));
    for (const document of gitlab) assert.equal((document as { errors: unknown[] }).errors, []);
    const { plan } = parse(read(dir, ".gitlab-ci.yml")) as { plan: { script: unknown[]; after_script: unknown[]; artifacts: object } };
    for (const line of [...plan.script, ...plan.after_script]) assert.type(line, "string");
    assert.equal((plan.artifacts as { paths: unknown }).paths, ["report/", "manifests/"]);
    for (const script of files(dir).filter((p) => p.endsWith(".sh"))) assert.is(run(dir, "bash", ["-n", script]).stderr, "", script);
  });

  test(`${template}: types, synth, check, plan and its own test`, () => {
    install(dir);
    const tsc = run(dir, "node_modules/.bin/tsc", ["-p", "."]);
    assert.is(tsc.stdout, "");
    assert.is(tsc.code, 0);
    const script = (name: string, ...args: readonly string[]): Ran => {
      const done = run(dir, "npm", ["run", "--silent", name, ...(args.length > 0 ? ["--", ...args] : [])]);
      assert.is(done.code, 0, `npm run ${name}: ${done.stdout}${done.stderr}`);
      assert.not.match(done.stderr, STACK);
      return done;
    };
    script("synth");
    const once = contents(join(dir, "manifests"));
    assert.ok(Object.keys(once).length > 1);
    rmSync(join(dir, "manifests"), { recursive: true });
    script("synth");
    assert.equal(contents(join(dir, "manifests")), once);
    assert.not.match(script("check").stdout, "error");
    const plan = JSON.parse(script("plan", "--format", "json").stdout) as {
      verdict: { level: string };
      pods: { after: { total: number; running: number } };
    };
    assert.is(plan.verdict.level, "healthy");
    assert.equal([plan.pods.after.total, plan.pods.after.running], [pods, pods]);
    assert.match(script("test").stdout, /# fail 0/);
  });

  test(`${template}: the plan of a pull request, in a shell`, () => {
    git(dir, "init", "--quiet", "--initial-branch=main");
    git(dir, "add", ".");
    git(dir, "commit", "--quiet", "-m", "base");
    const same = run(dir, "bash", ["ci/plan.sh", "main"]);
    assert.is(same.code, 0, same.stdout + same.stderr);
    assert.match(same.stdout, /0 to add, 0 to change, 0 to destroy/);
    assert.ok(read(dir, "report/plan.md").startsWith("<!-- seatrial:plan -->\n"));
    assert.is((JSON.parse(read(dir, "report/plan.json")) as { schema: string }).schema, "seatrial.dev/plan/v1");
    assert.is(run(dir, "git", ["status", "--porcelain"]).stdout, "", "what CI writes is ignored");
    // The rest is the same script for all.
    if (template !== "app") return;
    const first = run(dir, "bash", ["ci/plan.sh", "origin/main"]);
    assert.is(first.code, 0, first.stdout + first.stderr);
    assert.match(first.stderr, "There is no origin/main");
    assert.not.match(first.stdout, / 0 to add/);
  });
}

function contents(dir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(files(dir).map((path) => [path, read(dir, path)]));
}

/** A curl that answers from a file for each request and keeps what it was sent. */
const CURL = `#!/usr/bin/env bash
set -eu
method=GET url="" data=""
while [ $# -gt 0 ]; do
  case "$1" in
    --request) method=$2; shift ;;
    --data-binary) data=\${2#@}; shift ;;
    --header) cp "\${2#@}" "$STUB/headers"; shift ;;
    --max-time) shift ;;
    http*) url=$1 ;;
  esac
  shift
done
echo "$method $url" >> "$STUB/calls"
if [ -n "$data" ]; then cp "$data" "$STUB/body"; fi
if [ "\${STUB_FAILS:-}" = "$method" ]; then echo "curl: (22) The requested URL returned error: 403" >&2; exit 22; fi
page=\${url##*page=}
if [ "$method" = GET ] && [ -f "$STUB/page-$page" ]; then cat "$STUB/page-$page"; elif [ "$method" = GET ]; then echo "[]"; else echo "{}"; fi
`;

interface Stub {
  readonly calls: readonly string[];
  readonly headers: string;
  readonly body: string;
  readonly ran: Ran;
}

let stubs = 0;
function comment(env: Readonly<Record<string, string>>, pages: readonly (readonly object[])[] = []): Stub {
  const stub = join(work, `stub-${++stubs}`);
  mkdirSync(stub);
  writeFileSync(join(stub, "curl"), CURL, { mode: 0o755 });
  pages.forEach((page, i) => {
    writeFileSync(join(stub, `page-${i + 1}`), JSON.stringify(page));
  });
  const kept = (name: string): string => (existsSync(join(stub, name)) ? read(stub, name) : "");
  const ran = run(join(work, "app/My Shop"), "bash", ["ci/comment.sh"], {
    ...{ GITHUB_TOKEN: "", PULL_REQUEST: "", SEATRIAL_GITLAB_TOKEN: "", CI_MERGE_REQUEST_IID: "", GITHUB_API_URL: "" },
    ...env,
    STUB: stub,
    PATH: `${stub}:${process.env["PATH"]}`,
  });
  return { calls: kept("calls").trim().split("\n").filter(Boolean), headers: kept("headers"), body: kept("body"), ran };
}

const GITHUB = { GITHUB_TOKEN: "not-a-token", GITHUB_REPOSITORY: "shop/infra", PULL_REQUEST: "7" };
const LIST = "https://api.github.com/repos/shop/infra/issues/7/comments";
const OURS = { id: 42, body: "<!-- seatrial:plan -->\nan older plan" };
const other = (id: number): object => ({ id, body: "I quote: <!-- seatrial:plan -->" });

test("a comment on GitHub: the first is made", () => {
  const { calls, body, headers, ran } = comment(GITHUB, [[other(1)]]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(calls, [`GET ${LIST}?per_page=100&page=1`, `POST ${LIST}`]);
  assert.match(headers, "Authorization: Bearer not-a-token\n");
  assert.is((JSON.parse(body) as { body: string }).body, read(join(work, "app/My Shop"), "report/plan.md"));
  assert.not.match(ran.stdout + ran.stderr, "not-a-token");
});

test("a comment on GitHub: from then on the same is written over, on whatever page it is", () => {
  const { calls, ran } = comment(GITHUB, [Array.from({ length: 100 }, (_, i) => other(i)), [other(200), OURS]]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(calls, [
    `GET ${LIST}?per_page=100&page=1`,
    `GET ${LIST}?per_page=100&page=2`,
    "PATCH https://api.github.com/repos/shop/infra/issues/comments/42",
  ]);
});

test("a note on GitLab", () => {
  const env = {
    SEATRIAL_GITLAB_TOKEN: "not-a-token",
    CI_API_V4_URL: "https://git.example/api/v4",
    CI_PROJECT_ID: "3",
    CI_MERGE_REQUEST_IID: "9",
  };
  const list = "https://git.example/api/v4/projects/3/merge_requests/9/notes";
  assert.equal(comment(env, [[OURS]]).calls, [`GET ${list}?per_page=100&page=1`, `PUT ${list}/42`]);
  const first = comment(env);
  assert.equal(first.calls, [`GET ${list}?per_page=100&page=1`, `POST ${list}`]);
  assert.match(first.headers, "PRIVATE-TOKEN: not-a-token\n");
});

test("without a token, and with one that may not write, nothing fails", () => {
  assert.equal(comment({}).calls, []);
  assert.is(comment({}).ran.code, 0);
  for (const method of ["GET", "POST"]) {
    const { ran, calls } = comment({ ...GITHUB, STUB_FAILS: method });
    assert.is(ran.code, 0);
    assert.match(ran.stderr, "The comment could not be written");
    assert.is(
      calls.filter((c) => c.startsWith("POST")).length,
      method === "GET" ? 0 : 1,
      "no second comment when the first was not found out",
    );
  }
});

test("a change that blocks fails the shell's plan and leaves the report; one that does not compile is the report", () => {
  const dir = join(work, "app/My Shop");
  const source = read(dir, "src/service.ts");
  writeFileSync(join(dir, "src/service.ts"), source.replace('cpu, memory: "64Mi"', 'cpu: "5", memory: "64Mi"'));
  const blocked = run(dir, "bash", ["ci/plan.sh", "main"]);
  assert.is(blocked.code, 1, blocked.stdout + blocked.stderr);
  assert.match(read(dir, "report/plan.md"), "Insufficient cpu");
  writeFileSync(join(dir, "src/service.ts"), source.replace('{ 80: "http" }', '{ 80: "htp" }'));
  const broken = run(dir, "bash", ["ci/plan.sh", "main"]);
  assert.is.not(broken.code, 0);
  const report = read(dir, "report/plan.md");
  assert.ok(report.startsWith("<!-- seatrial:plan -->\n## ❌ No plan"), report);
  assert.match(report, /service\.ts/);
  writeFileSync(join(dir, "src/service.ts"), source);
});

/** A helm that keeps what it was asked and prints what was rendered before, with one replica more. */
const HELM = `#!/usr/bin/env bash
set -eu
echo "$@" > "$STUB/arguments"
cat > "$STUB/values"
sed -e '1d' -e 's/replicas: 3/replicas: 4/' "$STUB/prod.yaml"
`;

test("helm-wrapper: without helm changed values are not passed off as rendered; with it they are rendered", () => {
  const dir = join(work, "helm-wrapper/My Shop");
  const values = read(dir, "values.ts");
  writeFileSync(join(dir, "values.ts"), values.replace("replicas: 3", "replicas: 4"));
  const npm = (script: string, env: Readonly<Record<string, string>> = {}): Ran => run(dir, "npm", ["run", "--silent", script], env);
  const without = npm("plan");
  assert.is.not(without.code, 0);
  assert.match(without.stderr, "install helm, then npm run render");
  const stub = join(work, "helm-stub");
  mkdirSync(stub);
  writeFileSync(join(stub, "helm"), HELM, { mode: 0o755 });
  writeFileSync(join(stub, "prod.yaml"), read(dir, "rendered/prod.yaml"));
  const env = { STUB: stub, PATH: `${stub}:${process.env["PATH"]}` };
  const rendered = npm("plan", env);
  assert.is(rendered.code, 0, rendered.stderr);
  assert.match(rendered.stdout, "pods 0 → 4 (4 Running)");
  assert.match(read(stub, "arguments"), /^template my-shop \S.*chart --namespace my-shop --values -\n$/);
  assert.is((JSON.parse(read(stub, "values")) as { replicas: number }).replicas, 4);
  assert.is(npm("render", env).code, 0);
  // Now what was rendered serves without helm too, and the base is what was committed.
  const against = run(dir, "npm", ["run", "--silent", "plan", "--", "--base", "main"]);
  assert.is(against.code, 0, against.stderr);
  assert.match(against.stdout, "spec.replicas: 3 → 4");
});

test("init writes over nothing", () => {
  const dir = join(work, "taken");
  mkdirSync(join(dir, "src"), { recursive: true });
  writeFileSync(join(dir, "NOTES.md"), "mine");
  writeFileSync(join(dir, "tsconfig.json"), "{}");
  const refused = init(dir);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, "this folder has tsconfig.json already");
  assert.equal(files(dir), ["NOTES.md", "tsconfig.json"]);
  rmSync(join(dir, "tsconfig.json"));
  // Other files, and folders that it shares, are no hindrance.
  assert.is(init(dir).code, 0);
  assert.is(read(dir, "NOTES.md"), "mine");
  assert.is(init(dir).code, 2, "a second time");
  const blocked = join(work, "blocked");
  mkdirSync(blocked);
  writeFileSync(join(blocked, "ci"), "");
  assert.match(init(blocked).stderr, "ci: there is a file where init needs a folder");
  assert.match(init(work, "blocked/ci").stderr, "blocked/ci: there is a file where init needs a folder");
  assert.equal(files(blocked), ["ci"]);
});

test("init says what there is, and names the project after its folder", () => {
  const unknown = init(work, "x", "--template", "plattform");
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, "did you mean platform?");
  for (const name of Object.keys(TEMPLATES)) assert.match(unknown.stderr, new RegExp(`^  ${name} +\\S`, "m"));
  assert.not.ok(existsSync(join(work, "x")));
  for (const [folder, name] of [
    ["Ünïcode Shop_2", "unicode-shop-2"],
    ["42-answers", "answers"],
    ["--", "app"],
    ["店", "app"],
    [`${"long-".repeat(12)}name`, "long-long-long-long-long-long-long-long"],
  ] as const) {
    const made = init(work, "--", join("names", folder));
    assert.is(made.code, 0, made.stderr);
    assert.is((JSON.parse(read(work, join("names", folder, "package.json"))) as { name: string }).name, name);
  }
  assert.match(init(work, "y", "--name", "My_Shop").stderr, "my-shop can");
  assert.is(init(work, "y", "--name", "shop").code, 0);
  assert.is((JSON.parse(read(work, "y/package.json")) as { name: string }).name, "shop");
});

test.run();
