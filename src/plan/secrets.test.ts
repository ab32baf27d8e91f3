import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { desired, fakeDeployment, fakeNode, fakePod, fakeSnapshot, material } from "../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import { makePlan } from "./plan.ts";
import { escapeHtml } from "./render/html/element.ts";
import { renderHtml } from "./render/html.ts";
import { renderJson } from "./render/json.ts";
import { renderMarkdown } from "./render/markdown.ts";
import { renderText } from "./render/text.ts";
import type { Plan } from "./schema.ts";
import { MASK, secretMasker } from "./secrets.ts";

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

function outputs(plan: Plan): readonly string[] {
  return [
    renderText(plan, { colors: false, columns: 500 }),
    renderText(plan, { colors: true, columns: 80 }),
    renderMarkdown(plan),
    renderJson(plan),
    renderHtml(plan),
  ];
}

/** A plan in which a Secret changes from one value to another, and both values also stand in every other place that comes to mind. */
function leaky(old: string, now: string): Plan {
  const stored = (value: string): KubeObject & Unchecked =>
    ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "db",
        namespace: "shop",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ stringData: { password: value } }),
          note: `was ${value}`,
        },
      },
      type: "Opaque",
      data: { password: encode(value), [value.length > 8 ? "more" : "less"]: encode(value) },
    }) as unknown as KubeObject & Unchecked;
  const copies = (value: string): KubeObject =>
    ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "copies", namespace: "shop", annotations: { copy: value } },
      data: { plain: value, inside: `url=postgres://app:${value}@db`, base64: encode(value), lines: `a\n${value}\nb` },
    }) as unknown as KubeObject;
  const workload = (value: string): KubeObject => {
    const d = fakeDeployment("web", { replicas: 1, ready: 1 });
    const main = { ...d.spec.template.spec!.containers[0]!, env: [{ name: "PASSWORD", value }], args: [`--password=${value}`] };
    return { ...d, spec: { ...d.spec, template: { ...d.spec.template, spec: { containers: [main] } } } } as KubeObject;
  };
  const pod = fakePod("bare", { message: `0/1 nodes are available: ${now} is a strange reason.` });
  const refusedSecret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "bad", namespace: "shop" },
    stringData: { token: now },
  } as unknown as KubeObject;
  const answer = {
    code: 422,
    reason: "Invalid",
    message: `Secret "bad" is invalid: stringData[token]: Invalid value: ${JSON.stringify(now)}: no`,
    causes: [{ reason: "FieldValueInvalid", field: "stringData[token]", message: `Invalid value: ${JSON.stringify(now)}: no` }],
  };
  const before = [stored(old), copies(old), workload(old), fakeNode("w1", "4")];
  const after = [stored(now), copies(now), workload(now), fakeNode("w1", "4"), pod];
  const written = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "shop", annotations: { note: `was ${now}` } },
    stringData: { password: now, more: now },
  };
  const unwritten = { ...written, stringData: { password: old, more: old } };
  return makePlan(
    material(
      fakeSnapshot(before),
      fakeSnapshot(after, {
        refused: [{ object: refusedSecret, answer, source: undefined }],
        warnings: [{ object: refusedSecret, message: `careful with ${now}`, source: undefined }],
      }),
      [
        desired(written),
        desired(copies(now) as unknown as Unchecked),
        desired(workload(now) as unknown as Unchecked),
        desired(refusedSecret as unknown as Unchecked),
        desired(pod as unknown as Unchecked),
      ],
      [desired(unwritten), desired(copies(old) as unknown as Unchecked), desired(workload(old) as unknown as Unchecked)],
    ),
  );
}

/** Not a word of the report's own. */
const PASSWORD = fc
  .stringMatching(/^[A-Za-z0-9!"'\\/+=$%&{}[\]<>`|@#äß漢 -]{8,40}$/)
  .filter((s) => s.trim() === s && /\d/.test(s) && /[A-Z]/.test(s));

test("no value of a Secret is in any output", () => {
  fc.assert(
    fc.property(PASSWORD, PASSWORD, (old, now) => {
      const plan = leaky(`${old}0Z`, `${now}1Z`);
      for (const text of outputs(plan)) {
        for (const value of [`${old}0Z`, `${now}1Z`]) {
          for (const form of [value, encode(value), JSON.stringify(value).slice(1, -1), escapeHtml(value)])
            assert.not(text.includes(form), `${form} is in ${text}`);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("keys and sizes are told", () => {
  const plan = leaky("first-value-1A", "second-value-22B");
  const change = plan.changes.find((c) => c.object.kind === "Secret" && c.object.name === "db");
  const data = change?.fields.find((f) => f.path === "data[password]");
  assert.equal([data?.action, data?.before, data?.after], ["change", "14 bytes", "16 bytes"]);
});

const MASKED: readonly [about: string, text: string, want: string][] = [
  ["inside a text", "url=hunter2-9!@db", `url=${MASK}@db`],
  ["base64", `x ${encode("hunter2-9!")} y`, `x ${MASK} y`],
  ["a short one alone", "abc", MASK],
  ["a short one by chance", "alphabet abcdef", "alphabet abcdef"],
  ["a very short one", "no", "no"],
  ["the name of an object is no secret", "postgres is down", "postgres is down"],
];
for (const [about, text, want] of MASKED) {
  test(`masked: ${about}`, () => {
    const mask = secretMasker(
      [{ kind: "Secret", stringData: { a: "hunter2-9!", b: "abc", c: "no", d: "postgres" } }],
      () => "postgres\nweb",
    );
    assert.is(mask(text), want);
  });
}

test.run();
