/** The example of a controller of one's own, run as a reader runs it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { golden } from "../support/golden.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("examples/controller", () => {
  const ran = spawnSync(process.execPath, ["--import", "tsx", "examples/controller/main.ts"], { cwd: root, encoding: "utf8" });
  assert.is(ran.status, 0, ran.stderr);
  golden(`${root}examples/controller/golden/story.txt`, ran.stdout);
});

test.run();
