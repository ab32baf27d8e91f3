/** What Pods and Pod templates have in common. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodSpec) */
import type { ObjectMeta, PodDNSConfig, PodResourceClaim, PodSpec, PodTemplateSpec } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { validateAddress } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, dnsSubdomainWithUnderscore, inclusiveRange, qualifiedName } from "../meta/formats.ts";
import { all, oneOf, validateAnnotations, validateLabels } from "../meta/object-meta.ts";
import { validateAffinity, validateTolerations, validateTopologySpread } from "./affinity.ts";
import { type PodContext, validateContainers, validateEphemeralContainers, validateInitContainers } from "./containers.ts";
import { validatePodAnnotations } from "./pod-annotations.ts";
import { validatePodLevel } from "./pod-level-resources.ts";
import { validateContainerResources } from "./resources.ts";
import { validatePodSecurityContext } from "./security-context.ts";
import { validateVolumes } from "./volumes.ts";

export const INT32_MAX = 2147483647;
const RESTART_POLICIES = ["Always", "OnFailure", "Never"] as const;
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] as const;

/** `meta`: of the Pod itself; none for a template. */
export function validatePodSpec(spec: PodSpec, meta: ObjectMeta | undefined, path: string): FieldError[] {
  const { errors, byName } = validateVolumes(spec.volumes, meta, `${path}.volumes`);
  const claims = new Set((spec.resourceClaims ?? []).map((c) => c.name).filter(Boolean));
  const pod: PodContext = { spec, volumes: byName, claims, hostUsers: spec.hostUsers !== false };
  const name = (field: "serviceAccountName" | "nodeName" | "priorityClassName" | "runtimeClassName"): FieldError[] =>
    spec[field] || (field === "runtimeClassName" && spec[field] !== undefined)
      ? all(`${path}.${field}`, spec[field] ?? "", dnsSubdomain(spec[field] ?? ""))
      : [];
  const deadline = spec.activeDeadlineSeconds;
  return [
    ...errors,
    ...validateResourceClaims(spec.resourceClaims, `${path}.resourceClaims`),
    ...validateContainers(pod, `${path}.containers`),
    ...validateInitContainers(pod, `${path}.initContainers`),
    ...validateEphemeralContainers(pod, `${path}.ephemeralContainers`),
    ...validatePodLevel(spec, claims, `${path}.resources`),
    ...validateHostPorts(spec, meta !== undefined, `${path}.containers`),
    ...oneOf(`${path}.restartPolicy`, spec.restartPolicy, RESTART_POLICIES),
    ...oneOf(`${path}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, `${path}.dnsConfig`),
    ...(spec.readinessGates ?? []).flatMap((g, i) =>
      all(`${path}.readinessGates[${i}].conditionType`, g.conditionType, qualifiedName(g.conditionType)),
    ),
    ...validateSchedulingGates(spec, `${path}.schedulingGates`),
    ...validateTopologySpread(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...validateHostUsers(spec, path),
    ...name("serviceAccountName"),
    ...name("nodeName"),
    ...(deadline !== undefined && (deadline < 1 || deadline > INT32_MAX)
      ? [invalidValue(`${path}.activeDeadlineSeconds`, deadline, inclusiveRange(1, INT32_MAX))]
      : []),
    ...(spec.hostname ? all(`${path}.hostname`, spec.hostname, dnsLabel(spec.hostname)) : []),
    ...(spec.subdomain ? all(`${path}.subdomain`, spec.subdomain, dnsLabel(spec.subdomain)) : []),
    ...validateTolerations(spec.tolerations, `${path}.tolerations`),
    ...(spec.hostAliases ?? []).flatMap((a, i) => [
      ...validateAddress(`${path}.hostAliases[${i}].ip`, a.ip ?? ""),
      ...(a.hostnames ?? []).flatMap((h, k) => all(`${path}.hostAliases[${i}].hostnames[${k}]`, h, dnsSubdomain(h))),
    ]),
    ...name("priorityClassName"),
    ...name("runtimeClassName"),
    ...(spec.preemptionPolicy === undefined
      ? []
      : oneOf(`${path}.preemptionPolicy`, spec.preemptionPolicy, ["PreemptLowerPriority", "Never"])),
    ...(spec.overhead ? validateContainerResources({ limits: spec.overhead }, undefined, `${path}.overhead`) : []),
    ...validateOs(spec, path),
  ];
}

function validateResourceClaims(claims: readonly PodResourceClaim[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return (claims ?? []).flatMap((c, i) => {
    const at = `${path}[${i}]`;
    const out: FieldError[] = [];
    if (!c.name) out.push(required(`${at}.name`));
    else if (names.has(c.name)) out.push(duplicate(`${at}.name`, c.name));
    else out.push(...all(`${at}.name`, c.name, dnsLabel(c.name)));
    names.add(c.name);
    const { resourceClaimName, resourceClaimTemplateName } = c;
    const shown = {
      Name: c.name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    };
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      out.push(invalidValue(at, shown, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      out.push(invalidValue(at, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
    }
    if (resourceClaimName !== undefined) out.push(...all(`${at}.resourceClaimName`, resourceClaimName, dnsSubdomain(resourceClaimName)));
    if (resourceClaimTemplateName !== undefined)
      out.push(...all(`${at}.resourceClaimTemplateName`, resourceClaimTemplateName, dnsSubdomain(resourceClaimTemplateName)));
    return out;
  });
}

/** On the host's network a container's port is the host's; in a template it may still be unset. */
function validateHostPorts(spec: PodSpec, isPod: boolean, path: string): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((c, i) =>
    (c.ports ?? []).flatMap((p, k) => {
      const host = p.hostPort ?? 0;
      const wrong = (isPod || host !== 0) && host !== (p.containerPort ?? 0);
      return wrong
        ? [invalidValue(`${path}[${i}].ports[${k}].hostPort`, host, "must match `containerPort` when `hostNetwork` is true")]
        : [];
    }),
  );
}

const NAMESERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCH_CHARACTERS_MAX = 2048;

function validateDnsConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: string): FieldError[] {
  if (policy === "None") {
    if (!config) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!config.nameservers?.length)
      return [required(`${path}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None")];
  }
  if (!config) return [];
  const out: FieldError[] = [];
  const servers = config.nameservers ?? [];
  const searches = config.searches ?? [];
  if (servers.length > NAMESERVERS_MAX)
    out.push(invalidValue(`${path}.nameservers`, servers, `must not have more than ${NAMESERVERS_MAX} nameservers`));
  servers.forEach((s, i) => {
    out.push(...validateAddress(`${path}.nameservers[${i}]`, s));
  });
  if (searches.length > SEARCHES_MAX)
    out.push(invalidValue(`${path}.searches`, searches, `must not have more than ${SEARCHES_MAX} search paths`));
  if (searches.join(" ").length > SEARCH_CHARACTERS_MAX) {
    out.push(
      invalidValue(
        `${path}.searches`,
        searches,
        `must not have more than ${SEARCH_CHARACTERS_MAX} characters (including spaces) in the search list`,
      ),
    );
  }
  searches.forEach((s, i) => {
    if (s === ".") return;
    const bare = s.endsWith(".") ? s.slice(0, -1) : s;
    out.push(...all(`${path}.searches[${i}]`, bare, dnsSubdomainWithUnderscore(bare)));
  });
  config.options?.forEach((o, i) => {
    if (!o.name) out.push(required(`${path}.options[${i}]`, "must not be empty"));
  });
  return out;
}

function validateSchedulingGates(spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return (spec.schedulingGates ?? []).flatMap((g, i) => {
    const out = all(`${path}[${i}]`, g.name, qualifiedName(g.name));
    if (seen.has(g.name)) out.push(duplicate(`${path}[${i}]`, g.name));
    seen.add(g.name);
    return out;
  });
}

function validateHostUsers(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const out: FieldError[] = [];
  if (spec.hostNetwork) out.push(forbidden(`${path}.hostNetwork`, "when `hostUsers` is false"));
  if (spec.hostPID) out.push(forbidden(`${path}.HostPID`, "when `hostUsers` is false"));
  if (spec.hostIPC) out.push(forbidden(`${path}.HostIPC`, "when `hostUsers` is false"));
  return out;
}

const NOT_ON_WINDOWS = [
  "seLinuxOptions",
  "seccompProfile",
  "appArmorProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
] as const;

function validateOs(spec: PodSpec, path: string): FieldError[] {
  if (!spec.os) return [];
  const name = (spec.os.name ?? "") as string;
  if (name === "") return [required(`${path}.os.name`)];
  if (name !== "linux" && name !== "windows") return [notSupported(`${path}.os`, name, ["linux", "windows"])];
  const containers = [
    ...(spec.containers ?? []).map((c, i) => [c, `${path}.containers[${i}]`] as const),
    ...(spec.initContainers ?? []).map((c, i) => [c, `${path}.initContainers[${i}]`] as const),
  ];
  if (name === "linux") {
    const text = "windows options cannot be set for a linux pod";
    const own = spec.securityContext?.windowsOptions ? [forbidden(`${path}.securityContext.windowsOptions`, text)] : [];
    return own.concat(
      containers.flatMap(([c, at]) => (c.securityContext?.windowsOptions ? [forbidden(`${at}.securityContext.windowsOptions`, text)] : [])),
    );
  }
  const text = "cannot be set for a windows pod";
  const out: FieldError[] = NOT_ON_WINDOWS.filter((f) => spec.securityContext?.[f] !== undefined).map((f) =>
    forbidden(`${path}.securityContext.${f}`, text),
  );
  for (const f of ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"] as const)
    if (spec[f] !== undefined) out.push(forbidden(`${path}.${f}`, text));
  const ofContainer = [
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
  ] as const;
  for (const [c, at] of containers)
    for (const f of ofContainer) if (c.securityContext?.[f] !== undefined) out.push(forbidden(`${at}.securityContext.${f}`, text));
  return out;
}

export function validatePodTemplateSpec(template: PodTemplateSpec, path: string): FieldError[] {
  const spec = template.spec ?? ({ containers: [] } as PodSpec);
  const out = [
    ...validateLabels(template.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template.metadata?.annotations, `${path}.annotations`),
    ...validatePodAnnotations(template.metadata?.annotations, spec, `${path}.annotations`),
    ...validatePodSpec(spec, undefined, `${path}.spec`),
  ];
  if ((spec.ephemeralContainers?.length ?? 0) > 0)
    out.push(forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  return out;
}
