import { StructureKind } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { newProject } from "../interfaces.ts";
import { type OneOf, oneOf } from "./one-of.ts";
import { unionOf } from "./union.ts";

/** The text of an interface `A` with these optional fields, taken apart by the variants. */
function printed(fields: readonly string[], variants: OneOf): string {
  const properties = fields.map((name) => ({ name, type: "X | undefined", isReadonly: true, hasQuestionToken: true }));
  const file = newProject().createSourceFile("a.ts");
  file.addStatements([...unionOf({ kind: StructureKind.Interface, name: "A", isExported: true, properties }, variants)]);
  return file.getFullText().replaceAll("export ", "").replaceAll("readonly ", "").replace(/\s+/g, " ").trim();
}

test("exactly one: each alone, the others undefined, the rest in a base", () => {
  assert.is(
    printed(
      ["name", "b", "c"],
      [
        { name: "B", required: ["b"] },
        { name: "C", required: ["c"] },
      ],
    ),
    "interface ABase { name?: X | undefined; } " +
      "interface AWithB extends ABase { b: X; c?: undefined; } " +
      "interface AWithC extends ABase { b?: undefined; c: X; } " +
      "type A = AWithB | AWithC;",
  );
});

test("a value decides: required or defaulted; no base where nothing is left", () => {
  assert.is(
    printed(
      ["type", "rolling"],
      [
        { name: "Rolling", values: { type: ["Rolling"] }, defaulted: ["type"], optional: ["rolling"] },
        { name: "Rest", values: { type: ["No", "Never"] } },
      ],
    ),
    'interface AWithRolling { type?: "Rolling" | undefined; rolling?: X | undefined; } ' +
      'interface AWithRest { type: "No" | "Never"; rolling?: undefined; } ' +
      "type A = AWithRolling | AWithRest;",
  );
});

test("a field that the schema has lost is an error", () => {
  assert.throws(() => printed(["b"], [{ name: "B", required: ["gone"] }]), /A has no field gone/);
});

test("two schemas of one name are told apart by their group", () => {
  assert.is(oneOf("io.k8s.api.rbac.v1.Subject"), undefined);
  assert.is(oneOf("io.k8s.api.flowcontrol.v1.Subject")?.length, 3);
  assert.is(oneOf("io.k8s.api.core.v1.Volume")?.length, 30);
});

test.run();
