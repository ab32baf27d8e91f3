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
  scaleUp,
} from "../../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import { makePlan } from "../plan.ts";
import type { Plan } from "../schema.ts";
import { clipText, escapeHtml, html } from "./html/element.ts";
import { paletteOf } from "./html/palette.ts";
import { renderHtml, renderHtmlOfAll } from "./html.ts";

/** Elements that the page may be made of: no script, no image, no frame, no form. */
const ELEMENTS = new Set(
  "html head meta title style body main header nav article section h1 h2 h3 h4 h5 p ul li a span strong code dl div dt dd pre details summary blockquote table thead tbody tr th td i figure figcaption svg path text desc".split(
    " ",
  ),
);
const VOID = new Set(["meta"]);

interface Read {
  readonly ids: readonly string[];
  readonly refs: readonly string[];
}

/** Reads a page as strictly as its own templates write it. @throws what is wrong with it */
function strictly(page: string): Read {
  assert.ok(page.startsWith("<!doctype html>\n"));
  const open: string[] = [];
  const ids: string[] = [];
  const refs: string[] = [];
  let at = "<!doctype html>".length;
  while (at < page.length) {
    const next = page.indexOf("<", at);
    const text = page.slice(at, next < 0 ? page.length : next);
    if (open.at(-1) !== "style") assert.not.match(text, /[>]|&(?!#\d+;)/, `bare text: ${text.slice(0, 80)}`);
    if (next < 0) break;
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?::[a-z]+)?(?:="[^"<>]*")?)*)(\/?)>/i.exec(page.slice(next, next + 20_000));
    assert.ok(tag, `no tag: ${page.slice(next, next + 80)}`);
    const [whole, close, name = "", attributes = "", self] = tag!;
    assert.ok(ELEMENTS.has(name), `<${name}>`);
    assert.not.match(attributes.replace(/"[^"]*"/g, ""), / (on\w+|src|srcset|srcdoc|xlink:href)=/i);
    for (const [, key, value = ""] of attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)) {
      if (key === "id") ids.push(value);
      if (key === "aria-labelledby") refs.push(...value.split(" "));
      if (key === "href") {
        assert.match(value, /^#/);
        refs.push(value.slice(1));
      }
      if (key === "style") assert.match(value, /^[a-z:0-9.% ;-]+$/);
    }
    if (close) assert.is(open.pop(), name, `</${name}> at ${page.slice(next - 60, next)}`);
    else if (!self && !VOID.has(name)) open.push(name);
    at = next + whole.length;
  }
  assert.equal(open, []);
  assert.is(new Set(ids).size, ids.length, "an id stands twice");
  for (const ref of refs) assert.ok(ids.includes(ref), `nothing has the id ${ref}`);
  return { ids, refs };
}

function many(count: number, nodes: number, name: (i: number) => string, waiting = 3): Plan {
  const list = Array.from({ length: nodes }, (_, i) =>
    fakeNode(`node-${name(i)}`, "16", "64Gi", {
      metadata: { name: `node-${name(i)}`, labels: { "topology.kubernetes.io/zone": name(i % 3) } },
    }),
  );
  const objects: KubeObject[] = [...list];
  const next: KubeObject[] = [];
  for (let i = 0; i < count; i++) {
    const d = { ...fakeDeployment(name(i), { replicas: 3, ready: i % waiting === 0 ? 0 : 3 }) };
    const rs = fakeReplicaSet(d, 3);
    objects.push(d, rs);
    for (let p = 0; p < 3; p++)
      objects.push(
        fakePod(`${name(i)}-abc-${p}`, {
          owner: rs,
          cpu: "100m",
          ...(i % waiting === 0 ? { message: `0/${nodes} nodes are available (${name(i)}).` } : { node: `node-${name((i + p) % nodes)}` }),
        }),
      );
    next.push(d);
  }
  return makePlan(
    material(
      fakeSnapshot(list),
      fakeSnapshot(objects),
      next.map((o) => desired(o as unknown as Unchecked)),
    ),
  );
}

const HOSTILE = (i: number): string => `</style><script>alert(${i})</script>" onload='x' \u202e\`&amp; -->`;

test("what comes out is well formed, with every reference in place", () => {
  const { ids } = strictly(renderHtml(makePlan(scaleUp())));
  assert.ok(ids.includes("findings-title") && ids.includes("pending") && ids.includes("cluster"));
  strictly(renderHtml(makePlan(material(fakeSnapshot([]), fakeSnapshot([]), []))));
});

test("nothing of the user's becomes markup", () => {
  for (const nodes of [2, 100]) strictly(renderHtml(many(9, nodes, HOSTILE)));
  const plan = makePlan(scaleUp());
  const text = HOSTILE(1);
  const evil = JSON.parse(
    JSON.stringify(plan, (key, value: unknown) =>
      typeof value === "string" &&
      !["code", "severity", "level", "action", "kind", "outcome", "schema", "status"].includes(key) &&
      !/^\d/.test(value)
        ? text
        : value,
    ),
  ) as Plan;
  const page = renderHtml(evil);
  strictly(page);
  assert.ok(page.includes("&#60;script&#62;alert(1)"));
  assert.not.ok(page.includes("\u202e"));
  strictly(renderHtmlOfAll([{ environment: text, plan: evil }]));
});

test("no network, no scripts, and a policy that says so", () => {
  const page = renderHtml(makePlan(scaleUp()));
  assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/);
  assert.not.match(page, /https?:|url\(|@import|<script|<link|<img/);
});

test("large plans stay small: nodes become cells, lists end", () => {
  const plan = many(5000, 2000, (i) => `app-${i}`, 10);
  const page = renderHtml(plan);
  strictly(page);
  assert.ok(page.length < 1_500_000, `${page.length}`);
  assert.is(page.match(/<i class="f\d/g)?.length, 2000);
  assert.match(page, /<summary>480 more of these kinds<\/summary>/);
  assert.match(page, /… and 4500 more changes/);
  assert.match(page, /0 → 13500 of 220000/);
});

test("up to 60 nodes each is a box with its Pods", () => {
  const page = renderHtml(many(20, 60, (i) => `app-${i}`));
  assert.is(page.match(/<li class="node/g)?.length, 60);
  assert.is(page.match(/class="box /g)?.length, 39);
});

test("several plans on one page have ids of their own", () => {
  const plan = makePlan(scaleUp());
  const page = renderHtmlOfAll([
    { environment: "dev", plan: many(1, 1, String) },
    { environment: "prod", plan },
  ]);
  const { ids } = strictly(page);
  assert.ok(ids.includes("e0-cluster") && ids.includes("e1-cluster"));
  assert.is(page.match(/<h1/g)?.length, 1);
});

test("colors: the entry's own first, and namespaces when workloads are too many", () => {
  const few = paletteOf(makePlan(scaleUp()));
  assert.equal(
    few.entries.map((e) => [e.name, e.color]),
    [
      ["Deployment shop/checkout", "w0"],
      ["Pod else/other-1", "w1"],
      ["Pod else/other-2", "w2"],
      ["Pod else/other-3", "w3"],
    ],
  );
  const lots = paletteOf(many(60, 3, (i) => `app-${i}`));
  assert.equal(
    lots.entries.map((e) => [e.name, e.pods]),
    [["shop", 120]],
  );
  assert.is(lots.classOf("Deployment shop/app-1"), "w0");
});

const ESCAPED: readonly [string, string][] = [
  [`<a b="c" d='e'>&`, "&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;"],
  ["a\u0000b\nc", "a\\u0000b\\nc"],
  ["größe 漢字 🚀", "größe 漢字 🚀"],
];
for (const [text, want] of ESCAPED) test(`escaped: ${JSON.stringify(text)}`, () => assert.is(escapeHtml(text), want));

test("a template escapes text, and leaves HTML and lists of it", () => {
  assert.is(html`<p>${"<"}${html`<b>${1}</b>`}${["&", html`<i></i>`]}${undefined}</p>`.html, "<p>&#60;<b>1</b>&#38;<i></i></p>");
});

test("a clipped text is not torn inside a letter", () => {
  assert.is(clipText("ab🚀cd", 4), "ab…");
  assert.is(clipText("abcd", 4), "abcd");
  assert.is(clipText("abcde", 4), "abc…");
});

test.run();
