/** The examples of what teams do beside a single service: a database, a platform, a chart, tests. Their YAML and plans are golden files beside them. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { golden } from "../support/golden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Example {
  /** Golden file below `examples/` for what goes to standard output, when anything does. */
  readonly golden?: string;
  readonly args: readonly string[];
  readonly code: number;
  /** File that is piped in. */
  readonly stdin?: string;
  /** What a reader is shown the example for. */
  readonly shows: RegExp;
}

const DATABASE = ["examples/statefulset-database/main.ts"];
const PLATFORM = ["examples/platform-team/main.ts"];
const EXAMPLES: readonly Example[] = [
  {
    golden: "statefulset-database/golden/database.yaml",
    args: ["synth", ...DATABASE, "-o", "-"],
    code: 0,
    shows: /clusterIP: None[\s\S]*volumeClaimTemplates:/,
  },
  { args: ["check", ...DATABASE], code: 0, shows: /^$/ },
  {
    golden: "statefulset-database/golden/plan.txt",
    args: ["plan", ...DATABASE, "--cluster", "examples/statefulset-database/cluster.ts"],
    code: 0,
    shows: /pods 0 → 3 \(3 Running\)/,
  },
  {
    golden: "platform-team/golden/plan.txt",
    args: ["plan", ...PLATFORM, "--cluster", "examples/platform-team/cluster.ts", "--base", "examples/platform-team/released.yaml"],
    code: 0,
    shows: /requests\.cpu: 2\.8\/3 \(93%\)/,
  },
  { golden: "platform-team/golden/platform.yaml", args: ["synth", ...PLATFORM, "-o", "-"], code: 0, shows: /kind: NetworkPolicy/ },
  {
    golden: "helm/golden/plan.txt",
    args: ["plan", "-", "--cluster", "examples/helm/cluster.yaml"],
    stdin: "examples/helm/rendered.yaml",
    code: 1,
    shows: /didn't match pod anti-affinity rules/,
  },
  {
    golden: "helm/golden/plan.md",
    args: ["plan", "-", "--cluster", "examples/helm/cluster.yaml", "--format", "markdown"],
    stdin: "examples/helm/rendered.yaml",
    code: 1,
    shows: /<!-- seatrial:plan -->/,
  },
  {
    golden: "infrastructure-test/golden/plan.txt",
    args: ["plan", "examples/infrastructure-test/main.ts"],
    code: 0,
    shows: /everything becomes healthy/,
  },
];

for (const { golden: file, args, code, stdin, shows } of EXAMPLES)
  test(`seatrial ${args.join(" ")}${stdin ? ` < ${stdin}` : ""}`, () => {
    const ran = spawnSync(process.execPath, ["dist/src/cli.js", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "0" },
      input: stdin ? readFileSync(join(root, stdin), "utf8") : "",
    });
    assert.is(ran.status, code, ran.stdout + ran.stderr);
    assert.match(ran.stdout, shows);
    if (file === undefined) return assert.match(ran.stderr, /an API server takes them all/);
    assert.is(ran.stderr, "");
    golden(`${root}examples/${file}`, ran.stdout);
    if (args[0] === "plan") assert.not.match(ran.stdout, /not-a-real-password|bm90LWEtcmVhbC1wYXNzd29yZA/, "no Secret's value");
  });

test("the unit tests of infrastructure pass", () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const ran = spawnSync(process.execPath, ["--import", "tsx", "--test", "examples/infrastructure-test/infrastructure.test.ts"], {
    cwd: root,
    encoding: "utf8",
    env,
  });
  assert.is(ran.status, 0, ran.stdout + ran.stderr);
  assert.match(ran.stdout, /# pass 4\n# fail 0/);
});

test.run();
