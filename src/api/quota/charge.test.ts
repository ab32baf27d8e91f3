import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod, ResourceQuota, Service } from "../../../generated/v1.36/model.ts";
import { resourceListOf } from "./amounts.ts";
import { chargeQuota, quotaPrecondition } from "./charge.ts";
import { evaluatorOf } from "./evaluators.ts";

const PODS = { group: "", resource: "pods" };

function pod(requests: Record<string, string>, more: object = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "i", resources: { requests } }], ...more },
  };
}
function quota(hard: Record<string, string>, used: Record<string, string>, spec: object = {}): ResourceQuota {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q" }, spec: { hard, ...spec }, status: { hard, used } };
}

test("the text of an excess, by name", () => {
  const q = quota({ pods: "3", "requests.cpu": "2" }, { pods: "3", "requests.cpu": "1800m" });
  const p = pod({ cpu: "600m" });
  assert.equal(chargeQuota(q, PODS, p, evaluatorOf(PODS).usage(p, 0)), {
    refusal: "exceeded quota: q, requested: pods=1,requests.cpu=600m, used: pods=3,requests.cpu=1800m, limited: pods=3,requests.cpu=2",
  });
});

test("what is used, with the object", () => {
  const q = quota({ pods: "3", "requests.cpu": "2" }, { pods: "1", "requests.cpu": "500m" });
  const p = pod({ cpu: "600m" });
  assert.equal(chargeQuota(q, PODS, p, evaluatorOf(PODS).usage(p, 0)), { used: { pods: "2", "requests.cpu": "1100m" } });
});

test("what a quota limits must be stated by every container", () => {
  const q = quota({ "limits.cpu": "2", "requests.memory": "1Gi" }, { "limits.cpu": "0", "requests.memory": "0" });
  assert.is(quotaPrecondition(q, PODS, pod({})), "failed quota: q: must specify limits.cpu for: c; requests.memory for: c");
  assert.is(quotaPrecondition(q, PODS, pod({}, { resources: { limits: { cpu: "1" } } })), undefined);
});

const scopes: readonly [string, object, Pod, boolean][] = [
  ["BestEffort takes a Pod that asks for nothing", { scopes: ["BestEffort"] }, pod({}), true],
  ["BestEffort leaves one that asks", { scopes: ["BestEffort"] }, pod({ cpu: "1" }), false],
  ["Terminating is about a deadline", { scopes: ["Terminating"] }, pod({}, { activeDeadlineSeconds: 5 }), true],
  [
    "a class that is listed",
    { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }] } },
    pod({}, { priorityClassName: "high" }),
    true,
  ],
  [
    "a class that is not",
    { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }] } },
    pod({}),
    false,
  ],
];
for (const [name, spec, p, want] of scopes) {
  test(name, () =>
    assert.is(chargeQuota(quota({ pods: "1" }, { pods: "0" }, spec), PODS, p, evaluatorOf(PODS).usage(p, 0)) !== undefined, want),
  );
}

test("usage of a Service by type", () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "s" },
    spec: { type: "LoadBalancer", ports: [{ port: 1 }, { port: 2 }] },
  } as Service;
  assert.equal(resourceListOf(evaluatorOf({ group: "", resource: "services" }).usage(service, 0)), {
    "count/services": "1",
    services: "1",
    "services.loadbalancers": "1",
    "services.nodeports": "2",
  });
});

test("an object counts under its group", () => {
  const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" } };
  assert.equal(resourceListOf(evaluatorOf({ group: "apps", resource: "deployments" }).usage(object, 0)), { "count/deployments.apps": "1" });
});

test("an ended Pod uses nothing but its count", () => {
  const ended = { ...pod({ cpu: "1" }), status: { phase: "Succeeded" } } as Pod;
  assert.equal(resourceListOf(evaluatorOf(PODS).usage(ended, 0)), { "count/pods": "1" });
});

test.run();
