import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  descend,
  difference,
  EMPTY_SET,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmptySet,
  newFieldSet,
  pathsOf,
  recursiveDifference,
  sameSet,
  showPath,
  toFieldsV1,
  union,
} from "./field-set.ts";

function setOf(paths: readonly (readonly string[])[]): FieldSet {
  const set = newFieldSet();
  for (const path of paths) {
    let node = set;
    for (const element of path) node = descend(node, element);
    node.member = true;
  }
  return set;
}

const element = fc.constantFrom(
  "f:a",
  "f:b",
  "f:a.b",
  'k:{"name":"x"}',
  'k:{"port":80,"protocol":"TCP"}',
  'k:{"port":9,"protocol":"TCP"}',
  'v:"x"',
  "i:0",
);
const sets = fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 }).map(setOf);

test("FieldsV1 and back", () => {
  fc.assert(fc.property(sets, (set) => assert.ok(sameSet(fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(set)))), set))));
  for (const odd of [null, 3, "x", { "x:y": {} }]) assert.ok(isEmptySet(fromFieldsV1(odd)));
});

test("sets are sets", () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      assert.ok(sameSet(union(a, b), union(b, a)));
      assert.ok(sameSet(union(a, a), a));
      assert.ok(sameSet(intersection(a, b), intersection(b, a)));
      assert.ok(sameSet(union(difference(a, b), intersection(a, b)), a));
      assert.ok(isEmptySet(intersection(difference(a, b), b)));
      assert.ok(isEmptySet(difference(a, union(a, b))));
      assert.ok(sameSet(difference(a, EMPTY_SET), a));
      assert.ok(isEmptySet(difference(recursiveDifference(a, b), difference(a, b))));
    }),
  );
});

test("a recursive difference takes what lies below, too", () => {
  const set = setOf([["f:spec", "f:replicas"], ["f:status"], ["f:status", "f:phase"]]);
  assert.equal(toFieldsV1(recursiveDifference(set, setOf([["f:status"]]))), { "f:spec": { "f:replicas": {} } });
  assert.equal(toFieldsV1(difference(set, setOf([["f:status"]]))), { "f:spec": { "f:replicas": {} }, "f:status": { "f:phase": {} } });
});

test("paths are shown as the real server shows them, the members of a level first, items by their keys", () => {
  const set = setOf([
    ["f:spec", "f:ports", 'k:{"port":9000,"protocol":"TCP"}', "f:name"],
    ["f:spec", "f:ports", 'k:{"port":10000,"protocol":"TCP"}'],
    ["f:spec", "f:ports", 'k:{"port":9000,"protocol":"TCP"}'],
    ["f:spec", "f:finalizers", 'v:"a"'],
    ["f:spec", "f:args", "i:0"],
    ["f:data"],
  ]);
  assert.equal(pathsOf(set).map(showPath), [
    ".data",
    ".spec.args[0]",
    '.spec.finalizers[="a"]',
    '.spec.ports[port=9000,protocol="TCP"]',
    '.spec.ports[port=10000,protocol="TCP"]',
    '.spec.ports[port=9000,protocol="TCP"].name',
  ]);
});

test.run();
