import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  desired,
  fakeDeployment,
  fakeNode,
  fakePod,
  fakeReplicaSet,
  fakeSnapshot,
  material,
} from "../../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { RefusedObject } from "../../cluster/snapshot.ts";
import { displayWidth } from "../../lib/display-width.ts";
import { makePlan } from "../plan.ts";
import type { Plan } from "../schema.ts";
import { renderJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import { codeSpan, escapeMarkdown } from "./markdown-escape.ts";
import { renderText } from "./text.ts";

/** GitHub's own limit. */
const COMMENT_MAX = 65_536;

function big(count: number, name: (i: number) => string): Plan {
  const nodes = Array.from({ length: 300 }, (_, i) => fakeNode(`node-${name(i)}`, "4"));
  const objects: KubeObject[] = [...nodes];
  const next: KubeObject[] = [];
  for (let i = 0; i < count; i++) {
    const d = fakeDeployment(name(i), { replicas: 1, ready: i % 3 === 0 ? 0 : 1 });
    const rs = fakeReplicaSet(d, 1);
    objects.push(
      d,
      rs,
      fakePod(
        `${name(i)}-abc-1`,
        i % 3 === 0
          ? { owner: rs, cpu: "9", message: `0/300 nodes are available: 300 Insufficient cpu (${i}).` }
          : { owner: rs, cpu: "1", node: `node-${name(i % 300)}` },
      ),
    );
    next.push(d);
  }
  return makePlan(
    material(
      fakeSnapshot(nodes),
      fakeSnapshot(objects),
      next.map((o) => desired(o as unknown as Unchecked)),
    ),
  );
}

const NAMES: Readonly<Record<string, (i: number) => string>> = {
  plain: (i) => `app-${i}`,
  long: (i) => `${"very-".repeat(40)}long-${i}`,
  unicode: (i) => `größe-漢字-🚀-${i}`,
  hostile: (i) => `<img src=x> | \`x\` @team #1 [a](http://b) **x** ${i}`,
};

for (const [about, name] of Object.entries(NAMES)) {
  for (const count of [0, 1, 5000]) {
    if (count === 5000 && about === "hostile") continue;
    test(`${count} ${about} objects`, () => {
      const plan = big(count, name);
      const markdown = renderMarkdown(plan);
      assert.ok(Buffer.byteLength(markdown) < COMMENT_MAX, `${Buffer.byteLength(markdown)} bytes`);
      assert.ok(markdown.startsWith("<!-- seatrial:plan -->\n## "));
      const pending = Math.ceil(count / 3);
      if (count > 0) assert.match(markdown.split("\n")[1] ?? "", new RegExp(`❌ Plan: ${pending} pods? stays? Pending`));
      assert.is(/Left out to fit into a comment/.test(markdown), count === 5000);
      assert.is((markdown.match(/<details>/g) ?? []).length, (markdown.match(/<\/details>/g) ?? []).length);
      assert.is((markdown.match(/^```/gm) ?? []).length % 2, 0);
      const text = renderText(plan, { colors: false, columns: 100 });
      assert.ok(text.split("\n").length < 2500, `${text.split("\n").length} lines`);
      assert.is(JSON.parse(renderJson(plan)).changes.length, count);
    });
  }
}

test("of many findings of one kind the first are shown, and the rest is counted", () => {
  const plan = big(90, (i) => `app-${i}`);
  const text = renderText(plan, { colors: false, columns: 100 });
  assert.is(text.match(/^ {2}✗ shop\/app-/gm)?.length, 20);
  assert.match(text, /… and 10 more findings \(--format json has all\)/);
  assert.match(renderMarkdown(plan), /\| … and 10 more of these kinds \|/);
});

test("hostile names and messages stay text", () => {
  const refused: RefusedObject = {
    object: {
      apiVersion: "v1",
      kind: "Service\u001b[31m",
      metadata: { name: "a\n\n# heading\u001b]8;;http://x\u0007", namespace: "<script>" },
    },
    answer: { code: 422, reason: "Invalid", message: "x\n\n| broken | table |\n<script>alert(1)</script> @everyone ```" },
    source: { file: "a`b.yaml", line: 1 },
  };
  const plan = makePlan(
    material(fakeSnapshot([]), fakeSnapshot([], { refused: [refused] }), [desired(refused.object as unknown as Unchecked)]),
  );
  const markdown = renderMarkdown(plan);
  const outside = markdown.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, "").replace(/(`+)[^\n]*?\1/g, "");
  assert.not.match(outside, /<script/);
  assert.not.match(outside, /@everyone/);
  assert.not.match(markdown, /^# heading/m);
  for (const format of [markdown, renderText(plan, { colors: false, columns: 100 })])
    assert.not.ok(format.includes("\u001b") || format.includes("\u0007"));
});

test("no line of a table is wider than the terminal", () => {
  const plan = big(3, (i) => `${"w".repeat(70)}-${i}`);
  const table =
    renderText(plan, { colors: false, columns: 100 })
      .split("\n\n")
      .find((s) => s.startsWith("Nodes")) ?? "";
  for (const line of table.split("\n")) assert.ok(displayWidth(line) <= 100, line);
});

const ESCAPES: readonly [string, string][] = [
  ["a|b", "a&#124;b"],
  ["<b>", "&#60;b&#62;"],
  ["@me #1", "&#64;me &#35;1"],
  ["1. x", "&#49;. x"],
  ["6.7/7", "6.7/7"],
  ["- x", "&#45; x"],
  ["-x", "-x"],
  ["a\n\nb", "a b"],
  ["see http://x", "see http&#58;//x"],
  ["&amp;", "&#38;amp;"],
];
for (const [text, want] of ESCAPES) test(`escaped: ${JSON.stringify(text)}`, () => assert.is(escapeMarkdown(text), want));

const SPANS: readonly [string, string][] = [
  ["a", "`a`"],
  ["a|b", "`a\\|b`"],
  ["a`b", "`` a`b ``"],
  ["", ""],
  ["a\nb", "`a b`"],
];
for (const [text, want] of SPANS) test(`code: ${JSON.stringify(text)}`, () => assert.is(codeSpan(text), want));

test.run();
