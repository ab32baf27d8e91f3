/**
 * The README is true: its TypeScript compiles (or does not, where it says so) and runs, its commands print what it shows, its YAML is that of the
 * examples, and it has two set-up commands. UPDATE_GOLDEN=1 writes the commands' output anew.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { updateGolden } from "./support/golden.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "README.md");
const text = readFileSync(file, "utf8");
const FENCE = /^```(\S+)(?: +([^\n]*))?\n([\s\S]*?)^```$/gm;

interface Block {
  readonly language: string;
  /** What follows the language: `run`, `errors`, or the number of lines of output that are shown. */
  readonly note: string;
  readonly body: string;
}

const blocks: readonly Block[] = [...text.matchAll(FENCE)].map(([, language, note, body]) => ({
  language: language!,
  note: note ?? "",
  body: body!,
}));
const of = (language: string): readonly Block[] => blocks.filter((b) => b.language === language);

/** TypeScript of the README, in a folder in which `seatrial` is this package. */
const folder = join(root, ".readme-test");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../examples/tsconfig.json",
    compilerOptions: { noUnusedLocals: false },
    include: [],
    files: of("ts").map((_, i) => `block-${i}.ts`),
  }),
);
for (const [i, b] of of("ts").entries()) writeFileSync(join(folder, `block-${i}.ts`), b.body);
const compiled = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], {
  encoding: "utf8",
  cwd: folder,
}).stdout;
const errorLines = (i: number): number[] => [...compiled.matchAll(new RegExp(`^block-${i}\\.ts\\((\\d+),`, "gm"))].map((m) => Number(m[1]));

of("ts").forEach((block, i) => {
  if (block.note === "errors") {
    test(`TypeScript ${i}: no statement compiles`, () => {
      const statements = block.body.split("\n").flatMap((line, n) => (/^(const|[A-Z]\w*\()/.test(line) ? [n + 1] : []));
      assert.ok(statements.length > 0);
      assert.equal(
        statements.filter((n) => !errorLines(i).includes(n)),
        [],
        "lines that compile",
      );
    });
    return;
  }
  test(`TypeScript ${i} compiles`, () => assert.equal(errorLines(i), [], compiled));
  if (block.note === "run")
    test(`TypeScript ${i} runs`, () => {
      const ran = spawnSync(process.execPath, ["--import", "tsx", join(folder, `block-${i}.ts`)], { encoding: "utf8", cwd: root });
      assert.is(ran.status, 0, ran.stderr);
    });
});

/** What a command of the README prints; a block may show the first lines only. */
function shown(block: Block): string {
  const [line = ""] = block.body.split("\n");
  const [program, ...args] = line.replace(/^\$ /, "").split(" ");
  assert.is(program, "seatrial");
  const ran = spawnSync(process.execPath, ["dist/src/cli.js", ...args], { encoding: "utf8", cwd: root });
  const lines = `${ran.stdout}${ran.stderr}`.trimEnd().split("\n");
  const most = Number(block.note || Number.POSITIVE_INFINITY);
  return `${[line, ...lines.slice(0, most), ...(lines.length > most ? ["…"] : [])].join("\n")}\n`;
}

for (const block of of("console"))
  test(block.body.split("\n")[0]!, () => {
    const is = shown(block);
    if (updateGolden)
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace(`\n${block.body}\`\`\`\n`, () => `\n${is}\`\`\`\n`),
      );
    else assert.fixture(is, block.body);
  });

test("its YAML is that of the examples", () => {
  const examples = (readdirSync(join(root, "examples"), { recursive: true }) as string[])
    .filter((f) => f.endsWith(".yaml"))
    .map((f) => readFileSync(join(root, "examples", f), "utf8"));
  for (const { body } of of("yaml")) assert.ok(examples.includes(body), body);
});

test("there are exactly two set-up commands, and each names a script that exists", () => {
  const commands = of("sh").map((b) => b.body.trim());
  assert.equal(commands, ["npm ci && npm run demo", "npm ci && npm test"]);
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.ok(scripts.demo && scripts.test);
});

test("the demo is the command that is shown", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.ok(text.includes(`$ ${scripts.demo.replace("node dist/src/cli.js", "seatrial")}\n`));
});

test("links within the repository lead somewhere", () => {
  const prose = text.replaceAll(FENCE, "");
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" });
  for (const [, target] of prose.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) assert.ok(tracked.includes(target!), target);
  for (const [, anchor] of prose.matchAll(/\]\(#([^)]+)\)/g))
    assert.match(text.toLowerCase(), new RegExp(`^#+ ${anchor!.replaceAll("-", "[ -]")}$`, "m"));
});

test.run();
