/** The examples, as the built program sees them: their YAML and their plans are golden files beside them. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { golden } from "../support/golden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Example {
  /** Golden file below `examples/`. */
  readonly golden: string;
  readonly args: readonly string[];
  readonly code: number;
}

const SHOP = ["examples/shop/main.ts", "--env", "prod", "--cluster", "examples/shop/cluster.ts", "--base", "examples/shop/released.yaml"];
const EXAMPLES: readonly Example[] = [
  { golden: "nginx/golden/nginx.yaml", args: ["synth", "examples/nginx/main.ts", "-o", "-"], code: 0 },
  { golden: "nginx/golden/plan.txt", args: ["plan", "examples/nginx/main.ts"], code: 0 },
  { golden: "nginx/golden/plan.md", args: ["plan", "examples/nginx/main.ts", "--format", "markdown"], code: 0 },
  { golden: "nginx/golden/scale.txt", args: ["simulate", "examples/nginx/scale.yaml"], code: 0 },
  { golden: "microservices/golden/v1.yaml", args: ["synth", "examples/microservices/main.ts", "--env", "v1", "-o", "-"], code: 0 },
  { golden: "microservices/golden/v2.yaml", args: ["synth", "examples/microservices/main.ts", "--env", "v2", "-o", "-"], code: 0 },
  { golden: "microservices/golden/story.txt", args: ["simulate", "examples/microservices/story.yaml"], code: 0 },
  { golden: "shop/golden/dev.yaml", args: ["synth", "examples/shop/main.ts", "--env", "dev", "-o", "-"], code: 0 },
  { golden: "shop/golden/prod.yaml", args: ["synth", "examples/shop/main.ts", "--env", "prod", "-o", "-"], code: 0 },
  { golden: "shop/golden/plan-prod.txt", args: ["plan", ...SHOP], code: 1 },
  { golden: "shop/golden/plan-prod.md", args: ["plan", ...SHOP, "--format", "markdown"], code: 1 },
  { golden: "shop/golden/plan-prod.json", args: ["plan", ...SHOP, "--format", "json"], code: 1 },
  { golden: "shop/golden/plan-prod.html", args: ["plan", ...SHOP, "--format", "html"], code: 1 },
  {
    golden: "shop/golden/plan-dev.txt",
    args: ["plan", "examples/shop/main.ts", "--env", "dev", "--cluster", "examples/shop/cluster.ts"],
    code: 0,
  },
];

for (const { golden: file, args, code } of EXAMPLES)
  test(`seatrial ${args.join(" ")}`, () => {
    const ran = spawnSync(process.execPath, ["dist/src/cli.js", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    assert.is(ran.stderr, "");
    assert.is(ran.status, code);
    golden(`${root}examples/${file}`, ran.stdout);
    if (file.startsWith("shop"))
      assert.not.match(ran.stdout, args[0] === "synth" ? /^$/ : /not-a-real-key|bm90LWEtcmVhbC1rZXk/, "no Secret's value");
  });

test.run();
