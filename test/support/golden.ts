/** Golden files: what a program wrote once and somebody read. UPDATE_GOLDEN=1 writes them anew, which CI refuses. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as assert from "uvu/assert";

export const updateGolden: boolean = process.env["UPDATE_GOLDEN"] === "1";
if (updateGolden && process.env["CI"]) throw new Error("UPDATE_GOLDEN is refused in CI");

/** Holds a text against the golden file. */
export function golden(file: string, text: string): void {
  if (updateGolden) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${file} is missing: UPDATE_GOLDEN=1 writes it`);
  assert.fixture(text, readFileSync(file, "utf8"), `${file} (UPDATE_GOLDEN=1 writes it anew)`);
}
