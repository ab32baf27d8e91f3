import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { writeYaml, writeYamlStream } from "../yaml/write.ts";
import { LoadError } from "./load-error.ts";
import { readYaml } from "./yaml-documents.ts";
import { YAML_OPTIONS } from "./yaml-schema.ts";
import { readSimpleYaml } from "./yaml-simple.ts";

const values = (text: string): readonly unknown[] => readYaml(text, "f").map((d) => d.value);

/** By the `yaml` package alone; undefined when it complains. */
function byPackage(text: string): unknown {
  const documents = parseAllDocuments(text, YAML_OPTIONS);
  const [document] = Array.isArray(documents) ? documents : [];
  if (!document) return null;
  return document.errors.length > 0 || documents.length > 1 ? undefined : document.toJS();
}

test("plain scalars are what kubectl makes of them", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["yes", true],
    ["On", true],
    ["y", true],
    ["N", false],
    ["off", false],
    ["yEs", "yEs"],
    ["null", null],
    ["~", null],
    ["", null],
    ["nUll", "nUll"],
    ["10", 10],
    ["0o17", 15],
    ["017", 15],
    ["08", 8],
    ["0x1F", 31],
    ["-0b11", -3],
    ["1_000", 1000],
    ["1,000", "1,000"],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["1.2.3", "1.2.3"],
    ["12:30:45", "12:30:45"],
    ["2026-01-01", "2026-01-01"],
    ["100m", "100m"],
    ["=", "="],
    ["-e", "-e"],
    ["a # b", "a"],
    ["a#b", "a#b"],
    ["'it''s' # c", "it's"],
    ['"a\\n\\u0041"', "a\nA"],
    ["[a, 1]", ["a", 1]],
    ["{a: yes}", { a: true }],
    ["!!str 10", "10"],
    ["!!binary aGk=", "hi"],
    ["|-\n  a\n   b\n", "a\n b"],
    [">\n  a\n  b\n", "a b\n"],
  ];
  for (const [text, value] of cases) assert.equal(values(`k: ${text}\n`), [{ k: value }], text);
});

test("the quick reader agrees with the full one on whatever text", () => {
  const piece = fc.constantFrom(
    ..."a b: - # \n|  |- |+ > [ ] { } {} [] \" ' : , & * ! ? ~ y 1 .5 a: b: 'a' \"b\" k: -a --- ... \t \u00a0 x"
      .split(" ")
      .concat(["\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "- ", "a: ", "b:\n", ": ", " #"]),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 24 }).map((p) => p.join("")),
      (text) => {
        if (/^---|^\.\.\./m.test(text)) return;
        const quick = readSimpleYaml(text);
        if (!quick) return;
        const full = byPackage(text);
        assert.ok(
          isDeepStrictEqual(quick.value, full),
          `${JSON.stringify(text)}: quick ${JSON.stringify(quick.value)}, full ${JSON.stringify(full)}`,
        );
      },
    ),
    { numRuns: 20_000 },
  );
});

test("what the writer writes, the quick reader mostly reads, and both readers alike", () => {
  let quickly = 0;
  const runs = 1000;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      const text = writeYaml(value);
      const quick = readSimpleYaml(text);
      if (quick) {
        quickly++;
        assert.ok(isDeepStrictEqual(quick.value, byPackage(text)), text);
      }
      assert.ok(isDeepStrictEqual(values(text), [value]), text);
    }),
    { numRuns: runs },
  );
  assert.ok(quickly > runs / 10, `${quickly} of ${runs}`);
});

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: nginx
      - image: x
        name: side
`;

test("a field's line is found, whichever reader read it", () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ["", 1, 1],
    ["spec.template.spec.containers[0].image", 11, 9],
    ["spec.template.spec.containers[1]", 12, 9],
    ["spec.template.spec.containers[1].name", 13, 9],
    ["spec.template.spec.containers[0].ports[0].containerPort", 10, 9],
    ["metadata.labels[app.kubernetes.io/name]", 5, 12],
    ["spec.replicas", 6, 1],
    ["nothing.of.it", 1, 1],
  ];
  for (const [before, text] of [
    [0, DEPLOYMENT],
    [3, `# c\n---\n\n${DEPLOYMENT}`],
    [2, `kind: A\n---\n${DEPLOYMENT}`],
    [0, DEPLOYMENT.replace("{app.kubernetes.io/name: web}", "{app.kubernetes.io/name: web}").replace("image: nginx", "image: &i nginx")],
  ] as const) {
    const document = readYaml(text, "f").at(-1)!;
    assert.is(document.source.line, 1 + before);
    for (const [path, line, column] of cases) {
      const at = document.locate(path);
      assert.equal([at.file, at.line, at.column], ["f", line + before, column], `${path} after ${before} lines`);
    }
  }
});

test("documents are counted as people count them", () => {
  const numbers = (text: string): readonly unknown[] => readYaml(text, "f").map((d) => [d.value, d.source.line, d.source.document]);
  assert.equal(numbers("a: 1\n"), [[{ a: 1 }, 1, undefined]]);
  assert.equal(numbers("---\na: 1\n---\n"), [[{ a: 1 }, 2, undefined]]);
  assert.equal(numbers("a: 1\n---\n# nothing\n---\n\nb: 1\n"), [
    [{ a: 1 }, 1, 1],
    [{ b: 1 }, 6, 3],
  ]);
  assert.equal(numbers("--- {a: 1}\n--- # c\nb: 1\n...\n"), [
    [{ a: 1 }, 1, 1],
    [{ b: 1 }, 3, 2],
  ]);
  assert.equal(numbers("a: |\n  x\n---\nb: 1\r\n"), [
    [{ a: "x\n" }, 1, 1],
    [{ b: 1 }, 4, 2],
  ]);
});

test("JSON is read as JSON, and a key that is there twice is found", () => {
  assert.equal(values('{"a": {"b": [1, {"c": "x: \\"y\\": "}]}}'), [{ a: { b: [1, { c: 'x: "y": ' }] } }]);
  assert.is(readYaml('{"a": 1,\n "b": {"c": 2}}', "f")[0]!.locate("b.c").line, 2);
  assert.throws(() => readYaml('{"a": 1, "a": 2}', "f"), /this key is already in the map/);
});

test("errors have line, column and document", () => {
  const cases: readonly (readonly [string, RegExp, number, number | undefined])[] = [
    ["a: 1\na: 2\n", /already in the map/, 2, undefined],
    ["a: 1\n---\nb: 1\n\nb: 2\n", /already in the map/, 5, 2],
    ["a:\n\tb: 1\n", /a tab indents this line/, 2, undefined],
    ["a: [1\n", /not valid YAML/, 2, undefined],
    ["a: b: c\n", /not valid YAML/, 1, undefined],
    ["a: 1\n b: 2\n", /not valid YAML/, 1, undefined],
    ["a: *b\n", /unresolved alias/, 1, undefined],
  ];
  for (const [text, message, line, document] of cases) {
    try {
      readYaml(text, "f");
      assert.unreachable(text);
    } catch (error) {
      assert.instance(error, LoadError, String(error));
      assert.match((error as LoadError).message, message);
      assert.is((error as LoadError).source?.line, line, text);
      assert.is((error as LoadError).source?.document, document, text);
    }
  }
});

test("10,000 documents take well under two seconds", () => {
  const [value] = values(DEPLOYMENT);
  const text = writeYamlStream(Array.from({ length: 10_000 }, () => value));
  const start = process.cpuUsage();
  assert.is(readYaml(text, "f").length, 10_000);
  assert.ok(process.cpuUsage(start).user / 1e6 < 2, `${process.cpuUsage(start).user / 1e6} s of processor time`);
});

test.run();
