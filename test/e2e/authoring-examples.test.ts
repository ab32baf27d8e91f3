/** The examples of environments, custom resources and imports, as the built program sees them. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { golden } from "../support/golden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Example {
  /** Golden file below `examples/`. */
  readonly golden?: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly says?: RegExp;
}

const ENVIRONMENTS = "examples/environments/main.ts";
const CRDS = "examples/custom-resources";
const EXAMPLES: readonly Example[] = [
  { golden: "environments/golden/prod.yaml", args: ["synth", ENVIRONMENTS, "--env", "prod", "-o", "-"], code: 0 },
  {
    golden: "environments/golden/plan.txt",
    args: ["plan", ENVIRONMENTS, "--env", "all", "--cluster", "examples/environments/cluster.ts"],
    code: 0,
  },
  { args: ["generate", `${CRDS}/databases.yaml`, "-o", `${CRDS}/crds`, "--check"], code: 0 },
  { golden: "custom-resources/golden/plan.txt", args: ["plan", `${CRDS}/main.ts`], code: 1 },
  { golden: "import/golden/deployed.ts", args: ["import", "examples/import/deployed.yaml"], code: 0 },
  {
    golden: "import/golden/compose.ts",
    args: ["import", "examples/import/compose.yaml"],
    code: 0,
    says: /web: depends_on db: Kubernetes starts all at once/,
  },
  { args: ["check", "examples/import/golden/deployed.ts"], code: 0, says: /3 objects checked, an API server takes them all/ },
  { args: ["check", "examples/import/golden/compose.ts"], code: 0, says: /5 objects checked, an API server takes them all/ },
];

for (const { golden: file, args, code, says } of EXAMPLES)
  test(`seatrial ${args.join(" ")}`, () => {
    const ran = spawnSync(process.execPath, ["dist/src/cli.js", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    if (says) assert.match(ran.stderr, says);
    else assert.is(ran.stderr, "");
    if (file !== undefined) golden(`${root}examples/${file}`, ran.stdout);
    assert.is(ran.status, code, ran.stdout);
  });

test.run();
