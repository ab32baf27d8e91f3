import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ValidatingAdmissionPolicy } from "../../../generated/v1.36/model.ts";
import { createCluster } from "../cluster.ts";

test("a policy says which generation of it has been checked", () => {
  const cluster = createCluster();
  const resourceRules = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }];
  const policy = (expression: string): object => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "p" },
    spec: { matchConstraints: { resourceRules }, validations: [{ expression }] },
  });
  for (const [expression, generation] of [
    ["true", 1],
    ["false", 2],
  ] as const) {
    cluster.apply(policy(expression));
    cluster.settle();
    const { metadata, status } = cluster.get("ValidatingAdmissionPolicy", "p") as ValidatingAdmissionPolicy;
    assert.equal([metadata.generation, status], [generation, { observedGeneration: generation, typeChecking: {} }]);
  }
});

test.run();
