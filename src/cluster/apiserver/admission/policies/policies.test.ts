/** Policies in CEL, as they meet requests. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../../../api/object.ts";
import { isRefused } from "../../../../sim/answer.ts";
import { refusalText } from "../../kubectl-text.ts";
import { accepted, CONFIG_MAP, configMap, DEPLOYMENT, deployment, type Fixture, fixture, type NAMESPACE } from "../../server-fixture.ts";

const GROUP = "admissionregistration.k8s.io/v1";
const DEPLOYMENTS = {
  resourceRules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["deployments"] }],
};
const MAPS = { resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }] };

function withPolicy(spec: Unchecked, binding: Unchecked = {}, kind = "Validating"): Fixture {
  const made = fixture();
  const actions = kind === "Validating" ? { validationActions: ["Deny"] } : {};
  const matchConstraints = DEPLOYMENTS;
  accepted(
    made.server.create({ apiVersion: GROUP, kind: `${kind}AdmissionPolicy`, metadata: { name: "p" }, spec: { matchConstraints, ...spec } }),
  );
  accepted(
    made.server.create({
      apiVersion: GROUP,
      kind: `${kind}AdmissionPolicyBinding`,
      metadata: { name: "b" },
      spec: { policyName: "p", ...actions, ...binding },
    }),
  );
  return made;
}

const FEW = { validations: [{ expression: "object.spec.replicas <= 5" }] };
const SAYS = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request:";

const DENIED: readonly (readonly [about: string, spec: Unchecked, binding: Unchecked, code: number, message: string])[] = [
  ["a plain rule", FEW, {}, 422, "failed expression: object.spec.replicas <= 5"],
  ["its message", { validations: [{ expression: "false", message: "never" }] }, {}, 422, "never"],
  [
    "a message of its own making, a reason",
    { validations: [{ expression: "false", messageExpression: "'no ' + object.metadata.name", reason: "Forbidden" }] },
    {},
    403,
    "no web",
  ],
  [
    "variables",
    {
      variables: [
        { name: "n", expression: "object.spec.replicas" },
        { name: "m", expression: "variables.n * 2" },
      ],
      validations: [{ expression: "variables.m < 6" }],
    },
    {},
    422,
    "failed expression: variables.m < 6",
  ],
  [
    "an error",
    { validations: [{ expression: "object.spec.nothing == 1" }] },
    {},
    422,
    "expression 'object.spec.nothing == 1' resulted in error: no such key: nothing",
  ],
  [
    "an error of a variable",
    { variables: [{ name: "n", expression: "object.spec.nothing" }], validations: [{ expression: "variables.n == 1" }] },
    {},
    422,
    `expression 'variables.n == 1' resulted in error: composited variable "n" fails to evaluate: no such key: nothing`,
  ],
  [
    "no parameters where there must be some",
    { paramKind: { apiVersion: "v1", kind: "ConfigMap" }, ...FEW },
    { paramRef: { name: "limits", parameterNotFoundAction: "Deny" } },
    422,
    "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
  ],
  [
    "the request",
    { validations: [{ expression: "request.operation != 'CREATE' || request.namespace != 'default'", message: "not here" }] },
    {},
    422,
    "not here",
  ],
];

for (const [about, spec, binding, code, message] of DENIED)
  test(`refused: ${about}`, () => {
    const { server } = withPolicy(spec, binding);
    const answer = server.create(deployment("web", { replicas: 6 }));
    assert.is(answer.message, `deployments.apps "web" is forbidden: ${SAYS} ${message}`);
    assert.is(answer.code, code);
  });

const ALLOWED: readonly (readonly [about: string, spec: Unchecked, binding: Unchecked])[] = [
  ["a condition that is not met", { ...FEW, matchConditions: [{ name: "c", expression: "object.metadata.name != 'web'" }] }, {}],
  ["an error that is ignored", { failurePolicy: "Ignore", validations: [{ expression: "object.spec.nothing == 1" }] }, {}],
  ["another resource", { ...FEW, matchConstraints: MAPS }, {}],
  ["a selector of namespaces", FEW, { matchResources: { namespaceSelector: { matchLabels: { env: "prod" } } } }],
  ["a selector of objects", FEW, { matchResources: { objectSelector: { matchLabels: { env: "prod" } } } }],
  ["an exclusion", { ...FEW, matchConstraints: { ...DEPLOYMENTS, excludeResourceRules: DEPLOYMENTS.resourceRules } }, {}],
  [
    "no parameters where there may be none",
    { paramKind: { apiVersion: "v1", kind: "ConfigMap" }, ...FEW },
    { paramRef: { name: "x", parameterNotFoundAction: "Allow" } },
  ],
];

for (const [about, spec, binding] of ALLOWED)
  test(`let pass: ${about}`, () => {
    const { server } = withPolicy(spec, binding);
    accepted(server.create(deployment("web", { replicas: 6 })));
  });

test("a refusal as kubectl prints it", () => {
  const { server } = withPolicy(FEW);
  const answer = server.create(deployment("web", { replicas: 6 }));
  assert.is(
    isRefused(answer) && refusalText(answer),
    `The deployments "web" is invalid: : ${SAYS} failed expression: object.spec.replicas <= 5`,
  );
});

test("a binding that only warns", () => {
  const { server } = withPolicy(FEW, { validationActions: ["Warn"] });
  const answer = server.create(deployment("web", { replicas: 6 }));
  assert.is(answer.code, 201);
  assert.equal(answer.warnings, [
    "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.spec.replicas <= 5",
  ]);
});

test("parameters say the limit", () => {
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    validations: [{ expression: "object.spec.replicas <= int(params.data.max)" }],
  };
  const { server } = withPolicy(spec, { paramRef: { name: "limits", namespace: "default", parameterNotFoundAction: "Deny" } });
  accepted(server.create(configMap("limits", { max: "3" })));
  accepted(server.create(deployment("small", { replicas: 3 })));
  assert.is(server.create(deployment("big", { replicas: 4 })).code, 422);
});

test("an update is seen with what was; a delete without an object", () => {
  const spec = {
    matchConstraints: MAPS,
    validations: [
      {
        expression: "request.operation == 'DELETE' ? oldObject.data.keep != 'yes' : oldObject == null || object.data.v != oldObject.data.v",
      },
    ],
  };
  const { server } = withPolicy(spec);
  const made = accepted(server.create(configMap("a", { v: "1", keep: "yes" })));
  assert.is(server.update({ ...made, metadata: { ...made.metadata, labels: { x: "y" } } }).code, 422);
  assert.is(server.delete(CONFIG_MAP, "a", "default").code, 422);
  accepted(server.update({ ...made, data: { v: "2", keep: "no" } } as typeof made));
  accepted(server.delete(CONFIG_MAP, "a", "default"));
});

test("an applied configuration changes what it names", () => {
  const expression = 'Object{metadata: Object.metadata{labels: {"team": "a"}}, spec: Object.spec{replicas: 2}}';
  const mutations = [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }];
  const { server } = withPolicy({ reinvocationPolicy: "Never", mutations }, {}, "Mutating");
  accepted(server.create(deployment("web", { replicas: 6 })));
  const stored = server.get(DEPLOYMENT, "web", "default") as unknown as { metadata: { labels: unknown }; spec: { replicas: number } };
  assert.equal(stored.metadata.labels, { team: "a" });
  assert.is(stored.spec.replicas, 2);
});

test("a JSON patch, and one that does not fit", () => {
  const patch = (expression: string): Unchecked => ({
    reinvocationPolicy: "Never",
    mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }],
  });
  const { server } = withPolicy(patch('[JSONPatch{op: "add", path: "/spec/paused", value: true}]'), {}, "Mutating");
  accepted(server.create(deployment("web")));
  assert.is((server.get(DEPLOYMENT, "web", "default") as unknown as { spec: { paused: boolean } }).spec.paused, true);
  const wrong = withPolicy(patch('[JSONPatch{op: "remove", path: "/spec/nothing"}]'), {}, "Mutating");
  assert.match(wrong.server.create(deployment("web")).message!, /^policy 'p' with binding 'b' denied request: JSON Patch: /);
});

test("policies are not about policies, and reach every namespace", () => {
  const all = { resourceRules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }] };
  const { server } = withPolicy({ matchConstraints: all, validations: [{ expression: "false" }] });
  assert.is(server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }).code, 422);
  accepted(server.delete({ apiVersion: GROUP, kind: "ValidatingAdmissionPolicy" } as typeof NAMESPACE, "p"));
});

test.run();
