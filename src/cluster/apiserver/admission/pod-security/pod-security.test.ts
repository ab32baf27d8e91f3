/** The Pod Security Standards by level and version, and the labels that choose them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { tellDetails, violationsOf } from "./evaluate.ts";
import { policyOf, type Standard } from "./labels.ts";

const GOOD = {
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  },
} as const;
const container = (more: Partial<Container> = {}, name = "c"): Container => ({ name, image: "a:1", ...more });
const pod = (spec: Partial<PodSpec>): PodSpec => ({ containers: [container()], ...spec });
const securityContext = (more: Container["securityContext"]): PodSpec => pod({ containers: [container({ securityContext: more })] });
const standard = (text: string): Standard => {
  const [level, version] = text.split(":");
  return { level, version } as Standard;
};

const CASES: readonly (readonly [standard: string, spec: PodSpec, told: string])[] = [
  ["privileged:latest", pod({ hostNetwork: true }), ""],
  ["baseline:latest", pod({}), ""],
  ["baseline:latest", pod({ hostNetwork: true, hostPID: true }), "host namespaces (hostNetwork=true, hostPID=true)"],
  [
    "baseline:latest",
    pod({ containers: [container({ securityContext: { privileged: true } }), container({ securityContext: { privileged: true } }, "d")] }),
    'privileged (containers "c", "d" must not set securityContext.privileged=true)',
  ],
  ["baseline:latest", pod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }), 'hostPath volumes (volume "v")'],
  [
    "restricted:latest",
    pod({
      containers: [container(GOOD)],
      volumes: [
        { name: "v", hostPath: { path: "/" } },
        { name: "s", secret: {} },
      ],
    }),
    'restricted volume types (volume "v" uses restricted volume type "hostPath")',
  ],
  [
    "baseline:latest",
    pod({
      containers: [
        container({
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 8081 },
          ],
        }),
      ],
    }),
    'hostPort (container "c" uses hostPorts 80, 8081)',
  ],
  [
    "baseline:latest",
    pod({ containers: [container({ livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } })] }),
    'probe or lifecycle host (container "c" uses probe or lifecycle host "10.0.0.1")',
  ],
  ["baseline:v1.33", pod({ containers: [container({ livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } })] }), ""],
  [
    "baseline:latest",
    securityContext({ capabilities: { add: ["SYS_ADMIN", "NET_RAW", "CHOWN"] } }),
    'non-default capabilities (container "c" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    "restricted:latest",
    securityContext({ ...GOOD.securityContext, capabilities: { add: ["CHOWN", "NET_BIND_SERVICE"] } }),
    'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]; container "c" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  ["baseline:latest", pod({ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }), "forbidden sysctls (kernel.msgmax)"],
  ["baseline:latest", pod({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } }), ""],
  [
    "baseline:v1.31",
    pod({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } }),
    "forbidden sysctls (net.ipv4.tcp_rmem)",
  ],
  [
    "baseline:latest",
    pod({ securityContext: { seLinuxOptions: { type: "spc_t", user: "u" } } }),
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
  ],
  [
    "baseline:latest",
    pod({ securityContext: { seccompProfile: { type: "Unconfined" } } }),
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    "baseline:latest",
    securityContext({ procMount: "Unmasked" }),
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  ["baseline:latest", { ...securityContext({ procMount: "Unmasked" }), hostUsers: false }, ""],
  [
    "restricted:latest",
    { ...securityContext({ ...GOOD.securityContext, procMount: "Unmasked" }), hostUsers: false },
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  [
    "restricted:latest",
    pod({ securityContext: { runAsNonRoot: false, runAsUser: 0 }, containers: [container(GOOD)] }),
    "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod must not set runAsUser=0)",
  ],
  ["restricted:v1.22", pod({ securityContext: { runAsUser: 0 }, containers: [container(GOOD)] }), ""],
  ["restricted:latest", pod({ containers: [container(GOOD)] }), ""],
  ["restricted:v1.99", pod({ containers: [container(GOOD)] }), ""],
];

for (const [of, spec, told] of CASES)
  test(`${of}: ${told || "nothing against it"}`, () => assert.is(tellDetails(violationsOf(standard(of), { spec })), told));

test("AppArmor: annotations and fields together", () => {
  const annotations = { "container.apparmor.security.beta.kubernetes.io/c": "unconfined" };
  const spec = pod({ securityContext: { appArmorProfile: { type: "Unconfined" } } });
  assert.is(
    tellDetails(violationsOf(standard("baseline:latest"), { metadata: { annotations }, spec })),
    'forbidden AppArmor profiles (pod and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/c="unconfined"")',
  );
});

const P = "pod-security.kubernetes.io/";
test("who enforces and says nothing of warnings is warned by what is enforced", () => {
  const enforced = policyOf({ [`${P}enforce`]: "restricted", [`${P}enforce-version`]: "v1.30" });
  assert.equal(enforced.warn, { level: "restricted", version: "v1.30" });
  const told = policyOf({ [`${P}enforce`]: "restricted", [`${P}warn`]: "baseline" });
  assert.equal(told.warn, { level: "baseline", version: "latest" });
});

test("a level that is none fails closed, and is an error", () => {
  const { enforce, warn, errors } = policyOf({ [`${P}enforce`]: "strict", [`${P}warn`]: "none", [`${P}audit-version`]: "1.2" });
  assert.is(enforce.level, "restricted");
  assert.is(warn.level, "privileged");
  assert.equal(
    errors.map((e) => `${e.field}: ${e.detail}`),
    [
      `metadata.labels[${P}enforce]: must be one of privileged, baseline, restricted`,
      `metadata.labels[${P}audit-version]: must be "latest" or "v1.x"`,
      `metadata.labels[${P}warn]: must be one of privileged, baseline, restricted`,
    ],
  );
});

test.run();
