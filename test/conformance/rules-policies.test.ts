/**
 * Admission policies in CEL: what they refuse, warn of and change, and when.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go, …/mutating/dispatcher.go, …/generic/policy_dispatcher.go
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, Pod, ValidatingAdmissionPolicy } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import { apply, conditions, deployment, events, NODES, of, played, pod, pods, said, the } from "./stories.ts";

const API = "admissionregistration.k8s.io/v1";
const rules = (group: string, resource: string, operations: readonly string[] = ["CREATE", "UPDATE"]): Unchecked => ({
  matchConstraints: { resourceRules: [{ apiGroups: [group], apiVersions: ["v1"], operations, resources: [resource] }] },
});
const DEPLOYMENTS = rules("apps", "deployments");
const PODS = rules("", "pods");
/** A policy and its binding, both of one name. */
const policy = (name: string, spec: Unchecked, binding: Unchecked = {}, kind = "Validating"): readonly Unchecked[] => [
  { apiVersion: API, kind: `${kind}AdmissionPolicy`, metadata: { name }, spec },
  {
    apiVersion: API,
    kind: `${kind}AdmissionPolicyBinding`,
    metadata: { name },
    spec: { policyName: name, ...(kind === "Validating" ? { validationActions: ["Deny"] } : {}), ...binding },
  },
];
const denied = (by: string, why: string): string => `ValidatingAdmissionPolicy '${by}' with binding '${by}' denied request: ${why}`;
const invalid = (what: string, by: string, why: string): string => `The ${what} is invalid: : ${denied(by, why)}`;
const labelled = (object: Unchecked, labels: Unchecked): Unchecked => ({
  ...object,
  metadata: { ...(object["metadata"] as object), labels },
});

test("a policy with parameters: what it refuses, where it is bound, and what happens without its parameters", () => {
  const limits = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "limits", namespace: "default" }, data: { max: "3" } };
  const [definition, binding] = policy(
    "replicas",
    {
      ...DEPLOYMENTS,
      paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      variables: [{ name: "max", expression: "int(params.data.max)" }],
      validations: [
        {
          expression: "object.spec.replicas <= variables.max",
          messageExpression: "'at most ' + string(variables.max) + ' replicas, not ' + string(object.spec.replicas)",
        },
        {
          expression: "has(object.metadata.labels) && 'team' in object.metadata.labels",
          message: "a team is required",
          reason: "Forbidden",
        },
      ],
    },
    {
      paramRef: { name: "limits", namespace: "default", parameterNotFoundAction: "Deny" },
      matchResources: { namespaceSelector: { matchLabels: { env: "prod" } } },
    },
  );
  const prod = { apiVersion: "v1", kind: "Namespace", metadata: { name: "prod", labels: { env: "prod" } } };
  const inProd = (replicas: number, labels: Unchecked = { team: "a" }): Unchecked => {
    const object = deployment({ replicas });
    return { ...object, metadata: { name: "web", namespace: "prod", labels } };
  };
  const steps = played(
    apply(...NODES, prod, limits, definition!, binding!),
    apply(inProd(5), inProd(2, {}), inProd(2), deployment({ replicas: 5 })),
    { verb: "scale", target: { kind: "Deployment", name: "web", namespace: "prod" }, replicas: 4 },
    { verb: "delete", target: { kind: "ConfigMap", name: "limits" } },
    apply(inProd(1)),
  );
  const tooMany = (n: number): string => invalid('deployments "web"', "replicas", `at most 3 replicas, not ${n}`);
  assert.equal(said(steps[1]), [
    tooMany(5),
    `Error from server (Forbidden): deployments.apps "web" is forbidden: ${denied("replicas", "a team is required")}`,
    true,
    true,
  ]);
  assert.equal(said(steps[2]), [tooMany(4)]);
  const missing = "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction";
  assert.equal(said(steps[4]), [invalid('deployments "web"', "replicas", missing)]);
  assert.is(the<ValidatingAdmissionPolicy>(steps[0], "ValidatingAdmissionPolicy").status?.observedGeneration, 1);
});

const VALIDATIONS: readonly [string, Unchecked, Unchecked, string | true][] = [
  [
    "an expression that is false, without a message",
    { validations: [{ expression: "object.spec.replicas > 5" }] },
    {},
    "failed expression: object.spec.replicas > 5",
  ],
  [
    "an expression that fails",
    { validations: [{ expression: "object.metadata.labels['team'] == 'a'", message: "team" }] },
    {},
    "expression 'object.metadata.labels['team'] == 'a'' resulted in error: no such key: labels",
  ],
  [
    "an expression that fails, and may",
    { failurePolicy: "Ignore", validations: [{ expression: "object.metadata.labels['team'] == 'a'" }] },
    {},
    true,
  ],
  [
    "the first of several",
    { validations: [{ expression: "true" }, { expression: "false", message: "two" }, { expression: "false", message: "three" }] },
    {},
    "two",
  ],
  [
    "what its conditions leave out",
    { matchConditions: [{ name: "c", expression: "object.metadata.name == 'other'" }], validations: [{ expression: "false" }] },
    {},
    true,
  ],
  [
    "what its binding leaves out",
    { validations: [{ expression: "false" }] },
    { matchResources: { objectSelector: { matchLabels: { a: "b" } } } },
    true,
  ],
  [
    "what its binding excludes",
    { validations: [{ expression: "false" }] },
    { matchResources: { excludeResourceRules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }] } },
    true,
  ],
  [
    "a message that cannot be computed",
    { validations: [{ expression: "false", message: "plain", messageExpression: "object.metadata.labels['x']" }] },
    {},
    "plain",
  ],
  ["the namespace", { validations: [{ expression: "namespaceObject.metadata.name != 'default'", message: "not here" }] }, {}, "not here"],
  [
    "the request",
    {
      validations: [{ expression: "request.operation != 'CREATE' || request.resource.resource != 'deployments'", message: "no new ones" }],
    },
    {},
    "no new ones",
  ],
];
for (const [what, spec, binding, want] of VALIDATIONS)
  test(`a validating policy: ${what}`, () => {
    const steps = played(apply(...NODES, ...policy("p", { ...DEPLOYMENTS, ...spec }, binding)), apply(deployment({ replicas: 1 })));
    assert.equal(said(steps[0]), [true, true, true, true]);
    assert.equal(said(steps[1]), [want === true ? true : invalid('deployments "web"', "p", want)]);
  });

test("an update is compared with what was there", () => {
  const spec = {
    ...DEPLOYMENTS,
    validations: [{ expression: "oldObject == null || object.spec.replicas >= oldObject.spec.replicas", message: "never fewer" }],
  };
  const scale = (replicas: number) => ({ verb: "scale", target: { kind: "Deployment", name: "web" }, replicas }) as const;
  const steps = played(apply(...NODES, ...policy("grow", spec)), apply(deployment({ replicas: 2 })), scale(3), scale(1));
  assert.equal(
    steps.slice(1).map((s) => said(s)[0]),
    [true, true, invalid('deployments "web"', "grow", "never fewer")],
  );
});

test("what a policy only warns of is taken, and said", () => {
  const spec = {
    ...PODS,
    validations: [{ expression: "object.spec.containers.all(c, !c.image.endsWith(':1'))", message: "no first versions" }],
  };
  const steps = played(apply(...NODES, ...policy("first", spec, { validationActions: ["Warn", "Audit"] })), apply(pod("p", undefined)));
  assert.equal(steps[1]!.answers, [
    { ok: true, warnings: ["Warning: Validation failed for ValidatingAdmissionPolicy 'first' with binding 'first': no first versions"] },
  ]);
});

test("a policy on Pods meets a Deployment when its ReplicaSet makes them", () => {
  const spec = {
    ...PODS,
    validations: [{ expression: "object.spec.containers.all(c, c.image.startsWith('mirror/'))", message: "use the mirror" }],
  };
  const steps = played(
    apply(...NODES, ...policy("mirror", spec)),
    apply(deployment({ replicas: 2 })),
    apply(deployment({ replicas: 2, image: "mirror/i:1" })),
  );
  assert.equal(said(steps[1]), [true]);
  assert.equal(pods(steps[1]), []);
  assert.equal(conditions(the<Deployment>(steps[1], "Deployment")), [
    "Available False MinimumReplicasUnavailable",
    "Progressing True NewReplicaSetCreated",
    "ReplicaFailure True FailedCreate",
  ]);
  assert.match(
    events(steps[1], "ReplicaSet")[0]!,
    /^Warning FailedCreate: Error creating: pods "web-\w+-\w{5}" is forbidden: ValidatingAdmissionPolicy 'mirror' with binding 'mirror' denied request: use the mirror$/,
  );
  assert.equal(conditions(the<Deployment>(steps[2], "Deployment")), [
    "Available True MinimumReplicasAvailable",
    "Progressing True NewReplicaSetAvailable",
  ]);
});

test("policies bind what has no namespace, too; a binding without its policy binds nothing", () => {
  const spec = {
    ...rules("", "namespaces", ["CREATE"]),
    validations: [{ expression: "has(object.metadata.labels) && 'owner' in object.metadata.labels", message: "whose is it?" }],
  };
  const [, alone] = policy("nothing", {});
  const ns = (name: string, labels?: Unchecked): Unchecked => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, ...(labels ? { labels } : {}) },
  });
  const steps = played(apply(...NODES, ...policy("owned", spec), alone!), apply(ns("a"), ns("b", { owner: "me" })));
  assert.equal(said(steps[1]), [invalid('namespaces "a"', "owned", "whose is it?"), true]);
});

const mutation = (expression: string, patchType = "ApplyConfiguration"): Unchecked => ({
  patchType,
  [patchType === "JSONPatch" ? "jsonPatch" : "applyConfiguration"]: { expression },
});
const mutating = (spec: Unchecked, binding: Unchecked = {}, name = "m"): readonly Unchecked[] =>
  policy(name, { failurePolicy: "Fail", reinvocationPolicy: "Never", ...spec }, binding, "Mutating");

test("a mutating policy merges into what is applied, by name where lists have names", () => {
  const sidecar = mutation(
    'Object{metadata: Object.metadata{labels: {"mesh": "on"}}, spec: Object.spec{initContainers: ' +
      '[Object.spec.initContainers{name: "mesh", image: "mesh:1", restartPolicy: "Always"}]}}',
  );
  const steps = played(
    apply(...NODES, ...mutating({ ...rules("", "pods", ["CREATE"]), mutations: [sidecar] })),
    apply(pod("a", undefined), pod("b", undefined, { initContainers: [{ name: "first", image: "f:1" }] }), deployment({ replicas: 1 })),
  );
  const init = (p: Pod): string => `${p.metadata.labels?.["mesh"]} ${p.spec.initContainers?.map((c) => c.name).join()} ${p.status?.phase}`;
  assert.equal(pods(steps[1]).map(init).sort(), ["on first,mesh Running", "on mesh Running", "on mesh Running"]);
});

test("a mutating policy by JSON patch sees what was given; a patch that does not apply refuses", () => {
  const patch = mutation(
    '[JSONPatch{op: "test", path: "/spec/replicas", value: 2}, ' +
      'JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/by"), value: "policy"}, ' +
      'JSONPatch{op: "replace", path: "/spec/template/spec/containers/0/image", value: "mirror/" + object.spec.template.spec.containers[0].image}]',
    "JSONPatch",
  );
  const steps = played(
    apply(...NODES, ...mutating({ ...rules("apps", "deployments", ["CREATE"]), mutations: [patch] })),
    apply(deployment({ replicas: 3 })),
    apply(deployment({ replicas: 2 })),
    apply(labelled(deployment({ replicas: 2 }), { app: "web" })),
  );
  const refused = (why: string): readonly string[] => [
    `The deployments "web" is invalid: : policy 'm' with binding 'm' denied request: JSON Patch: ${why}`,
  ];
  assert.equal(said(steps[1]), refused("testing value /spec/replicas failed: test failed"));
  assert.equal(
    said(steps[2]),
    refused('add operation does not apply: doc is missing path: "/metadata/labels/example.com~1by": missing value'),
  );
  const made = the<Deployment>(steps[3], "Deployment");
  assert.equal(made.metadata.labels, { app: "web", "example.com/by": "policy" });
  assert.equal(
    pods(steps[3]).map((p) => p.spec.containers[0]!.image),
    ["mirror/i:1", "mirror/i:1"],
  );
});

test("what mutating policies make is what validating policies and quotas see", () => {
  const request = mutation(
    "Object{spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, resources: " +
      'Object.spec.containers.resources{requests: {"cpu": "2"}}})}}',
  );
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "q", namespace: "default" },
    spec: { hard: { "requests.cpu": "3" } },
  };
  const check = { ...PODS, validations: [{ expression: "object.spec.containers.all(c, has(c.resources.requests))", message: "requests" }] };
  const steps = played(
    apply(...NODES, quota, ...mutating({ ...rules("", "pods", ["CREATE"]), mutations: [request] }), ...policy("requests", check)),
    apply(pod("a", undefined), pod("b", undefined)),
  );
  assert.equal(said(steps[1]), [
    true,
    'Error from server (Forbidden): pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=2, limited: requests.cpu=3',
  ]);
  assert.is(of<Pod>(steps[1], "Pod")[0]!.spec.containers[0]!.resources!.requests!["cpu"], "2");
});

test.run();
