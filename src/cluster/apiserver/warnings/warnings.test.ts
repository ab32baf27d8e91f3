/** What a valid object is warned of when it is made, and what is said again when it is changed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../../api/object.ts";
import { accepted, DEPLOYMENT, deployment, fixture, NAMESPACE, pod, service } from "../server-fixture.ts";

const container = (more: Unchecked): Unchecked => ({ containers: [{ name: "c", image: "a:1", ...more }] });
const of = (apiVersion: string, kind: string, name: string, more: Unchecked, metadata: Unchecked = {}): Unchecked => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...more,
});

const CASES: readonly (readonly [about: string, object: Unchecked, warnings: readonly string[]])[] = [
  ["nothing", pod("p"), []],
  [
    "a name with dots",
    pod("a.b"),
    [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ],
  [
    "a label out of use",
    pod("p", { nodeSelector: { "beta.kubernetes.io/os": "linux" } }),
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    "milli-bytes",
    pod("p", container({ resources: { requests: { memory: "100m" } } })),
    ['spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer'],
  ],
  [
    "a variable set twice",
    pod(
      "p",
      container({
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
      }),
    ),
    ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    "a variable that builds on what it was",
    pod(
      "p",
      container({
        env: [
          { name: "A", value: "1" },
          { name: "A", value: "$(A)2" },
        ],
      }),
    ),
    [],
  ],
  [
    "ports of two containers",
    pod("p", {
      containers: [
        { name: "c", image: "a:1", ports: [{ containerPort: 80 }] },
        { name: "d", image: "a:1", ports: [{ containerPort: 80 }] },
      ],
    }),
    ["spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"],
  ],
  [
    "a constraint without a selector",
    deployment("d", {
      template: {
        metadata: { labels: { app: "d" } },
        spec: { ...container({}), topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
      },
    }),
    ["spec.template.spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod"],
  ],
  [
    "addresses in other clothes",
    service("s", { externalIPs: ["::ffff:10.0.0.1", "2001:DB8::1"] }),
    [
      'spec.externalIPs[0]: non-standard IP address "::ffff:10.0.0.1" is invalid: use "10.0.0.1"',
      'spec.externalIPs[1]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
      "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
    ],
  ],
  [
    "a range with bits too many",
    of("networking.k8s.io/v1", "NetworkPolicy", "n", {
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.1/8" } }] }] },
    }),
    [
      'spec.ingress[0].from[0].ipBlock.cidr: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
    ],
  ],
  [
    "an Ingress with its class in an annotation",
    of(
      "networking.k8s.io/v1",
      "Ingress",
      "i",
      { spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } } },
      { annotations: { "kubernetes.io/ingress.class": "nginx" } },
    ),
    [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`],
  ],
  [
    "a certificate that is none",
    of("v1", "Secret", "t", { type: "kubernetes.io/tls", stringData: { "tls.crt": "x", "tls.key": "y" } }),
    ["tls: failed to find any PEM data in certificate input"],
  ],
  [
    "more requests than limits",
    of("v1", "ResourceQuota", "q", { spec: { hard: { "requests.cpu": "2", "limits.cpu": "1" } } }),
    ["ResourceQuota requests.cpu (2) should be less than limits.cpu (1)"],
  ],
  [
    "a format that nobody checks",
    of("apiextensions.k8s.io/v1", "CustomResourceDefinition", "bs.x.example", {
      spec: {
        group: "x.example",
        scope: "Cluster",
        names: { kind: "B", plural: "bs" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", properties: { a: { type: "string", format: "colour" } } } },
          },
        ],
      },
    }),
    ['unrecognized format "colour"'],
  ],
];

for (const [about, object, warnings] of CASES)
  test(about, () => {
    const answer = fixture().server.create(object);
    accepted(answer);
    assert.equal(answer.warnings ?? [], warnings);
  });

test("a change of labels alone says nothing again; a change of the spec does", () => {
  const { server } = fixture();
  const made = accepted(server.create(deployment("a.b")));
  const labelled = server.update({ ...made, metadata: { ...made.metadata, labels: { x: "y" } } });
  assert.is(labelled.warnings, undefined);
  const doubled = {
    env: [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ],
  };
  const patched = server.patch(DEPLOYMENT, "a.b", "default", { spec: { template: { spec: container({ name: "main", ...doubled }) } } });
  assert.equal(patched.warnings, [
    'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
  ]);
});

test("unknown fields are told first", () => {
  const answer = fixture().server.create(pod("a.b", { nodeNames: "x" }));
  assert.is(answer.warnings?.[0], 'unknown field "spec.nodeNames"');
  assert.is(answer.warnings?.length, 2);
});

test("a namespace that becomes stricter tells of the Pods that it has", () => {
  const { server } = fixture();
  accepted(server.create(pod("p")));
  accepted(server.create(pod("q", { hostNetwork: true })));
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  const answer = server.patch(NAMESPACE, "default", undefined, { metadata: { labels } });
  assert.is(answer.warnings?.[0], 'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"');
  assert.match(
    answer.warnings?.[1] ?? "",
    /^p: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile$/,
  );
  assert.match(answer.warnings?.[2] ?? "", /^q: host namespaces, /);
});

test.run();
