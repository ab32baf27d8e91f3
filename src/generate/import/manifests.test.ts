import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../../generated/v1.36/schemas.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { readYaml } from "../../sdk/load/yaml-documents.ts";
import { YAML_OPTIONS } from "../../sdk/load/yaml-schema.ts";
import { writeYaml } from "../../sdk/yaml/write.ts";
import { commentsOf } from "./comments.ts";
import { camelCase, identifiers } from "./identifiers.ts";
import { importManifests } from "./manifests.ts";

const tables = { resources: RESOURCES, schemas: SCHEMAS };

function imported(yaml: string): string {
  const documents = readYaml(yaml, "a.yaml");
  const parsed = [parseAllDocuments(yaml, YAML_OPTIONS)].flat();
  return importManifests(
    documents.map((d, i) => ({ object: d.value as Record<string, unknown>, path: "", comments: parsed[i] && commentsOf(parsed[i]) })),
    tables,
  );
}

/** What a module without imports gives: constructors become functions that name their kind. */
function run(text: string): unknown {
  const kinds = [...text.matchAll(/\b([A-Z]\w*)\(/g)].map((m) => m[1]);
  const functions = [...new Set(kinds)].map((k) => `const ${k} = (o) => ({ kind: ${JSON.stringify(k)}, ...o });`);
  const body = text
    .replace(/^import [^;]*;\n/gm, "")
    .replaceAll(" as never", "")
    .replace("export default", "return");
  return new Function(`const quantity = (q) => q; ${functions.join(" ")}\n${body}`)();
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("a\nb\nc\n", "`${x}`\n\\\n`", "\n\n\n", " # no\n comment: \n|", "__proto__", "a\r\nb\nc"),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
}));

test("any data comes back as it was", () => {
  const wellFormed = (v: unknown): boolean => !/\p{Surrogate}/u.test(JSON.stringify(v).replace(/\\ud[89a-f]/gi, "\ud800"));
  fc.assert(
    fc.property(value.filter(wellFormed), (spec) => {
      const object = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" }, spec };
      const [made] = run(imported(writeYaml(object))) as readonly unknown[];
      assert.is(canonicalJson(made), canonicalJson(object));
    }),
    { numRuns: 300 },
  );
});

test("no comment ends before its line does", () => {
  const yaml = "# a\u2028throw 1;\napiVersion: example.com/v1\nkind: T\nmetadata: {name: a} # b\u2029throw 2;\n";
  assert.equal(run(imported(yaml)), [{ apiVersion: "example.com/v1", kind: "T", metadata: { name: "a" } }]);
  assert.match(imported(yaml), /^\/\/ a throw 1;$/m);
});

test("comments stand where they stood", () => {
  const yaml = `# head
apiVersion: v1 # version
kind: ConfigMap
# of the metadata
metadata: # which are these
  # the name
  name: a # a is short
  # at the end of the metadata
data:
  # first
  x: "1"
  list: | # of lines
    a
  # last
# foot
`;
  const made = imported(yaml);
  const found = [
    "head",
    "version",
    "of the metadata",
    "which are these",
    "the name",
    "a is short",
    "at the end of the metadata",
    "first",
    "of lines",
    "last",
    "foot",
  ];
  for (const comment of found) assert.is(made.split(`// ${comment}\n`).length, 2, `${comment}:\n${made}`);
  assert.match(made, /\/\/ head\n(?:\/\/ [^\n]*\n)*const a = ConfigMap/);
});

test("anchors and merge keys are written out", () => {
  const yaml = "apiVersion: example.com/v1\nkind: T\nmetadata: {name: a}\nbase: &b {x: 1, y: [2]}\nspec: {<<: *b, x: 3}\nother: *b\n";
  assert.equal(run(imported(yaml)), [{ ...(readYaml(yaml, "a")[0]?.value as object) }]);
});

test("objects that name each other are written in an order that works", () => {
  const yaml = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: x}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: other}
spec: {selector: {app: elsewhere}}
`;
  const made = imported(yaml);
  assert.match(made, /const dbLabels = \{ app: "db" \};\n\nconst dbService = Service\([^;]*;\n\nconst db = StatefulSet/);
  assert.match(made, /serviceName: dbService\.metadata\.name/);
  assert.match(made, /export default \[db, dbService, dbService2\];/);
});

test("a circle of names is cut", () => {
  const volume =
    "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nspec: {claimRef: {kind: PersistentVolumeClaim, name: c, namespace: n}}\n";
  const claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c, namespace: n}\nspec: {volumeName: a}\n";
  const made = imported(`${volume}---\n${claim}`);
  assert.match(made, /volumeName: "a"/);
  assert.match(made, /name: c\.metadata\.name/);
});

test("data of the author's is no reference", () => {
  const yaml = `apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {secretName: a}, annotations: {claimName: a}}
data: {serviceAccountName: a}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a}
---
apiVersion: v1
kind: Secret
metadata: {name: a}
`;
  assert.not.match(imported(yaml), /metadata\.name/);
});

test("names of constants", () => {
  assert.equal(["my-web.app", "2-fast", "UPPER_case", "-"].map(camelCase), ["myWebApp", "2Fast", "uPPERCase", ""]);
  const of = (...objects: readonly (readonly [kind: string, name: string | undefined])[]): readonly string[] =>
    identifiers(
      objects.map(([kind, name]) => ({ kind, name })),
      new Set(),
    );
  assert.equal(of(["Deployment", "web"], ["Service", "web"], ["ConfigMap", "web"]), ["web", "webService", "webConfigMap"]);
  assert.equal(of(["Deployment", "web"], ["Job", "web"]), ["webDeployment", "webJob"]);
  assert.equal(of(["Service", "web-service"], ["Secret", "web-service"]), ["webService", "webServiceSecret"]);
  assert.equal(of(["Job", undefined], ["Role", "class"], ["Role", "2"], ["Role", "a"], ["Role", "a"]), [
    "job",
    "roleClass",
    "role2",
    "aRole",
    "aRole2",
  ]);
});

test.run();
