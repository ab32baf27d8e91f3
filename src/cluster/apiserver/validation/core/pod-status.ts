/** The status of a Pod. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodStatusUpdate) */
import type { Container, ContainerStatus, Pod, PodCondition, PodSpec, PodStatus } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { isDualStack, validateAddress } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, qualifiedName, userId } from "../meta/formats.ts";
import { all, validateImmutable, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { checkPodAnnotationUpdate } from "./pod-annotations.ts";

const NEGATIVE_GENERATION = "must be a non-negative integer";
const LISTS = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const out = validateObjectMetaUpdate(pod.metadata, old.metadata);
  const spec = old.spec ?? ({ containers: [] } as PodSpec);
  const [now, before]: readonly [PodStatus, PodStatus] = [pod.status ?? {}, old.status ?? {}];
  checkPodAnnotationUpdate(pod, old, out);
  out.push(...validateConditions(now.conditions));
  if (pod.spec?.nodeName !== old.spec?.nodeName) out.push(forbidden("status.nodeName", "may not be changed directly"));
  out.push(...validateNominated(now, before, spec));
  const generation = now.observedGeneration ?? 0;
  if (generation < 0) out.push(invalidValue("status.observedGeneration", generation, NEGATIVE_GENERATION));
  if (before.qosClass !== undefined) out.push(...validateImmutable(now.qosClass, before.qosClass, "status.qosClass"));
  for (const list of LISTS) out.push(...validateTransitions(list, now[list], before[list], spec));
  out.push(...validateClaimStatuses(now, spec), ...validateExtendedClaim(now, spec));
  out.push(...validateIps("podIPs", ipsOf(now.podIP, now.podIPs), ipsOf(before.podIP, before.podIPs)));
  const hostIps = now.hostIPs?.map(({ ip = "" }) => ip) ?? [];
  if (hostIps.length > 0 && hostIps[0] !== (now.hostIP ?? ""))
    out.push(invalidValue("status.hostIPs[0].ip", hostIps[0], "must be equal to `hostIP`"));
  out.push(...validateIps("hostIPs", hostIps, before.hostIPs?.map(({ ip = "" }) => ip) ?? []));
  for (const list of LISTS) out.push(...validateUsers(list, now[list], spec));
  out.push(...validateAllocated("containerStatuses", now.containerStatuses, spec.containers));
  out.push(...validateAllocated("initContainerStatuses", now.initContainerStatuses, spec.initContainers));
  now.ephemeralContainerStatuses?.forEach((s, i) => {
    if (s.allocatedResourcesStatus?.length)
      out.push(forbidden(`status.ephemeralContainerStatuses[${i}].allocatedResourcesStatus`, "must not be specified in container status"));
  });
  return out;
}

const OWN_CONDITIONS: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

function validateConditions(conditions: readonly PodCondition[] | undefined): FieldError[] {
  return (conditions ?? []).flatMap(({ type = "", observedGeneration = 0 }, i) => {
    const at = `status.conditions[${i}]`;
    const out = observedGeneration < 0 ? [invalidValue(`${at}.observedGeneration`, observedGeneration, NEGATIVE_GENERATION)] : [];
    return OWN_CONDITIONS.has(type) ? out : [...out, ...all(`${at}.Type`, type, qualifiedName(type))];
  });
}

function validateNominated({ nominatedNodeName: name }: PodStatus, before: PodStatus, { nodeName }: PodSpec): FieldError[] {
  const at = "status.nominatedNodeName";
  if (!name || name === before.nominatedNodeName) return [];
  const out = all(at, name, dnsSubdomain(name));
  return nodeName ? [...out, forbidden(at, "may not be set on pods that are already bound to a node")] : out;
}

type ListName = (typeof LISTS)[number];
type Statuses = readonly ContainerStatus[] | undefined;

/** What has ended stays ended, unless its container may be started again. */
function validateTransitions(list: ListName, now: Statuses, before: Statuses, spec: PodSpec): FieldError[] {
  const isEphemeral = list === "ephemeralContainerStatuses";
  if (!isEphemeral && mayRestartAll(spec)) return [];
  const containers = list === "containerStatuses" ? spec.containers : spec.initContainers;
  return (before ?? []).flatMap(({ name, state }, i) => {
    const ended = state?.terminated;
    if (!ended || !now?.some((s) => s.name === name && !s.state?.terminated)) return [];
    const container = isEphemeral ? undefined : containers?.find((c) => c.name === name);
    if (container && mayRestart(container, spec, ended.exitCode ?? 0)) return [];
    return [forbidden(`status.${list}[${i}].state`, "may not be transitioned to non-terminated state")];
  });
}

function mayRestartAll({ containers = [], initContainers = [] }: PodSpec): boolean {
  return [...initContainers, ...containers].some((c) => c.restartPolicyRules?.some((r) => r.action === "RestartAllContainers"));
}

/** @see kubernetes pkg/api/v1/pod/util.go (ContainerShouldRestart) */
function mayRestart({ restartPolicy, restartPolicyRules }: Container, spec: PodSpec, exitCode: number): boolean {
  const rule = restartPolicyRules?.find(({ exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    return exitCodes?.operator === "In" ? listed : exitCodes?.operator === "NotIn" && !listed;
  });
  if (restartPolicy && (rule?.action === "Restart" || rule?.action === "RestartAllContainers")) return true;
  const policy = restartPolicy ?? spec.restartPolicy;
  return policy === "Never" ? false : policy === "OnFailure" ? exitCode !== 0 : true;
}

function validateClaimStatuses({ resourceClaimStatuses = [] }: PodStatus, { resourceClaims = [] }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return resourceClaimStatuses.flatMap(({ name = "", resourceClaimName: claim }, i) => {
    const at = `status.resourceClaimStatuses[${i}]`;
    const out: FieldError[] = [];
    if (!resourceClaims.some((c) => c.name === name))
      out.push(invalidValue(`${at}.name`, name, "must match the name of an entry in `spec.resourceClaims`"));
    if (seen.has(name)) out.push(duplicate(`${at}.name`, name));
    seen.add(name);
    return claim === undefined ? out : [...out, ...all(`${at}.resourceClaimName`, claim, dnsSubdomain(claim))];
  });
}

/** The claim that stands for extended resources: which request of it serves which container's. */
function validateExtendedClaim({ extendedResourceClaimStatus: status }: PodStatus, spec: PodSpec): FieldError[] {
  if (!status) return [];
  const at = "status.extendedResourceClaimStatus";
  const out: FieldError[] = [];
  const mappings = status.requestMappings ?? [];
  if (mappings.length === 0) out.push(required(`${at}.requestMappings`, "at least one request mapping is required"));
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const seen = new Set<string>();
  mappings.forEach(({ containerName = "", resourceName = "", requestName = "" }, i) => {
    const path = `${at}.requestMappings[${i}]`;
    const container = containers.find((c) => c.name === containerName);
    const whose = "spec.initContainers.resources.requests or spec.containers.resources.requests";
    if (!container)
      out.push(
        invalidValue(
          `${path}.containerName`,
          containerName,
          "must match the name of an entry in spec.initContainers.name or spec.containers.name",
        ),
      );
    else if (container.resources?.requests?.[resourceName] === undefined)
      out.push(invalidValue(`${path}.resourceName`, resourceName, `must match the extended resource name of an entry in ${whose}`));
    out.push(...all(`${at}.requestName`, requestName, dnsLabel(requestName)));
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key))
      out.push(
        duplicate(`${path}.containerName`, containerName),
        duplicate(`${path}.resourceName`, resourceName),
        duplicate(`${path}.requestName`, requestName),
      );
    seen.add(key);
  });
  const name = status.resourceClaimName;
  return name ? [...out, ...all(`${at}.resourceClaimName`, name, dnsSubdomain(name))] : [...out, required(`${at}.resourceClaimName`)];
}

/** `podIP` is the first of `podIPs`: where they differ the single one is right. */
function ipsOf(ip: string | undefined, ips: readonly { readonly ip?: string }[] | undefined): readonly string[] {
  const listed = ips?.map((p) => p.ip ?? "") ?? [];
  return ip && listed[0] !== ip ? [ip] : listed;
}

/** One of each family at most; those that were there are kept as they are. */
function validateIps(field: "podIPs" | "hostIPs", ips: readonly string[], before: readonly string[]): FieldError[] {
  const at = `status.${field}`;
  const out = ips.flatMap((ip, i) => (before.includes(ip) ? [] : validateAddress(`${at}[${i}]`, ip)));
  if (ips.length < 2 || (ips.length === 2 && isDualStack(ips))) return out;
  const shown = ips.map((ip) => ({ IP: ip }));
  return [...out, invalidValue(at, shown, "may specify no more than one IP for each IP family")];
}

function validateUsers(list: ListName, statuses: Statuses, { os }: PodSpec): FieldError[] {
  return (statuses ?? []).flatMap(({ user }, i) => {
    const at = `status.${list}[${i}].user.linux`;
    const linux = user?.linux;
    if (!linux) return [];
    if (os?.name === "windows") return [forbidden(at, "cannot be set for a windows pod")];
    const id = (path: string, value: number): FieldError[] => userId(value).map((text) => invalidValue(path, value, text));
    const groups = linux.supplementalGroups?.flatMap((gid, g) => id(`${at}.supplementalGroups[${g}]`, gid)) ?? [];
    return [...id(`${at}.uid`, linux.uid ?? 0), ...id(`${at}.gid`, linux.gid ?? 0), ...groups];
  });
}

const HEALTH = ["Healthy", "Unhealthy", "Unknown"];
const HEALTH_MESSAGE_MAX = 1024;

/** The health of devices: of a resource or claim that the container has, each device once. */
function validateAllocated(list: ListName, statuses: Statuses, containers: readonly Container[] | undefined): FieldError[] {
  const out: FieldError[] = [];
  statuses?.forEach(({ name, allocatedResourcesStatus }, i) => {
    const container = containers?.find((c) => c.name === name);
    allocatedResourcesStatus?.forEach((allocated, j) => {
      const at = `status.${list}[${i}].allocatedResourcesStatus[${j}]`;
      const fault = container && unknownResource(allocated.name ?? "", container);
      if (fault) out.push(invalidValue(`${at}.name`, allocated.name, fault));
      const seen = new Set<string>();
      allocated.resources?.forEach(({ health = "", message, resourceID = "" }, k) => {
        const path = `${at}.resources[${k}]`;
        if (!HEALTH.includes(health)) out.push(notSupported(`${path}.health`, health, HEALTH));
        if (message === "") out.push(required(`${path}.message`, "must be non-empty if specified"));
        else if (message && Buffer.byteLength(message) > HEALTH_MESSAGE_MAX) out.push(tooLong(`${path}.message`, HEALTH_MESSAGE_MAX));
        if (seen.has(resourceID)) out.push(duplicate(`${path}.resourceID`, resourceID));
        seen.add(resourceID);
      });
    });
  });
  return out;
}

function unknownResource(name: string, { resources }: Container): string | undefined {
  if (!name.startsWith("claim:"))
    return resources?.requests?.[name] === undefined ? "must match one of the container's resource requests" : undefined;
  const isOwn = resources?.claims?.some((c) => name === `claim:${c.name}${c.request ? `/${c.request}` : ""}`);
  if (isOwn) return undefined;
  return "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
}
