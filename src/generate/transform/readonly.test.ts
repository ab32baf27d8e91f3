import { test } from "uvu";
import * as assert from "uvu/assert";
import { newProject } from "../interfaces.ts";
import { readonlyType } from "./readonly.ts";

const CASES: readonly (readonly [printed: string, readonlyText: string])[] = [
  ["string", "string"],
  ["Container[]", "readonly Container[]"],
  ['("a" | "b")[]', 'readonly ("a" | "b")[]'],
  ["string[][]", "readonly (readonly string[])[]"],
  ["[Container, ...(Container)[]]", "readonly [Container, ...Container[]]"],
  ['["a" | "b", ...("a" | "b")[]]', 'readonly ["a" | "b", ...("a" | "b")[]]'],
  ["{\n[k: string]: string\n}", "Readonly<Record<string, string>>"],
  ["{ [k: string]: string[] }", "Readonly<Record<string, readonly string[]>>"],
  ["(A & B)[]", "readonly (A & B)[]"],
  ["A | readonly A[]", "A | readonly A[]"],
];

for (const [printed, readonlyText] of CASES) {
  test(printed, () => {
    const source = newProject().createSourceFile("a.ts", `type A = ${printed};`);
    assert.is(readonlyType(source.getTypeAliasOrThrow("A").getTypeNodeOrThrow()), readonlyText);
  });
}

test.run();
