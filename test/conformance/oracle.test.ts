/**
 * Holds the built program against recordings of a real Kubernetes 1.36 control plane, by the same tool that judges it from outside.
 *
 * `oracle/` holds copies of the recordings (and of the tool) that always run; with `../shared/oracle` beside the clone, what may not be copied
 * (published applications and manifests) runs as well. `floors.json` holds what has been reached: it may only rise (UPDATE_GOLDEN=1 raises it,
 * and is refused in CI).
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../..", import.meta.url));
const own = fileURLToPath(new URL("oracle/score.mjs", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/oracle/score.mjs", import.meta.url));
const floorsFile = fileURLToPath(new URL("floors.json", import.meta.url));
const raise = process.env["UPDATE_GOLDEN"] === "1";
if (raise && process.env["CI"]) throw new Error("UPDATE_GOLDEN is refused in CI");

type Figures = Readonly<Record<string, { readonly right: number; readonly of: number; readonly share: number }>>;
interface Floor {
  whole?: string[];
  share: Record<string, number>;
}
const floors: Record<string, Floor> = JSON.parse(readFileSync(floorsFile, "utf8"));

const run = promisify(execFile);
async function score(tool: string, ...args: string[]): Promise<{ figures: Figures }> {
  const { stdout } = await run(process.execPath, [tool, ...args, "--json"], { cwd: root, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

/** Every level must have at least the share that it has had; shares are kept rounded down to a hundredth of a percent. */
function hold(name: string, figures: Figures): void {
  const floor = floors[name]!;
  for (const [level, share] of Object.entries(floor.share)) {
    const is = figures[level];
    assert.ok(is !== undefined, `${name}: nothing was compared at the level "${level}"`);
    assert.ok(is.share >= share - 1e-9, `${name}: ${level} fell to ${is.right} of ${is.of} (${is.share}), the floor is ${share}`);
  }
  if (raise) {
    for (const [level, is] of Object.entries(figures)) floor.share[level] = Math.floor(is.share * 1e4) / 1e4;
    writeFileSync(floorsFile, `${JSON.stringify(floors, null, 2)}\n`);
  }
}

for (const name of ["scenarios", "admission", "updates", "scores", "cni"])
  test(`${name}: no level falls below its floor`, async () => hold(name, (await score(own, name)).figures));

const { whole = [] } = floors["scenarios"]!;
test(`${whole.length} stories are whole: every answer, every object and every event as recorded`, async () => {
  const { figures } = await score(own, "scenarios", "--only", whole.join("|"));
  const full = (level: string): unknown => ({ level, right: figures[level]?.right, of: figures[level]?.of });
  for (const level of ["scenario", "answer", "object", "event"])
    assert.equal(full(level), { level, right: figures[level]?.of, of: figures[level]?.of });
  assert.is(figures["scenario"]?.of, whole.length);
});

if (!existsSync(shared)) console.log("SKIPPED corpus and published: there is no ../shared/oracle beside this clone");
else {
  test("corpus: no level falls below its floor", async () => hold("corpus", (await score(shared, "corpus")).figures));
  const published = fileURLToPath(new URL("../../../shared/oracle/published", import.meta.url));
  test("published: no level falls below its floor", async () =>
    hold("published", (await score(shared, "scenarios", "--dir", published)).figures));
}

test.run();
