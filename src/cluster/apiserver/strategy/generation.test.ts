/** Generations, and what must say which revision it replaces. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../../api/object.ts";
import { accepted, fixture } from "../server-fixture.ts";

const DRIVER: Unchecked = { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: "x" }, spec: {} };

test("a driver has a generation from its first change on", () => {
  const { server } = fixture();
  const made: KubeObject = accepted(server.create(DRIVER));
  assert.is(made.metadata.generation, undefined);
  const labelled: KubeObject = accepted(server.update({ ...made, metadata: { ...made.metadata, labels: { a: "b" } } } as KubeObject));
  assert.is(labelled.metadata.generation, undefined);
  const spec = (more: Unchecked): KubeObject =>
    ({ ...labelled, spec: { ...(labelled as unknown as { spec: Unchecked }).spec, ...more } }) as unknown as KubeObject;
  const changed = accepted(server.update(spec({ requiresRepublish: true })));
  assert.is(changed.metadata.generation, 1);
});

const VERSIONED: readonly Unchecked[] = [
  DRIVER,
  { apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: "x" }, spec: { drivers: [] } },
  { apiVersion: "storage.k8s.io/v1", kind: "CSIStorageCapacity", metadata: { name: "x" }, storageClassName: "a" },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata: { name: "x" },
    spec: { attacher: "a.b", nodeName: "n", source: { persistentVolumeName: "v" } },
  },
  { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "x" }, spec: {} },
  { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name: "x" }, handler: "runc" },
];
for (const given of VERSIONED) {
  test(`a ${String(given["kind"])} is not replaced unseen`, () => {
    const { server } = fixture();
    const made = accepted(server.create(given));
    const { resourceVersion: _, ...metadata } = made.metadata;
    const answer = server.update({ ...made, metadata } as KubeObject);
    assert.match(answer.message ?? "", / "x" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update$/);
    assert.is(server.update(made).code, 200);
  });
}

test.run();
