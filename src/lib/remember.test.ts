import { test } from "uvu";
import * as assert from "uvu/assert";
import { remember } from "./remember.ts";

test("a text is read once, also where that gives nothing", () => {
  const asked: string[] = [];
  const lengthOf = remember((text) => {
    asked.push(text);
    return text === "" ? undefined : text.length;
  });
  for (const text of ["a", "", "a", "", "bb"]) lengthOf(text);
  assert.equal(asked, ["a", "", "bb"]);
  assert.is(lengthOf("bb"), 2);
  assert.is(lengthOf(""), undefined);
});

test("what is remembered is bounded", () => {
  let reads = 0;
  const count = remember(() => ++reads);
  const long = "x".repeat(1000);
  count(long);
  count(long);
  assert.is(reads, 2);
  for (let i = 0; i < 30_000; i++) count(`${i}`);
  count("0");
  assert.is(reads, 30_003);
});

test.run();
