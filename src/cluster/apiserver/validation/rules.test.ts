/** Rules that no recording shows, as the source of the API server has them. Through the server: an object, and what is said of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../../api/object.ts";
import { accepted, fixture } from "../server-fixture.ts";

const object = (apiVersion: string, kind: string, more: Unchecked): Unchecked => ({ apiVersion, kind, metadata: { name: "x" }, ...more });
const template = (more: Unchecked = {}): Unchecked => ({
  metadata: { labels: { app: "x" } },
  spec: { containers: [{ name: "c", image: "a" }], ...more },
});
const workload = (kind: string, spec: Unchecked = {}): Unchecked =>
  object("apps/v1", kind, { spec: { selector: { matchLabels: { app: "x" } }, template: template(), ...spec } });
const told = (message = ""): string => message.replace(/^.* "x" is invalid: /, "");

const CREATE: readonly (readonly [string, Unchecked, string])[] = [
  [
    "a claim's volume comes before the template's own",
    workload("StatefulSet", {
      volumeClaimTemplates: [
        { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
      ],
      template: template({ volumes: [{ name: "own", hostPath: { path: "" } }] }),
    }),
    "spec.template.spec.volumes[1].hostPath.path: Required value",
  ],
  [
    "a revision's data",
    object("apps/v1", "ControllerRevision", { revision: 1, data: [1] }),
    "data: Required value: data must be a valid JSON object",
  ],
  [
    "secrets without tokens",
    object("storage.k8s.io/v1", "CSIDriver", { spec: { serviceAccountTokenInSecrets: true } }),
    "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified",
  ],
  [
    "a driver without a node",
    object("storage.k8s.io/v1", "CSINode", { spec: { drivers: [{ name: "a.b", nodeID: "" }] } }),
    "spec.drivers[0].nodeID: Required value",
  ],
  [
    "a schema of requests",
    object("flowcontrol.apiserver.k8s.io/v1", "FlowSchema", {
      spec: {
        matchingPrecedence: 1,
        distinguisherMethod: { type: "ByColour" },
        priorityLevelConfiguration: { name: "a" },
        rules: [
          {
            subjects: [{ kind: "User", group: { name: "g" } }],
            nonResourceRules: [{ verbs: ["say"], nonResourceURLs: ["a*"] }],
          },
        ],
      },
    }),
    `[${[
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
      'spec.distinguisherMethod.type: Unsupported value: {"Type":"ByColour"}: supported values: "ByNamespace", "ByUser"',
      "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
      "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["say"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a*": must start with slash',
    ].join(", ")}]`,
  ],
  [
    "a level of priority",
    object("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", {
      spec: {
        type: "Limited",
        limited: { lendablePercent: 101, limitResponse: { type: "Queue", queuing: { queues: 64, handSize: 11, queueLengthLimit: 1 } } },
      },
    }),
    `[${[
      "spec.limited.limitResponse.queuing.handSize: Invalid value: 11: required entropy bits of deckSize 64 and handSize 11 should not be greater than 60",
      "spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
    ].join(", ")}]`,
  ],
  [
    "a policy",
    object("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", {
      spec: {
        paramKind: { apiVersion: "a/b/c", kind: "K_" },
        matchConstraints: {
          resourceRules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], resourceNames: ["a", "a"] }],
        },
        validations: [
          { expression: "object.spec", message: "a\nb" },
          { expression: "1", messageExpression: " " },
        ],
      },
    }),
    `[${[
      'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      `spec.paramKind.kind: Invalid value: "K_": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
      'spec.matchConstraints.resourceRules[0].resourceNames[1]: Duplicate value: "a"',
      'spec.validations[0].message: Invalid value: "a\\nb": must not contain line breaks',
      'spec.validations[1].messageExpression: Invalid value: " ": must be non-empty if specified',
      'spec.validations[0].expression: Invalid value: "object.spec": must evaluate to bool but got dyn',
      'spec.validations[1].expression: Invalid value: "1": must evaluate to bool but got int',
    ].join(", ")}]`,
  ],
  [
    "a policy that alters",
    object("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy", {
      spec: {
        reinvocationPolicy: "Never",
        matchConstraints: { resourceRules: [{ operations: ["DELETE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }] },
        mutations: [
          { patchType: "JSONPatch", applyConfiguration: { expression: "Object{}" } },
          { patchType: "ApplyConfiguration", applyConfiguration: { expression: " 'a' " } },
        ],
      },
    }),
    `[${[
      'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
      "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
      'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
      `spec.mutations[1].applyConfiguration.expression: Invalid value: "'a'": must evaluate to Object but got string`,
    ].join(", ")}]`,
  ],
  [
    "a slice of devices",
    object("resource.k8s.io/v1", "ResourceSlice", {
      spec: {
        driver: "a.b",
        pool: { name: "p", generation: 0, resourceSliceCount: 0 },
        allNodes: true,
        nodeName: "n",
        devices: [
          {
            name: "d",
            attributes: { v: { version: "1" }, two: { int: 1, bool: true } },
            capacity: { memory: { value: "1Gi", requestPolicy: { default: "1Gi" } } },
            taints: [{ key: "a", effect: "Never" }],
          },
          { name: "d", nodeName: "n" },
        ],
      },
    }),
    `[${[
      "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
      'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
      'spec.devices[0].attributes[v].version: Invalid value: "1": must be a string compatible with semver.org spec 2.0.0',
      'spec.devices[0].attributes[two]: Invalid value: {"IntValue":1,"BoolValue":true,"StringValue":null,"VersionValue":null,"IntValues":null,"BoolValues":null,"StringValues":null,"VersionValues":null}: exactly one value must be specified',
      "spec.devices[0].capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true",
      'spec.devices[0].taints[0].effect: Unsupported value: "Never": supported values: "NoExecute", "NoSchedule", "None"',
      "spec.devices[1]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
      'spec.devices[1]: Duplicate value: "d"',
    ].join(", ")}]`,
  ],
  [
    "a version that somebody else serves",
    object("apiregistration.k8s.io/v1", "APIService", {
      spec: { group: "a.b", version: "v1", groupPriorityMinimum: 0, versionPriority: 1, insecureSkipTLSVerify: true },
    }),
    `[${[
      'metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.a.b"',
      "spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
      "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
    ].join(", ")}]`,
  ],
  [
    "a request for a certificate",
    object("certificates.k8s.io/v1", "CertificateSigningRequest", {
      spec: { request: "YQ==", signerName: "a/b_", usages: ["client auth", "client auth"], expirationSeconds: 1 },
    }),
    `[${[
      'spec.request: Invalid value: "YQ==": PEM block type must be CERTIFICATE REQUEST',
      'spec.usages[1]: Duplicate value: "client auth"',
      'spec.signerName: Invalid value: "a": should be a domain with at least two segments separated by dots',
      `spec.signerName: Invalid value: "b_": validating label "b_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      "spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)",
    ].join(", ")}]`,
  ],
  [
    "a volume of less than nothing",
    object("v1", "PersistentVolume", {
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "-1500m" },
        csi: { driver: "a.b", volumeHandle: "v", nodePublishSecretRef: { name: "s" } },
      },
    }),
    `[${[
      "spec.capacity[storage]: Invalid value: -2: must be a valid resource quantity",
      'spec.capacity[storage]: Invalid value: "-1500m": must be greater than zero',
      "spec.csi.nodePublishSecretRef.namespace: Required value",
    ].join(", ")}]`,
  ],
];
for (const [what, given, text] of CREATE) test(what, () => assert.is(told(fixture().server.create(given).message), text));

const UPDATE: readonly (readonly [string, Unchecked, (o: KubeObject) => unknown, string])[] = [
  [
    "a driver's attachRequired",
    object("storage.k8s.io/v1", "CSIDriver", { spec: { attachRequired: true } }),
    (o) => ({ ...o, spec: { ...(o as { spec?: object }).spec, attachRequired: false } }),
    "spec.attachedRequired: Invalid value: false: field is immutable",
  ],
  [
    "a StatefulSet's service",
    workload("StatefulSet", { serviceName: "x" }),
    (o) => ({ ...o, spec: { ...(o as { spec?: object }).spec, serviceName: "X_Y" } }),
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ],
];
const gated = object("v1", "Pod", {
  metadata: { name: "x", namespace: "default" },
  spec: {
    containers: [{ name: "c", image: "a" }],
    schedulingGates: [{ name: "g" }],
    nodeSelector: { a: "1" },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
        },
      },
    },
  },
});
test("a gated Pod may be told more narrowly where to go, and no more than that", () => {
  const { server } = fixture();
  const stored = accepted(server.create(gated)) as KubeObject & { readonly spec: Record<string, unknown> };
  const put = (spec: object): string => told(server.update({ ...stored, spec: { ...stored.spec, ...spec } } as never).message);
  assert.is(
    put({ nodeSelector: { b: "2" } }),
    'spec.nodeSelector: Invalid value: {"b":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
  );
  const terms = (expressions: readonly object[]): object => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] } },
    },
  });
  assert.is(
    put(terms([{ key: "b", operator: "Exists" }])),
    'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]: Invalid value: {"MatchExpressions":[{"Key":"b","Operator":"Exists","Values":null}],"MatchFields":null}: only additions are allowed (no mutations or deletions)',
  );
  assert.is(put({ nodeSelector: { a: "1", b: "2" } }), "");
});

for (const [what, given, change, text] of UPDATE) {
  test(`changed: ${what}`, () => {
    const { server } = fixture();
    const stored = accepted(server.create(given));
    assert.is(told(server.update(change(stored) as KubeObject).message), text);
  });
}

test("a Service that is not balanced has no place outside", () => {
  const { server } = fixture();
  const stored = accepted(
    server.create(object("v1", "Service", { metadata: { name: "x", namespace: "default" }, spec: { ports: [{ port: 80 }] } })),
  );
  const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
  const text = "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'";
  assert.is(told(server.updateStatus({ ...stored, status } as KubeObject).message), text);
});

const STATUS: readonly (readonly [string, Unchecked, string])[] = [
  [
    "Deployment",
    { replicas: 1, readyReplicas: 2, availableReplicas: 2 },
    "[status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas, status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas]",
  ],
  [
    "StatefulSet",
    { replicas: 1, availableReplicas: 1 },
    "status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas",
  ],
  [
    "DaemonSet",
    { numberReady: -1, currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0 },
    "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
  ],
  [
    "ReplicaSet",
    { replicas: 0, fullyLabeledReplicas: 1 },
    "status.fullyLabeledReplicas: Invalid value: 1: cannot be greater than status.replicas",
  ],
];
for (const [kind, status, text] of STATUS) {
  test(`the status of a ${kind}`, () => {
    const { server } = fixture();
    const stored = accepted(server.create(workload(kind)));
    assert.is(told(server.updateStatus({ ...stored, status } as KubeObject).message), text);
  });
}

test.run();
