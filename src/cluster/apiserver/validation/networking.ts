/** Ingresses and network policies. @see kubernetes pkg/apis/networking/validation/validation.go */
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressClassParametersReference,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../field-error.ts";
import { validateHostname } from "./core/load-balancer-status.ts";
import { parseAddress, parseRange, rangeContains, validateAddress, validateRange } from "./meta/addresses.ts";
import { dnsLabel, dnsSubdomain, isDomainPrefixedPath, portName, portNumber, wildcardSubdomain } from "./meta/formats.ts";
import {
  all,
  pathSegmentName,
  subdomainName,
  validateImmutable,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

// ---- Ingress

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"] as const;
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

export function validateIngress(ingress: Ingress): FieldError[] {
  const out = [...validateObjectMeta(ingress.metadata, true, subdomainName), ...validateIngressSpec(ingress)];
  const annotated = ingress.metadata.annotations?.[CLASS_ANNOTATION];
  const named = ingress.spec?.ingressClassName;
  if (annotated !== undefined && named !== undefined && annotated !== named) {
    out.push(invalidValue(`annotations.${CLASS_ANNOTATION}`, annotated, "must match `ingressClassName` when both are specified"));
  }
  return out;
}

export function validateIngressUpdate(ingress: Ingress, old: Ingress): FieldError[] {
  return [
    ...validateObjectMetaUpdate(ingress.metadata, old.metadata),
    ...validateObjectMeta(ingress.metadata, true, subdomainName),
    ...validateIngressSpec(ingress),
  ];
}

export function validateIngressStatusUpdate(ingress: Ingress, old: Ingress): FieldError[] {
  const out = validateObjectMetaUpdate(ingress.metadata, old.metadata);
  ingress.status?.loadBalancer?.ingress?.forEach(({ ip, hostname }, i) => {
    const at = `status.loadBalancer.ingress[${i}]`;
    if (ip) out.push(...validateAddress(`${at}.ip`, ip));
    if (hostname) out.push(...validateHostname(hostname, `${at}.hostname`));
  });
  return out;
}

const host = (text: string): readonly string[] => (text.includes("*") ? wildcardSubdomain(text) : dnsSubdomain(text));

function validateIngressSpec(ingress: Ingress): FieldError[] {
  const spec = ingress.spec ?? {};
  const rules = spec.rules ?? [];
  const out: FieldError[] = [];
  if (rules.length === 0 && !spec.defaultBackend)
    out.push(invalidValue("spec", spec.rules ?? null, "either `defaultBackend` or `rules` must be specified"));
  if (spec.defaultBackend) out.push(...validateBackend(spec.defaultBackend, "spec.defaultBackend"));
  rules.forEach((rule, i) => {
    const at = `spec.rules[${i}]`;
    if (rule.host) {
      if (parseAddress(rule.host)) out.push(invalidValue(`${at}.host`, rule.host, "must be a DNS name, not an IP address"));
      out.push(...all(`${at}.host`, rule.host, host(rule.host)));
    }
    if (!rule.http) return;
    if ((rule.http.paths?.length ?? 0) === 0) out.push(required(`${at}.http.paths`));
    rule.http.paths?.forEach((p, k) => {
      out.push(...validatePath(p, `${at}.http.paths[${k}]`));
    });
  });
  spec.tls?.forEach((t, i) => {
    t.hosts?.forEach((h, k) => {
      out.push(...all(`spec.tls[${i}].hosts[${k}]`, h, host(h)));
    });
    if (t.secretName) out.push(...all(`spec.tls[${i}].secretName`, t.secretName, dnsSubdomain(t.secretName)));
  });
  if (spec.ingressClassName !== undefined)
    out.push(...all("spec.ingressClassName", spec.ingressClassName, dnsSubdomain(spec.ingressClassName)));
  return out;
}

const NOT_IN_PATHS = ["//", "/./", "/../", "%2f", "%2F"];
const NOT_AT_END = ["/..", "/."];

function validatePath(p: HTTPIngressPath, path: string): FieldError[] {
  const type = p.pathType as string | undefined;
  if (type === undefined) return [required(`${path}.pathType`, "pathType must be specified")];
  const out: FieldError[] = [];
  const text = p.path ?? "";
  const at = `${path}.path`;
  const absolute = (): void => {
    if (!text.startsWith("/")) out.push(invalidValue(at, text, "must be an absolute path"));
  };
  if (type === "Exact" || type === "Prefix") {
    absolute();
    for (const part of NOT_IN_PATHS) if (text.includes(part)) out.push(invalidValue(at, text, `must not contain '${part}'`));
    for (const end of NOT_AT_END) if (text.endsWith(end)) out.push(invalidValue(at, text, `cannot end with '${end}'`));
  } else if (type === "ImplementationSpecific") {
    if (text !== "") absolute();
  } else out.push(notSupported(`${path}.pathType`, type, PATH_TYPES));
  return out.concat(validateBackend(p.backend ?? {}, `${path}.backend`));
}

function validateBackend(backend: IngressBackend, path: string): FieldError[] {
  const { resource, service } = backend;
  if (resource && service) return [invalidValue(path, "", "cannot set both resource and service backends")];
  if (resource) return validateTypedReference(resource, `${path}.resource`);
  if (!service) return [invalidValue(path, "", "resource or service backend is required")];
  const out = service.name ? all(`${path}.service.name`, service.name, dnsLabel(service.name)) : [required(`${path}.service.name`)];
  const { name, number } = service.port ?? {};
  if (name && number) out.push(invalidValue(path, "", "cannot set both port name & port number"));
  else if (name) out.push(...all(`${path}.service.port.name`, name, portName(name)));
  else if (number) for (const text of portNumber(number)) out.push(invalidValue(`${path}.service.port.number`, number, text));
  else out.push(required(path, "port name or number is required"));
  return out;
}

interface TypedReference {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

function validateTypedReference(ref: TypedReference, path: string): FieldError[] {
  const out = ref.apiGroup === undefined ? [] : all(`${path}.apiGroup`, ref.apiGroup, dnsSubdomain(ref.apiGroup));
  for (const field of ["kind", "name"] as const) {
    const value = ref[field];
    out.push(...(value ? all(`${path}.${field}`, value, pathSegmentName(value, false)) : [required(`${path}.${field}`)]));
  }
  return out;
}

// ---- IngressClass

const CONTROLLER_MAX = 250;

export function validateIngressClass(ingressClass: IngressClass): FieldError[] {
  const out = validateObjectMeta(ingressClass.metadata, false, subdomainName);
  const { controller, parameters } = ingressClass.spec ?? {};
  if (!controller) out.push(required("spec.controller"));
  else {
    if (controller.length > CONTROLLER_MAX) out.push(tooLong("spec.controller", CONTROLLER_MAX));
    out.push(...validateDomainPrefixedPath("spec.controller", controller));
  }
  return parameters ? out.concat(validateParameters(parameters, "spec.parameters")) : out;
}

/** @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go (IsDomainPrefixedPath) */
function validateDomainPrefixedPath(path: string, text: string): FieldError[] {
  const slash = text.indexOf("/");
  if (slash <= 0 || slash === text.length - 1) return [invalidValue(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const out = all(path, text.slice(0, slash), dnsSubdomain(text.slice(0, slash)));
  if (!isDomainPrefixedPath(text) && out.length === 0) {
    const hint = "(e.g. 'my/path',  or 'my/path-1', regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";
    out.push(invalidValue(path, text.slice(slash + 1), `Invalid path ${hint}`));
  }
  return out;
}

function validateParameters(ref: IngressClassParametersReference, path: string): FieldError[] {
  const out = validateTypedReference(ref, path);
  const scope = ref.scope;
  if (scope === undefined) return [...out, required(`${path}.scope`)];
  if (scope !== "Cluster" && scope !== "Namespace") out.push(notSupported(`${path}.scope`, scope, ["Cluster", "Namespace"]));
  else if (scope === "Namespace") {
    if (ref.namespace === undefined) out.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    else out.push(...all(`${path}.namespace`, ref.namespace, dnsLabel(ref.namespace)));
  } else if (ref.namespace !== undefined) out.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  return out;
}

export function validateIngressClassUpdate(now: IngressClass, old: IngressClass): FieldError[] {
  const stays = validateImmutable(now.spec?.controller, old.spec?.controller, "spec.controller");
  return [...validateObjectMetaUpdate(now.metadata, old.metadata), ...stays, ...validateIngressClass(now)];
}

// ---- NetworkPolicy

const PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;

export function validateNetworkPolicy(policy: NetworkPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const out = [...validateObjectMeta(policy.metadata, true, subdomainName), ...validateLabelSelector(spec.podSelector, "spec.podSelector")];
  const rule = (
    ports: readonly NetworkPolicyPort[] | undefined,
    peers: readonly NetworkPolicyPeer[] | undefined,
    at: string,
    side: string,
  ): void => {
    ports?.forEach((p, i) => {
      out.push(...validatePolicyPort(p, `${at}.ports[${i}]`));
    });
    peers?.forEach((p, i) => {
      out.push(...validatePeer(p, `${at}.${side}[${i}]`));
    });
  };
  spec.ingress?.forEach((r, i) => {
    rule(r.ports, r.from, `spec.ingress[${i}]`, "from");
  });
  spec.egress?.forEach((r, i) => {
    rule(r.ports, r.to, `spec.egress[${i}]`, "to");
  });
  const types = (spec.policyTypes ?? []) as readonly string[];
  if (types.length > 2) return [...out, invalidValue("spec.policyTypes", types, "may not specify more than two policyTypes")];
  types.forEach((t, i) => {
    if (t !== "Ingress" && t !== "Egress") out.push(notSupported(`spec.policyTypes[${i}]`, t, ["Ingress", "Egress"]));
  });
  return out;
}

function validatePolicyPort(p: NetworkPolicyPort, path: string): FieldError[] {
  const out: FieldError[] = [];
  const protocol = p.protocol as string | undefined;
  if (protocol !== undefined && !(PROTOCOLS as readonly string[]).includes(protocol))
    out.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS));
  const end = p.endPort;
  if (p.port === undefined)
    return end === undefined ? out : [...out, invalidValue(`${path}.endPort`, end, "may not be specified when `port` is not specified")];
  if (typeof p.port === "string") {
    if (end !== undefined) out.push(invalidValue(`${path}.endPort`, end, "may not be specified when `port` is non-numeric"));
    return out.concat(all(`${path}.port`, p.port, portName(p.port)));
  }
  for (const text of portNumber(p.port)) out.push(invalidValue(`${path}.port`, p.port, text));
  if (end === undefined) return out;
  if (end < p.port) out.push(invalidValue(`${path}.endPort`, p.port, "must be greater than or equal to `port`"));
  for (const text of portNumber(end)) out.push(invalidValue(`${path}.endPort`, end, text));
  return out;
}

function validatePeer(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const out = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
  ];
  if (ipBlock) {
    const at = `${path}.ipBlock`;
    const range = parseRange(ipBlock.cidr ?? "");
    out.push(...(ipBlock.cidr ? validateRange(`${at}.cidr`, ipBlock.cidr) : [required(`${at}.cidr`)]));
    if (range) {
      ipBlock.except?.forEach((text, i) => {
        out.push(...validateRange(`${at}.except[${i}]`, text));
        const inner = parseRange(text);
        if (inner && (!rangeContains(range, inner) || range.length >= inner.length)) {
          out.push(invalidValue(`${at}.except[${i}]`, text, "must be a strict subset of `cidr`"));
        }
      });
    }
  }
  const count = [podSelector, namespaceSelector, ipBlock].filter((p) => p !== undefined).length;
  if (count === 0) out.push(required(path, "must specify a peer"));
  else if (count > 1 && ipBlock) out.push(forbidden(path, "may not specify both ipBlock and another peer"));
  return out;
}
