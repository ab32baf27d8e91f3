/** What the chart makes works: planned in this process, and held against what prod must be. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Plan } from "seatrial";
import { fingerprint, renderedFile } from "../render.ts";
import { type Environment, environments } from "../values.ts";

const folder = join(import.meta.dirname, "..");

for (const env of Object.keys(environments) as Environment[])
  test(`rendered/${env}.yaml is made from these values and this chart`, () => {
    assert.ok(readFileSync(renderedFile(env), "utf8").startsWith(fingerprint(env)), "npm run render, and commit it");
  });

test("every pod of prod becomes ready", () => {
  const ran = spawnSync("bash", ["plan.sh", "--format", "json"], { cwd: folder, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  const plan = JSON.parse(ran.stdout) as Plan;
  assert.equal(plan.verdict.errors, 0);
  assert.equal(plan.pods.after.running, environments.prod.replicas);
});
