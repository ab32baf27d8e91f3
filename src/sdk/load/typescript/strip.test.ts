import { test } from "uvu";
import * as assert from "uvu/assert";
import { SYNTAX_ERROR_MARK, stripTypes } from "./strip.ts";
import { AUTHORING_NAMES } from "./type-imports.ts";

const importsOf = (source: string): string =>
  stripTypes(source, "a.ts")
    .split("\n")
    .filter((line) => /^\s*import\b/.test(line))
    .map((line) => line.trim().replace(/\s+/g, " "))
    .join("\n");

test("types go, and every line and column stays", () => {
  const source = 'interface A {\n  a: number;\n}\nconst a: A = { a: 1 } as A; f<string>(a!, "x");\nexport default a satisfies A;\n';
  const stripped = stripTypes(source, "a.ts");
  assert.is(stripped.split("\n").length, source.split("\n").length);
  for (const word of ["const a", "{ a: 1 }", '"x"', "export default"]) assert.is(stripped.indexOf(word), source.indexOf(word), word);
});

test("imports of nothing but types go, as the compiler lets them go; others stay", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['import { A } from "a";\nconst x: A = 1;', ""],
    ['import { A, b } from "a";\nconst x: A = b;', 'import { b } from "a";'],
    ['import { a, B } from "a";\nconst x: B = a;', 'import { a, } from "a";'],
    ['import { type A, b } from "a";\nb();', 'import { b } from "a";'],
    ['import type { A } from "a";\nconst x: A = 1;', ""],
    ['import A from "a";\nconst x: A = 1;', ""],
    ['import * as n from "a";\nconst x: n.A = 1;', ""],
    ['import * as n from "a";\nn.a();', 'import * as n from "a";'],
    ['import "a";\n', 'import "a";'],
    ['import { A as B } from "a";\nconst x: B = 1;', ""],
    // Named in a comment or a text only.
    ['import { A } from "a";\n// A is a type\nconst x: A = "A";', ""],
    // Used in a template, where a rough look sees a text.
    ['import { a } from "a";\nconst x = `${a}`;', 'import { a } from "a";'],
    ['import { a } from "a";\nconst x = `"${a}"`;', 'import { a } from "a";'],
    ['import { a } from "a";\nexport { a };', 'import { a } from "a";'],
    ['import { a } from "a";\nconst o = { a };', 'import { a } from "a";'],
  ];
  for (const [source, imports] of cases) assert.is(importsOf(source), imports, source);
});

test("text that looks like an import, but is data, stays as it is", () => {
  const source = 'import { a } from "a";\na(`\nimport { X } from "x";\nimport { app } from "seatrial";\n`);\n';
  assert.is(stripTypes(source, "a.ts"), source);
});

test("helpers alone do not load the control plane", () => {
  const cases: readonly (readonly [imports: string, from: RegExp])[] = [
    ['import { app } from "seatrial";', /from "file:.*\/sdk\/authoring\.[jt]s";\nuse/],
    ["import { app as a, workload } from 'seatrial';", /from "file:.*\/sdk\/authoring\.[jt]s";\nuse/],
    ['import {\n  expose,\n  workload,\n} from "seatrial";', /\n\} from "file:.*\/sdk\/authoring\.[jt]s";\nuse/],
    ['import { patch, workload } from "seatrial";', /from "file:.*\/sdk\/authoring-with-patch\.[jt]s";\nuse/],
    ['import { app, createCluster } from "seatrial";', /from "seatrial"/],
    ['import * as app from "seatrial";', /from "seatrial"/],
    ['import app from "seatrial";', /from "seatrial"/],
  ];
  for (const [imports, from] of cases) {
    const source = `${imports}\nuse(app, a, workload, expose, patch, createCluster);\n`;
    assert.match(stripTypes(source, "a.ts"), from, imports);
  }
});

test("the names of the helpers are what their module exports", async () => {
  assert.equal([...AUTHORING_NAMES].sort(), Object.keys(await import("../../authoring.ts")).sort());
  assert.equal([...AUTHORING_NAMES, "patch"].sort(), Object.keys(await import("../../authoring-with-patch.ts")).sort());
});

test("what cannot be erased is compiled, with a source map", () => {
  const source =
    "enum E { A = 'x' }\nclass C { constructor(private readonly e: E) {} }\nnamespace N { export const a = 1; }\nexport default [E.A, C, N.a];\n";
  assert.match(stripTypes(source, "a.ts"), /sourceMappingURL=data:application\/json;base64,/);
});

test("a syntax error names line and column from 1", () => {
  try {
    stripTypes("const a = 1;\n  const b: = 2;\n", "/x/a.ts");
    assert.unreachable();
  } catch (error) {
    const message = (error as Error).message;
    assert.ok(message.startsWith(SYNTAX_ERROR_MARK), message);
    const { file, line, column } = JSON.parse(message.slice(SYNTAX_ERROR_MARK.length)) as Record<string, unknown>;
    assert.equal([file, line, column], ["/x/a.ts", 2, 12]);
  }
});

test.run();
