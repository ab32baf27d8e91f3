import { test } from "uvu";
import * as assert from "uvu/assert";
import { LoadError } from "./load-error.ts";
import type { LoadedObject } from "./loaded.ts";
import { refuseTooManyPods } from "./pods-limit.ts";

function loaded(kind: string, name: string, spec: unknown): LoadedObject {
  const object = { apiVersion: "v1", kind, metadata: { name }, spec } as unknown as LoadedObject["object"];
  return { object, source: undefined, locate: (path) => ({ file: `${name}:${path}`, line: 1 }) };
}

test("more Pods than Kubernetes is made for are refused, with the field that says so", () => {
  for (const [objects, want] of [
    [[], undefined],
    [[loaded("Deployment", "a", { replicas: 150_000 })], undefined],
    [
      [loaded("Deployment", "a", { replicas: 150_001 })],
      "a:spec.replicas Deployment a: spec.replicas: 150,001 pods; Kubernetes clusters hold 150,000 at most",
    ],
    [
      [loaded("StatefulSet", "a", { replicas: 100_000 }), loaded("ReplicaSet", "b", { replicas: 60_000 })],
      "b:spec.replicas ReplicaSet b: spec.replicas: 60,000 pods, and 160,000 with those before it; Kubernetes clusters hold 150,000 at most",
    ],
    [
      [loaded("Job", "j", { parallelism: 2e9 })],
      "j:spec.parallelism Job j: spec.parallelism: 2,000,000,000 pods; Kubernetes clusters hold 150,000 at most",
    ],
    [[loaded("Job", "j", { parallelism: 2e9, completions: 10 })], undefined],
    [
      [loaded("Deployment", "a", { replicas: "x" }), loaded("Deployment", "b", undefined), loaded("Deployment", "c", { replicas: -1 })],
      undefined,
    ],
    [
      [
        loaded("Deployment", "a", { replicas: 2 ** 31 }),
        loaded("Deployment", "b", { replicas: 2 ** 53 }),
        loaded("Deployment", "c", { replicas: 1e6 + 0.5 }),
      ],
      undefined,
    ],
    [[loaded("Widget", "w", { replicas: 2e9 })], undefined],
  ] as const) {
    let got: string | undefined;
    try {
      refuseTooManyPods(objects);
    } catch (error) {
      assert.instance(error, LoadError);
      got = `${(error as LoadError).source?.file} ${(error as LoadError).message}`;
    }
    assert.is(got, want);
  }
});

test.run();
