import fc from "fast-check";
import * as jsYaml from "js-yaml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as yaml from "yaml";
import { writeYaml, YamlWriteError } from "./write.ts";

test("x", () => {
  console.log(
    writeYaml({
      apiVersion: "v1",
      l: ["a", "--b", "-e", ["x", { y: 1, z: [1, {}] }], { a: "yes", b: "a\nb\n", c: " a\nb" }],
      e: {},
      f: [],
      n: null,
      s: "",
      d: "2020-01-01",
      ip: "10.0.0.0/8",
      q: '{"a": 1}',
      t: "a: b",
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (v) => {
      const t = writeYaml(v);
      assert.equal(yaml.parse(t), v);
      assert.equal(yaml.parse(t, { version: "1.1" }), v);
      assert.equal(jsYaml.load(t), v);
    }),
  );
});
test.run();
void YamlWriteError;
