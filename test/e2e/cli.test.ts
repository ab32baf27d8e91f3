import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageFolder, project, STACK } from "./run-cli.ts";

const p = project({});

test("help and version go to standard output", () => {
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  assert.is(p.run(["--version"]).stdout, `${version}\n`);
  for (const args of [[], ["--help"], ["-h"], ["help"]]) {
    const ran = p.run(args);
    assert.is(ran.code, 0);
    for (const name of ["synth", "check", "plan", "simulate"]) assert.match(ran.stdout, new RegExp(`^  ${name} `, "m"));
  }
  for (const name of ["synth", "check", "plan", "simulate"]) {
    const ran = p.run([name, "--help"]);
    assert.match(ran.stdout, new RegExp(`Usage: seatrial ${name}.*\\n[\\s\\S]*Options:\\n[\\s\\S]*--help[\\s\\S]*Examples:\\n`));
    assert.is(p.run(["help", name]).stdout, ran.stdout);
    assert.is(ran.code, 0);
    for (const line of ran.stdout.split("\n")) assert.ok(line.length <= 120, line);
  }
});

test("bad usage: exit code 2, and a suggestion", () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["synt"], /no command "synt"; did you mean synth\?/],
    [["paln"], /did you mean plan\?/],
    [["xyzzy"], /no command "xyzzy"\nTry: seatrial --help/],
    [["__proto__"], /no command "__proto__"/],
    [["constructor"], /no command "constructor"/],
    [["serve"], /serve is not available yet in this version/],
    [["--verbose"], /there is no option --verbose before a command/],
    [["synth", "--ouput", "x"], /no option --ouput; did you mean --output\?\nTry: seatrial synth --help/],
    [["synth", "-x"], /no option -x/],
    [["synth", "--env"], /option '--env <value>' argument missing/],
    [["synth", "a", "b"], /synth takes at most 1 argument/],
    [["synth", "--kubernetes", "1.2"], /--kubernetes is one of 1\.36, not "1\.2"/],
    [["synth", "a", "-o", ""], /--output needs a folder/],
  ];
  for (const [args, said] of cases) {
    const ran = p.run(args);
    assert.is(ran.code, 2, args.join(" "));
    assert.is(ran.stdout, "");
    assert.match(ran.stderr, said);
    assert.not.match(ran.stderr, STACK);
  }
});

test("a reader that leaves early is no error", () => {
  const many = project({
    "many.mjs":
      'export default Array.from({ length: 20000 }, (_, i) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" + i } }));\n',
  });
  const cli = join(packageFolder, "dist/src/cli.js");
  const ran = spawnSync("sh", ["-c", `"${process.execPath}" "${cli}" synth many.mjs -o - | head -1`], { cwd: many.dir, encoding: "utf8" });
  assert.is(ran.stdout, "apiVersion: v1\n");
  assert.is(ran.stderr, "");
});

test.run();
