/** What Pods and Pod templates have in common. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodSpec) */
import type {
  Container,
  ObjectMeta,
  PodDNSConfig,
  PodResourceClaim,
  PodSpec,
  PodTemplateSpec,
} from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { validateAddress } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, dnsSubdomainWithUnderscore, inclusiveRange, qualifiedName } from "../meta/formats.ts";
import { checkAnnotations, checkLabels, checkOneOf, note } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { checkAffinity, checkTolerations, checkTopologySpread } from "./affinity.ts";
import { checkContainers, checkEphemeralContainers, checkInitContainers, type PodContext } from "./containers.ts";
import { checkPodAnnotations } from "./pod-annotations.ts";
import { checkPodLevel } from "./pod-level-resources.ts";
import { checkContainerResources } from "./resources.ts";
import { checkPodSecurityContext } from "./security-context.ts";
import { checkVolumes } from "./volumes.ts";

export const INT32_MAX = 2147483647;
const RESTART_POLICIES = ["Always", "OnFailure", "Never"] as const;
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] as const;

const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"] as const;

const NO_VOLUMES: PodContext["volumes"] = new Map();
const NO_CLAIMS: PodContext["claims"] = new Set();

/** `meta`: of the Pod itself; none for a template. */
export function checkPodSpec(spec: PodSpec, meta: ObjectMeta | undefined, path: Path, out: FieldError[]): void {
  const volumes = spec.volumes ? checkVolumes(spec.volumes, meta, at(path, "volumes"), out) : NO_VOLUMES;
  const claims = spec.resourceClaims ? new Set(spec.resourceClaims.map((c) => c.name).filter(Boolean)) : NO_CLAIMS;
  const pod: PodContext = { spec, volumes, claims, hostUsers: spec.hostUsers !== false };
  if (spec.resourceClaims) checkResourceClaims(spec.resourceClaims, at(path, "resourceClaims"), out);
  checkContainers(pod, at(path, "containers"), out);
  checkInitContainers(pod, at(path, "initContainers"), out);
  checkEphemeralContainers(pod, at(path, "ephemeralContainers"), out);
  checkPodLevel(spec, claims, at(path, "resources"), out);
  if (spec.hostNetwork) checkHostPorts(spec, meta !== undefined, at(path, "containers"), out);
  checkOneOf(spec.restartPolicy, RESTART_POLICIES, at(path, "restartPolicy"), out);
  checkOneOf(spec.dnsPolicy, DNS_POLICIES, at(path, "dnsPolicy"), out);
  if (spec.nodeSelector) checkLabels(spec.nodeSelector, at(path, "nodeSelector"), out);
  checkPodSecurityContext(spec, at(path, "securityContext"), out);
  if (spec.affinity) checkAffinity(spec.affinity, at(path, "affinity"), out);
  checkDnsConfig(spec.dnsConfig, spec.dnsPolicy, at(path, "dnsConfig"), out);
  spec.readinessGates?.forEach(({ conditionType }, i) => {
    note(qualifiedName(conditionType), conditionType, at(at(path, "readinessGates", i), "conditionType"), out);
  });
  if (spec.schedulingGates) checkSchedulingGates(spec.schedulingGates, at(path, "schedulingGates"), out);
  if (spec.topologySpreadConstraints) checkTopologySpread(spec.topologySpreadConstraints, at(path, "topologySpreadConstraints"), out);
  if (spec.hostUsers === false) checkOwnUsers(spec, path, out);
  if (spec.serviceAccountName) checkName(spec.serviceAccountName, at(path, "serviceAccountName"), out);
  if (spec.nodeName) checkName(spec.nodeName, at(path, "nodeName"), out);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > INT32_MAX))
    out.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, inclusiveRange(1, INT32_MAX)));
  if (spec.hostname) note(dnsLabel(spec.hostname), spec.hostname, at(path, "hostname"), out);
  if (spec.subdomain) note(dnsLabel(spec.subdomain), spec.subdomain, at(path, "subdomain"), out);
  if (spec.tolerations) checkTolerations(spec.tolerations, at(path, "tolerations"), out);
  spec.hostAliases?.forEach(({ ip, hostnames }, i) => {
    const item = at(path, "hostAliases", i);
    out.push(...validateAddress(at(item, "ip"), ip ?? ""));
    hostnames?.forEach((h, k) => {
      note(dnsSubdomain(h), h, at(item, "hostnames", k), out);
    });
  });
  if (spec.priorityClassName) checkName(spec.priorityClassName, at(path, "priorityClassName"), out);
  if (spec.runtimeClassName !== undefined) checkName(spec.runtimeClassName, at(path, "runtimeClassName"), out);
  if (spec.preemptionPolicy !== undefined) checkOneOf(spec.preemptionPolicy, PREEMPTION_POLICIES, at(path, "preemptionPolicy"), out);
  if (spec.overhead) checkContainerResources({ limits: spec.overhead }, undefined, at(path, "overhead"), out);
  if (spec.os) checkOs(spec, path, out);
}

function checkName(name: string, path: Path, out: FieldError[]): void {
  note(dnsSubdomain(name), name, path, out);
}

function checkResourceClaims(claims: readonly PodResourceClaim[], path: Path, out: FieldError[]): void {
  const names = new Set<string>();
  claims.forEach(({ name, resourceClaimName, resourceClaimTemplateName }, i) => {
    const item = at(path, "", i);
    if (!name) out.push(required(`${item}.name`));
    else if (names.has(name)) out.push(duplicate(`${item}.name`, name));
    else note(dnsLabel(name), name, at(item, "name"), out);
    names.add(name);
    const shown = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    };
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      out.push(invalidValue(item, shown, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      out.push(invalidValue(item, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
    }
    if (resourceClaimName !== undefined) checkName(resourceClaimName, at(item, "resourceClaimName"), out);
    if (resourceClaimTemplateName !== undefined) checkName(resourceClaimTemplateName, at(item, "resourceClaimTemplateName"), out);
  });
}

/** On the host's network a container's port is the host's; in a template it may still be unset. */
function checkHostPorts(spec: PodSpec, isPod: boolean, path: Path, out: FieldError[]): void {
  spec.containers?.forEach((c, i) => {
    c.ports?.forEach((p, k) => {
      const host = p.hostPort ?? 0;
      if ((isPod || host !== 0) && host !== (p.containerPort ?? 0))
        out.push(invalidValue(`${path}[${i}].ports[${k}].hostPort`, host, "must match `containerPort` when `hostNetwork` is true"));
    });
  });
}

const NAMESERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCH_CHARACTERS_MAX = 2048;

function checkDnsConfig(config: PodDNSConfig | undefined, policy: string | undefined, path: Path, out: FieldError[]): void {
  if (policy === "None" && !config) {
    out.push(required(path, "must provide `dnsConfig` when `dnsPolicy` is None"));
    return;
  }
  if (policy === "None" && !config?.nameservers?.length) {
    out.push(required(`${path}.nameservers`, "must provide at least one DNS nameserver when `dnsPolicy` is None"));
    return;
  }
  if (!config) return;
  const { nameservers = [], searches = [] } = config;
  if (nameservers.length > NAMESERVERS_MAX)
    out.push(invalidValue(`${path}.nameservers`, nameservers, `must not have more than ${NAMESERVERS_MAX} nameservers`));
  nameservers.forEach((s, i) => {
    out.push(...validateAddress(at(path, "nameservers", i), s));
  });
  if (searches.length > SEARCHES_MAX)
    out.push(invalidValue(`${path}.searches`, searches, `must not have more than ${SEARCHES_MAX} search paths`));
  if (searches.join(" ").length > SEARCH_CHARACTERS_MAX) {
    const text = `must not have more than ${SEARCH_CHARACTERS_MAX} characters (including spaces) in the search list`;
    out.push(invalidValue(`${path}.searches`, searches, text));
  }
  searches.forEach((s, i) => {
    if (s === ".") return;
    const bare = s.endsWith(".") ? s.slice(0, -1) : s;
    note(dnsSubdomainWithUnderscore(bare), bare, at(path, "searches", i), out);
  });
  config.options?.forEach((o, i) => {
    if (!o.name) out.push(required(`${path}.options[${i}]`, "must not be empty"));
  });
}

function checkSchedulingGates(gates: NonNullable<PodSpec["schedulingGates"]>, path: Path, out: FieldError[]): void {
  const seen = new Set<string>();
  gates.forEach(({ name }, i) => {
    note(qualifiedName(name), name, at(path, "", i), out);
    if (seen.has(name)) out.push(duplicate(`${path}[${i}]`, name));
    seen.add(name);
  });
}

/** Of a Pod in a user namespace of its own. */
function checkOwnUsers(spec: PodSpec, path: Path, out: FieldError[]): void {
  if (spec.hostNetwork) out.push(forbidden(`${path}.hostNetwork`, "when `hostUsers` is false"));
  if (spec.hostPID) out.push(forbidden(`${path}.HostPID`, "when `hostUsers` is false"));
  if (spec.hostIPC) out.push(forbidden(`${path}.HostIPC`, "when `hostUsers` is false"));
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

const NOT_IN_WINDOWS_CONTAINERS = [
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

function checkOs(spec: PodSpec, path: Path, out: FieldError[]): void {
  const name = (spec.os?.name ?? "") as string;
  if (name === "") out.push(required(`${path}.os.name`));
  else if (name !== "linux" && name !== "windows") out.push(notSupported(`${path}.os`, name, ["linux", "windows"]));
  else if (name === "linux") checkLinux(spec, path, out);
  else checkWindows(spec, path, out);
}

/** Containers and init containers, in this order. */
function eachContainer(spec: PodSpec, path: Path, visit: (container: Container, path: Path) => void): void {
  spec.containers?.forEach((c, i) => {
    visit(c, at(path, "containers", i));
  });
  spec.initContainers?.forEach((c, i) => {
    visit(c, at(path, "initContainers", i));
  });
}

function checkLinux(spec: PodSpec, path: Path, out: FieldError[]): void {
  const text = "windows options cannot be set for a linux pod";
  if (spec.securityContext?.windowsOptions) out.push(forbidden(`${path}.securityContext.windowsOptions`, text));
  eachContainer(spec, path, (c, item) => {
    if (c.securityContext?.windowsOptions) out.push(forbidden(`${item}.securityContext.windowsOptions`, text));
  });
}

function checkWindows(spec: PodSpec, path: Path, out: FieldError[]): void {
  const text = "cannot be set for a windows pod";
  for (const f of NOT_ON_WINDOWS) if (spec.securityContext?.[f] !== undefined) out.push(forbidden(`${path}.securityContext.${f}`, text));
  for (const f of ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"] as const)
    if (spec[f] !== undefined) out.push(forbidden(`${path}.${f}`, text));
  eachContainer(spec, path, (c, item) => {
    for (const f of NOT_IN_WINDOWS_CONTAINERS)
      if (c.securityContext?.[f] !== undefined) out.push(forbidden(`${item}.securityContext.${f}`, text));
  });
}

const NO_SPEC: PodSpec = { containers: [] as never };

export function validatePodTemplateSpec(template: PodTemplateSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const { metadata, spec = NO_SPEC } = template;
  if (metadata?.labels) checkLabels(metadata.labels, at(path, "labels"), out);
  if (metadata?.annotations) {
    checkAnnotations(metadata.annotations, at(path, "annotations"), out);
    checkPodAnnotations(metadata.annotations, spec, at(path, "annotations"), out);
  }
  checkPodSpec(spec, undefined, at(path, "spec"), out);
  if ((spec.ephemeralContainers?.length ?? 0) > 0)
    out.push(forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  return out;
}
