import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mappedPaths, tsConfigFor } from "./tsconfig.ts";

function mapped(files: Readonly<Record<string, string>>, folder: string, specifier: string): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), "seatrial-tsconfig-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const config = tsConfigFor(join(dir, folder));
    return config ? mappedPaths(config, specifier).map((p) => relative(dir, p)) : [];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test("paths, base URL and extends", () => {
  const base =
    '{ // c\n "compilerOptions": { "paths": { "@/*": ["src/*", "gen/*"], "@/deep/*": ["deep/*"], "one": ["./one.ts"], "http://x": ["y"], }, }, }';
  assert.equal(mapped({ "tsconfig.json": base }, ".", "@/a/b"), ["src/a/b", "gen/a/b"]);
  assert.equal(mapped({ "tsconfig.json": base }, ".", "@/deep/b"), ["deep/b"]);
  assert.equal(mapped({ "tsconfig.json": base }, ".", "one"), ["one.ts"]);
  assert.equal(mapped({ "tsconfig.json": base }, ".", "two"), []);
  assert.equal(mapped({ "tsconfig.json": base, "a/b/x.ts": "" }, "a/b", "one"), ["one.ts"], "the nearest above");
  assert.equal(mapped({ "base/tsconfig.json": base, "tsconfig.json": '{ "extends": "./base/tsconfig.json" }' }, ".", "one"), [
    "base/one.ts",
  ]);
  assert.equal(mapped({ "b.json": base, "tsconfig.json": '{ "extends": ["./b"], "compilerOptions": { "baseUrl": "src" } }' }, ".", "lib"), [
    "src/lib",
  ]);
  assert.equal(mapped({ "tsconfig.json": "{ broken" }, ".", "one"), []);
  assert.equal(
    mapped(
      { "tsconfig.json": '{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "a": "no list", "b": [3, "c"] } } }' },
      ".",
      "b",
    ),
    ["c"],
  );
});

test.run();
