/** Services. @see kubernetes pkg/apis/core/validation/validation.go (ValidateService, ValidateServiceUpdate) */
import type { Service, ServicePort, ServiceSpec } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { isDualStack, isIPv6, validateAddress, validateNonSpecialAddress, validateRange } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from "../meta/formats.ts";
import { checkLabels, checkOneOf, labelName, note, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { PROTOCOLS } from "./containers.ts";
import { checkPort } from "./handlers.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"] as const;
const POLICIES = ["Cluster", "Local"] as const;
const FAMILY_POLICIES = ["PreferDualStack", "RequireDualStack", "SingleStack"] as const;
const DISTRIBUTIONS = ["PreferClose", "PreferSameZone", "PreferSameNode"] as const;
/** One day. */
const AFFINITY_SECONDS_MAX = 86_400;

const isHeadless = (s: ServiceSpec): boolean => s.clusterIPs?.length === 1 && s.clusterIPs[0] === "None";

export function validateService(service: Service): FieldError[] {
  const s = service.spec ?? {};
  const type = (s.type ?? "") as string;
  const out = validateObjectMeta(service.metadata, true, labelName);
  const ports = s.ports ?? [];
  if (ports.length === 0 && !isHeadless(s) && type !== "ExternalName") out.push(required("spec.ports"));
  checkByType(s, type, out);
  const names = new Set<string>();
  for (let i = 0; i < ports.length; i++) checkServicePort(ports[i]!, ports.length > 1, names, at("spec", "ports", i), out);
  if (s.selector) checkLabels(s.selector, "spec.selector", out);
  checkAffinity(s, out);
  checkClusterIPs(s, type, out);
  s.externalIPs?.forEach((ip, i) => {
    const path = at("spec", "externalIPs", i);
    const errors = validateAddress(path, ip);
    out.push(...(errors.length > 0 ? errors : validateNonSpecialAddress(path, ip)));
  });
  checkOneOf(type, TYPES, "spec.type", out);
  if (type === "ClusterIP") {
    ports.forEach((p, i) => {
      if (p.nodePort) out.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
    });
  }
  checkPortsAreUnique(ports, out);
  checkSourceRanges(service, out);
  checkLoadBalancer(s, type, out);
  checkTrafficPolicies(s, type, out);
  return out;
}

/** The rules of a new Service that are about addresses and families alone. */
export function validateServiceAddresses({ spec }: Service): FieldError[] {
  const s = spec ?? {};
  const type = (s.type ?? "") as string;
  const out: FieldError[] = [];
  checkByType(s, type, out);
  checkClusterIPs(s, type, out);
  return out;
}

function checkByType(s: ServiceSpec, type: string, out: FieldError[]): void {
  if ((type === "LoadBalancer" || type === "NodePort") && isHeadless(s)) {
    out.push(invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`));
  }
  if (type !== "ExternalName") return;
  const not = "may not be set for ExternalName services";
  if ((s.clusterIPs?.length ?? 0) > 0) out.push(forbidden("spec.clusterIPs", not));
  if ((s.ipFamilies?.length ?? 0) > 0) out.push(forbidden("spec.ipFamilies", not));
  if (s.ipFamilyPolicy !== undefined) out.push(forbidden("spec.ipFamilyPolicy", not));
  const name = (s.externalName ?? "").replace(/\.$/, "");
  if (name) note(dnsSubdomain(name), name, "spec.externalName", out);
  else out.push(required("spec.externalName"));
}

function checkServicePort(p: ServicePort, needsName: boolean, names: Set<string>, path: Path, out: FieldError[]): void {
  if (needsName && !p.name) out.push(required(`${path}.name`));
  else if (p.name) {
    note(dnsLabel(p.name), p.name, at(path, "name"), out);
    if (names.has(p.name)) out.push(duplicate(`${path}.name`, p.name));
    names.add(p.name);
  }
  for (const text of portNumber(p.port ?? 0)) out.push(invalidValue(`${path}.port`, p.port ?? 0, text));
  checkOneOf(p.protocol, PROTOCOLS, at(path, "protocol"), out);
  checkPort(p.targetPort, at(path, "targetPort"), out);
  if (p.appProtocol !== undefined) note(qualifiedName(p.appProtocol), p.appProtocol, at(path, "appProtocol"), out);
}

const AFFINITIES = ["ClientIP", "None"] as const;

function checkAffinity(s: ServiceSpec, out: FieldError[]): void {
  checkOneOf(s.sessionAffinity, AFFINITIES, "spec.sessionAffinity", out);
  const path = "spec.sessionAffinityConfig";
  if (s.sessionAffinity === "ClientIP") {
    const missing = "when session affinity type is ClientIP";
    const seconds = s.sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (!s.sessionAffinityConfig) out.push(required(path, missing));
    else if (!s.sessionAffinityConfig.clientIP) out.push(required(`${path}.clientIP`, missing));
    else if (seconds === undefined) out.push(required(`${path}.clientIP.timeoutSeconds`, missing));
    else if (seconds <= 0 || seconds > AFFINITY_SECONDS_MAX) {
      out.push(invalidValue(`${path}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${AFFINITY_SECONDS_MAX}`));
    }
  } else if (s.sessionAffinity === "None" && s.sessionAffinityConfig)
    out.push(forbidden(path, "must not be set when session affinity is None"));
}

/** Addresses and families, which must agree. */
function checkClusterIPs(s: ServiceSpec, type: string, out: FieldError[]): void {
  if (type === "ExternalName") return;
  const ips = s.clusterIPs ?? [];
  const families = (s.ipFamilies ?? []) as readonly string[];
  if (s.clusterIP) {
    if (ips.length === 0) out.push(required("spec.clusterIPs"));
    else if (ips[0] !== s.clusterIP) out.push(invalidValue("spec.clusterIPs", ips, "first value must match `clusterIP`"));
  } else if (ips.length > 0) out.push(invalidValue("spec.clusterIPs", ips, "must be empty when `clusterIP` is not specified"));
  families.forEach((f, i) => {
    if (f !== "IPv4" && f !== "IPv6") out.push(notSupported(`spec.ipFamilies[${i}]`, f, ["IPv4", "IPv6"]));
    if (families.indexOf(f) < i) out.push(duplicate(`spec.ipFamilies[${i}]`, f));
  });
  const policy = s.ipFamilyPolicy as string | undefined;
  if (policy !== undefined && !(FAMILY_POLICIES as readonly string[]).includes(policy))
    out.push(notSupported("spec.ipFamilyPolicy", policy, FAMILY_POLICIES));
  let wrong = false;
  ips.forEach((ip, i) => {
    if (i === 0 && ip === "None") {
      if (ips.length > 1) out.push(invalidValue("spec.clusterIPs", ips, "'None' must be the first and only value"));
      wrong ||= ips.length > 1;
      return;
    }
    const errors = validateAddress(`spec.clusterIPs[${i}]`, ip);
    wrong ||= errors.length > 0;
    out.push(...errors);
  });
  if (ips.length > 2) out.push(invalidValue("spec.clusterIPs", ips, "may only hold up to 2 values"));
  if (wrong) return;
  if (ips.length > 1 && !isDualStack(ips))
    out.push(invalidValue("spec.clusterIPs", ips, "may specify no more than one IP for each IP family"));
  if (!isHeadless(s)) {
    ips.forEach((ip, i) => {
      const family = families[i];
      if ((family === "IPv4" && isIPv6(ip)) || (family === "IPv6" && !isIPv6(ip))) {
        out.push(invalidValue(`spec.clusterIPs[${i}]`, ip, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``));
      }
    });
  }
}

/** A port as Go's internal type is written. */
function shownPort(p: ServicePort): unknown {
  return { Name: "", Protocol: p.protocol ?? "", AppProtocol: null, Port: p.port ?? 0, TargetPort: 0, NodePort: 0 };
}

function checkPortsAreUnique(ports: readonly ServicePort[], out: FieldError[]): void {
  const nodePorts = new Set<string>();
  ports.forEach(({ protocol, nodePort }, i) => {
    if (!nodePort) return;
    if (nodePorts.has(`${protocol}/${nodePort}`)) out.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    nodePorts.add(`${protocol}/${nodePort}`);
  });
  if (ports.length < 2) return;
  const seen = new Set<string>();
  ports.forEach((p, i) => {
    if (seen.has(`${p.protocol}/${p.port}`)) out.push(duplicate(`spec.ports[${i}]`, shownPort(p)));
    seen.add(`${p.protocol}/${p.port}`);
  });
}

const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

function checkSourceRanges(service: Service, out: FieldError[]): void {
  const given = service.spec?.loadBalancerSourceRanges ?? [];
  const annotation = service.metadata.annotations?.[SOURCE_RANGES];
  const only = (path: string): void => {
    if (service.spec?.type !== "LoadBalancer") out.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"));
  };
  if (given.length > 0) {
    const path = "spec.LoadBalancerSourceRanges";
    only(path);
    given.forEach((range, i) => {
      out.push(...validateRange(`${path}[${i}]`, range.trim()));
    });
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${SOURCE_RANGES}]`;
    only(path);
    if (annotation.trim() !== "") for (const range of annotation.trim().split(",")) out.push(...validateRange(path, range.trim()));
  }
}

function checkLoadBalancer(s: ServiceSpec, type: string, out: FieldError[]): void {
  const only = "may only be used when `type` is 'LoadBalancer'";
  if (s.allocateLoadBalancerNodePorts !== undefined && type !== "LoadBalancer")
    out.push(forbidden("spec.allocateLoadBalancerNodePorts", only));
  if (type === "LoadBalancer" && s.allocateLoadBalancerNodePorts === undefined) out.push(required("allocateLoadBalancerNodePorts"));
  checkClass(s, undefined, out);
}

/** On an update this is asked twice: as of a new Service, and whether it stays. */
function checkClass(s: ServiceSpec, was: ServiceSpec | undefined, out: FieldError[]): void {
  const path = "spec.loadBalancerClass";
  const given = s.loadBalancerClass;
  const isBalanced = s.type === "LoadBalancer";
  if (was?.type === "LoadBalancer" && isBalanced && given !== was.loadBalancerClass)
    out.push(invalidValue(path, given ?? null, "may not change once set"));
  if (given === undefined) return;
  if (isBalanced) note(qualifiedName(given), given, path, out);
  else out.push(forbidden(path, "may only be used when `type` is 'LoadBalancer'"));
}

function isReachedFromOutside(s: ServiceSpec): boolean {
  return s.type === "LoadBalancer" || s.type === "NodePort" || (s.type === "ClusterIP" && (s.externalIPs?.length ?? 0) > 0);
}
const needsHealthCheck = (s: ServiceSpec): boolean => s.type === "LoadBalancer" && s.externalTrafficPolicy === "Local";

function checkTrafficPolicies(s: ServiceSpec, type: string, out: FieldError[]): void {
  const external = s.externalTrafficPolicy as string | undefined;
  if (!isReachedFromOutside(s)) {
    if (external) out.push(invalidValue("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services"));
  } else checkOneOf(external, POLICIES, "spec.externalTrafficPolicy", out);
  const health = s.healthCheckNodePort ?? 0;
  if (!needsHealthCheck(s)) {
    const text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    if (health !== 0) out.push(invalidValue("spec.healthCheckNodePort", health, text));
  } else if (health === 0) out.push(required("spec.healthCheckNodePort"));
  else for (const text of portNumber(health)) out.push(invalidValue("spec.healthCheckNodePort", health, text));
  const internal = s.internalTrafficPolicy as string | undefined;
  if (internal === undefined) {
    if (["NodePort", "LoadBalancer", "ClusterIP"].includes(type)) out.push(required("spec.internalTrafficPolicy"));
  } else if (!(POLICIES as readonly string[]).includes(internal)) out.push(notSupported("spec.internalTrafficPolicy", internal, POLICIES));
  const distribution = s.trafficDistribution;
  if (distribution !== undefined && !(DISTRIBUTIONS as readonly string[]).includes(distribution)) {
    out.push(notSupported("spec.trafficDistribution", distribution, DISTRIBUTIONS));
  }
}

export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const [s, was] = [service.spec ?? {}, old.spec ?? {}];
  const out = validateObjectMetaUpdate(service.metadata, old.metadata);
  if (s.type !== "ExternalName" && was.type !== "ExternalName") out.push(...validateAddressesStay(s, was), ...validateFamiliesStay(s, was));
  checkClass(s, was, out);
  if (needsHealthCheck(was) && needsHealthCheck(s) && s.healthCheckNodePort !== was.healthCheckNodePort) {
    out.push(forbidden("spec.healthCheckNodePort", "field is immutable"));
  }
  return out.concat(validateService(service));
}

/** The primary address stays; a secondary one may come, and go with `ipFamilyPolicy: SingleStack`. */
function validateAddressesStay(s: ServiceSpec, was: ServiceSpec): FieldError[] {
  if (isHeadless(s) && isHeadless(was)) return [];
  const [now, before] = [s.clusterIPs ?? [], was.clusterIPs ?? []];
  const out: FieldError[] = [];
  if (now.length === before.length) {
    before.forEach((ip, i) => {
      if (ip !== now[i]) out.push(invalidValue(`spec.clusterIPs[${i}]`, now, "may not change once set"));
    });
    return out;
  }
  if (before.length > now.length && now.length === 0)
    out.push(invalidValue("spec.clusterIPs[0]", null, "primary clusterIP can not be unset"));
  if (before.length > 0 && now.length > 0 && now[0] !== before[0])
    out.push(invalidValue("spec.clusterIPs[0]", now, "may not change once set"));
  if (before.length > now.length && now.length === 1 && s.ipFamilyPolicy !== "SingleStack") {
    out.push(
      invalidValue("spec.ipFamilyPolicy", s.ipFamilyPolicy ?? null, "must be set to 'SingleStack' when releasing the secondary clusterIP"),
    );
  }
  return out;
}

function validateFamiliesStay(s: ServiceSpec, was: ServiceSpec): FieldError[] {
  if (isHeadless(s) || isHeadless(was)) return [];
  const [now, before] = [s.ipFamilies ?? [], was.ipFamilies ?? []];
  const out: FieldError[] = [];
  if (now.length === before.length) {
    before.forEach((f, i) => {
      if (f !== now[i]) out.push(invalidValue("spec.ipFamilies[0]", now, "may not change once set"));
    });
    return out;
  }
  if (before.length > 0 && now.length > 0 && now[0] !== before[0])
    out.push(invalidValue("spec.ipFamilies[0]", s.clusterIPs ?? null, "may not change once set"));
  if (before.length > now.length && now.length === 1 && s.ipFamilyPolicy !== "SingleStack") {
    out.push(
      invalidValue("spec.ipFamilyPolicy", s.ipFamilyPolicy ?? null, "must be set to 'SingleStack' when releasing the secondary ipFamily"),
    );
  }
  return out;
}
