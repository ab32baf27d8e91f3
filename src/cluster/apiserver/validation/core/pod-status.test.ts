/** What a status of a Pod may not say. Through the server. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../../../api/object.ts";
import { accepted, fixture, pod } from "../../server-fixture.ts";

const ended = (exitCode: number): Unchecked => ({ terminated: { exitCode } });
const running = { running: {} };
const statuses = (name: string, state: Unchecked, more: Unchecked = {}): readonly Unchecked[] => [
  { name, state, image: "a", imageID: "", ready: false, restartCount: 0, ...more },
];
const stays = (list: string): string => `status.${list}[0].state: Forbidden: may not be transitioned to non-terminated state`;

/** The spec besides its container `main`, the status before, the new one, and what is said. */
const CASES: readonly (readonly [string, Unchecked, Unchecked, Unchecked, string])[] = [
  [
    "Never: what has ended stays so",
    { restartPolicy: "Never" },
    { containerStatuses: statuses("main", ended(1)) },
    { containerStatuses: statuses("main", running) },
    stays("containerStatuses"),
  ],
  [
    "OnFailure: what failed may start again",
    { restartPolicy: "OnFailure" },
    { containerStatuses: statuses("main", ended(1)) },
    { containerStatuses: statuses("main", running) },
    "",
  ],
  [
    "OnFailure: what succeeded may not",
    { restartPolicy: "OnFailure" },
    { containerStatuses: statuses("main", ended(0)) },
    { containerStatuses: statuses("main", running) },
    stays("containerStatuses"),
  ],
  ["Always", {}, { containerStatuses: statuses("main", ended(0)) }, { containerStatuses: statuses("main", running) }, ""],
  [
    "a container's own rule",
    {
      restartPolicy: "Never",
      containers: [
        {
          name: "main",
          image: "a",
          restartPolicy: "Never",
          restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }],
        },
      ],
    },
    { containerStatuses: statuses("main", ended(42)) },
    { containerStatuses: statuses("main", running) },
    "",
  ],
  [
    "a sidecar may start again, an init container may not",
    {
      restartPolicy: "Never",
      initContainers: [
        { name: "once", image: "a" },
        { name: "side", image: "a", restartPolicy: "Always" },
      ],
    },
    { initContainerStatuses: [...statuses("once", ended(0)), ...statuses("side", ended(0))] },
    { initContainerStatuses: [...statuses("once", running), ...statuses("side", running)] },
    stays("initContainerStatuses"),
  ],
  [
    "an ephemeral container, whatever the policy",
    {},
    { ephemeralContainerStatuses: statuses("debug", ended(1)) },
    { ephemeralContainerStatuses: statuses("debug", running) },
    stays("ephemeralContainerStatuses"),
  ],
  [
    "addresses",
    {},
    { podIPs: [{ ip: "kept" }], podIP: "kept" },
    { podIP: "kept", podIPs: [{ ip: "kept" }, { ip: "x" }], hostIP: "10.0.0.1", hostIPs: [{ ip: "10.0.0.2" }] },
    `[${[
      'status.podIPs[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.podIPs: Invalid value: [{"IP":"kept"},{"IP":"x"}]: may specify no more than one IP for each IP family',
      'status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`',
    ].join(", ")}]`,
  ],
  ["addresses of two families", {}, {}, { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] }, ""],
  [
    "conditions",
    {},
    {},
    { conditions: [{ type: "Ready", status: "True", observedGeneration: -1 }] },
    "status.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer",
  ],
  [
    "claims that the Pod does not have",
    {},
    {},
    { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "X" }] },
    `[${[
      'status.resourceClaimStatuses[0].name: Invalid value: "gpu": must match the name of an entry in `spec.resourceClaims`',
      "status.resourceClaimStatuses[0].resourceClaimName: Invalid value: \"X\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ].join(", ")}]`,
  ],
  [
    "an extended resource that nobody asked for",
    {},
    {},
    {
      extendedResourceClaimStatus: {
        resourceClaimName: "c",
        requestMappings: [{ containerName: "main", resourceName: "a.b/gpu", requestName: "r" }],
      },
    },
    'status.extendedResourceClaimStatus.requestMappings[0].resourceName: Invalid value: "a.b/gpu": must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests',
  ],
  [
    "a user on Windows",
    { os: { name: "windows" } },
    {},
    { containerStatuses: statuses("main", running, { user: { linux: { uid: 1, gid: 1 } } }) },
    "status.containerStatuses[0].user.linux: Forbidden: cannot be set for a windows pod",
  ],
  [
    "a user that is none",
    {},
    {},
    { containerStatuses: statuses("main", running, { user: { linux: { uid: -1, gid: 1 } } }) },
    "status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive",
  ],
  [
    "a device twice",
    {},
    {},
    {
      containerStatuses: statuses("main", running, {
        allocatedResourcesStatus: [
          {
            name: "claim:c",
            resources: [
              { resourceID: "d", health: "Healthy" },
              { resourceID: "d", health: "Ill" },
            ],
          },
        ],
      }),
    },
    `[${[
      "status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: \"claim:c\": must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty",
      'status.containerStatuses[0].allocatedResourcesStatus[0].resources[1].health: Unsupported value: "Ill": supported values: "Healthy", "Unhealthy", "Unknown"',
      'status.containerStatuses[0].allocatedResourcesStatus[0].resources[1].resourceID: Duplicate value: "d"',
    ].join(", ")}]`,
  ],
];

for (const [what, spec, before, status, text] of CASES) {
  test(`status: ${what}`, () => {
    const { server } = fixture();
    const made = accepted(server.create(pod("x", spec, { namespace: "default" })));
    const put = (next: Unchecked): KubeObject =>
      ({ ...made, metadata: { name: "x", namespace: "default" }, status: next }) as unknown as KubeObject;
    accepted(server.trustedClient("kubelet").updateStatus(put(before)));
    const answer = server.updateStatus(put(status));
    assert.is((answer.message ?? "").replace('Pod "x" is invalid: ', ""), text);
  });
}

const MIRROR = "kubernetes.io/config.mirror";
const APPARMOR = "container.apparmor.security.beta.kubernetes.io/main";
const ANNOTATIONS: readonly (readonly [string, Unchecked, Unchecked, string])[] = [
  ["a mirror made later", {}, { [MIRROR]: "a" }, `metadata.annotations[${MIRROR}]: Forbidden: may not add mirror pod annotation`],
  ["a mirror no more", { [MIRROR]: "a" }, {}, `metadata.annotations[${MIRROR}]: Forbidden: may not remove or update mirror pod annotation`],
  [
    "another profile",
    { [APPARMOR]: "unconfined" },
    { [APPARMOR]: "runtime/default" },
    `metadata.annotations[${APPARMOR}]: Forbidden: may not remove or update AppArmor annotations`,
  ],
  ["a profile later", {}, { [APPARMOR]: "unconfined" }, `metadata.annotations[${APPARMOR}]: Forbidden: may not add AppArmor annotations`],
];
for (const [what, before, annotations, text] of ANNOTATIONS) {
  test(`annotations: ${what}`, () => {
    const { server } = fixture();
    const made = accepted(server.create(pod("x", { nodeName: "n" }, { namespace: "default", annotations: before })));
    const next = { ...made, metadata: { ...made.metadata, annotations } } as KubeObject;
    for (const answer of [server.update(next), server.updateStatus(next)])
      assert.is((answer.message ?? "").replace('Pod "x" is invalid: ', ""), text);
  });
}

test.run();
