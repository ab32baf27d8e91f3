/** Statuses of kinds whose rules are small. Through the server. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../../api/object.ts";
import { accepted, fixture } from "../server-fixture.ts";

const object = (apiVersion: string, kind: string, spec: Unchecked): Unchecked => ({ apiVersion, kind, metadata: { name: "x" }, spec });
const claim = object("v1", "PersistentVolumeClaim", { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } });
const quota = object("v1", "ResourceQuota", { hard: { pods: "1" } });
const policy = object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {
  matchConstraints: { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }] },
  validations: [{ expression: "true" }],
});
const budget = object("policy/v1", "PodDisruptionBudget", { minAvailable: 1 });
const counts = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
const condition = { type: "A", status: "True", reason: "B", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };

const CASES: readonly (readonly [string, Unchecked, Unchecked, string])[] = [
  [
    "less than nothing",
    claim,
    { capacity: { storage: "-1Gi" } },
    "status.capacity[storage]: Invalid value: -1073741824: must be a valid resource quantity",
  ],
  [
    "a change of size of something else, in no state",
    claim,
    { allocatedResourceStatuses: { cpu: "Growing" }, allocatedResources: { memory: "1" } },
    `[${[
      'status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "storage"',
      'status.allocatedResourceStatuses: Unsupported value: "cpu": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      'status.allocatedResources: Unsupported value: "memory": supported values: "storage"',
    ].join(", ")}]`,
  ],
  [
    "a change of size",
    claim,
    { capacity: { storage: "1Gi" }, allocatedResourceStatuses: { storage: "NodeResizePending" }, allocatedResources: { storage: "2Gi" } },
    "",
  ],
  [
    "half a Pod",
    quota,
    { hard: { pods: "500m" }, used: { pods: "-1" } },
    '[status.hard[pods]: Invalid value: "500m": must be an integer, status.used[pods]: Invalid value: "-1": must be greater than or equal to 0]',
  ],
  [
    "warnings and conditions that say nothing",
    policy,
    { typeChecking: { expressionWarnings: [{ warning: "", fieldRef: "spec" }] }, conditions: [condition, { ...condition, reason: "" }] },
    `[${[
      "status.typeChecking.expressionWarnings[0].warning: Required value",
      'status.conditions[1].type: Duplicate value: "A"',
      "status.conditions[1].reason: Required value",
    ].join(", ")}]`,
  ],
  [
    "a condition of a budget",
    budget,
    { ...counts, expectedPods: -1, conditions: [{ ...condition, status: "Yes", reason: "no reason" }] },
    `[${[
      'status.conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
      "status.conditions[0].reason: Invalid value: \"no reason\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
      "status.expectedPods: Invalid value: -1: must be greater than or equal to 0",
    ].join(", ")}]`,
  ],
];
for (const [what, given, status, text] of CASES) {
  test(`the status of a ${String(given["kind"])}: ${what}`, () => {
    const { server } = fixture();
    const stored = accepted(server.create(given));
    const { message = "" } = server.updateStatus({ ...stored, status } as KubeObject);
    assert.is(message.replace(/^.* "x" is invalid: /, ""), text);
  });
}

test.run();
