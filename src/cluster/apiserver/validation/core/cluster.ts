/** Nodes, namespaces and Endpoints. @see kubernetes pkg/apis/core/validation/validation.go */
import type { EndpointPort, Endpoints, Namespace, Node, Taint } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, required } from "../../field-error.ts";
import { isDualStack, validateAddress, validateNonSpecialAddress, validateRange } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, labelValue, portNumber, qualifiedName } from "../meta/formats.ts";
import {
  all,
  labelName,
  oneOf,
  subdomainName,
  validateLabelName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta.ts";
import { checkTaintEffect } from "./affinity.ts";
import { PROTOCOLS } from "./containers.ts";
import { checkResourceQuantity, quantityOf, type ResourceList } from "./resources.ts";

// ---- Node

function validateTaints(taints: readonly Taint[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return (taints ?? []).flatMap((t, i) => {
    const at = `metadata.taints[${i}]`;
    const out = validateLabelName(t.key, `${at}.key`);
    const texts = labelValue(t.value ?? "");
    if (texts.length > 0) out.push(invalidValue(`${at}.value`, t.value, texts.join(";")));
    checkTaintEffect(t.effect, `${at}.effect`, out);
    const shown = { Key: t.key, Value: t.value ?? "", Effect: t.effect, TimeAdded: t.timeAdded ?? null };
    if (seen.has(`${t.effect} ${t.key}`)) out.push({ ...duplicate(at, shown), detail: "taints must be unique by key and effect pair" });
    seen.add(`${t.effect} ${t.key}`);
    return out;
  });
}

function validateNodeResources(node: Node): FieldError[] {
  const out: FieldError[] = [];
  for (const field of ["capacity", "allocatable"] as const) {
    const list = (node.status?.[field] ?? {}) as ResourceList;
    for (const name of Object.keys(list)) checkResourceQuantity(name, quantityOf(list[name]), `status.${field}.${name}`, out);
  }
  return out;
}

export function validateNode(node: Node): FieldError[] {
  const out = [
    ...validateObjectMeta(node.metadata, false, subdomainName),
    ...validateTaints(node.spec?.taints),
    ...validateNodeResources(node),
  ];
  const ranges = node.spec?.podCIDRs ?? [];
  ranges.forEach((range, i) => {
    out.push(...validateRange(`spec.podCIDRs[${i}]`, range));
  });
  if (ranges.length > 1) {
    if (!isDualStack(ranges) || ranges.length > 2)
      out.push(invalidValue("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family"));
  }
  return out;
}

export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  return [...validateNode(node), ...validateNodeStatusUpdate(node, old)];
}

export function validateNodeStatusUpdate(node: Node, old: Node): FieldError[] {
  const out = [...validateObjectMetaUpdate(node.metadata, old.metadata), ...validateNodeResources(node)];
  const addresses = new Set<string>();
  node.status?.addresses?.forEach((a, i) => {
    const key = `${a.type} ${a.address}`;
    if (addresses.has(key)) out.push(duplicate(`status.addresses[${i}]`, { Type: a.type, Address: a.address }));
    addresses.add(key);
  });
  const had = old.spec?.podCIDRs ?? [];
  const has = node.spec?.podCIDRs ?? [];
  const moved = forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid');
  if (had.length > 0 && had.length !== has.length) out.push(moved);
  else for (const [i, range] of had.entries()) if (range !== has[i]) out.push(moved);
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    out.push(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  }
  return out.concat(validateTaints(node.spec?.taints));
}

// ---- Namespace

const NAMESPACE_FINALIZERS: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

export function validateNamespace(namespace: Namespace): FieldError[] {
  const out = validateObjectMeta(namespace.metadata, false, labelName);
  for (const f of namespace.spec?.finalizers ?? []) {
    out.push(...all("spec.finalizers", f, qualifiedName(f)));
    if (!f.includes("/") && !NAMESPACE_FINALIZERS.has(f))
      out.push(invalidValue("spec.finalizers", f, "name is neither a standard finalizer name nor is it fully qualified"));
  }
  return out;
}

export function validateNamespaceUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  return [...validateNamespace(namespace), ...validateObjectMetaUpdate(namespace.metadata, old.metadata)];
}

export function validateNamespaceStatusUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  const out = validateObjectMetaUpdate(namespace.metadata, old.metadata);
  const going = namespace.metadata.deletionTimestamp !== undefined;
  const phase = namespace.status?.phase ?? "";
  if (!going && phase !== "Active") out.push(invalidValue("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty"));
  if (going && phase !== "Terminating")
    out.push(invalidValue("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  return out;
}

// ---- Endpoints

export function validateEndpoints(endpoints: Endpoints): FieldError[] {
  const out = validateObjectMeta(endpoints.metadata, true, subdomainName);
  endpoints.subsets?.forEach((s, i) => {
    const at = `subsets[${i}]`;
    if (!s.addresses?.length && !s.notReadyAddresses?.length) out.push(required(at, "must specify `addresses` or `notReadyAddresses`"));
    for (const field of ["addresses", "notReadyAddresses"] as const) {
      s[field]?.forEach((a, k) => {
        const path = `${at}.${field}[${k}]`;
        out.push(...validateAddress(`${path}.ip`, a.ip));
        if (a.hostname) out.push(...all(`${path}.hostname`, a.hostname, dnsLabel(a.hostname)));
        if (a.nodeName !== undefined) out.push(...all(`${path}.nodeName`, a.nodeName, dnsSubdomain(a.nodeName)));
        out.push(...validateNonSpecialAddress(`${path}.ip`, a.ip));
      });
    }
    s.ports?.forEach((p, k) => {
      out.push(...validateEndpointPort(p, (s.ports?.length ?? 0) > 1, `${at}.ports[${k}]`));
    });
  });
  return out;
}

function validateEndpointPort(p: EndpointPort, needsName: boolean, path: string): FieldError[] {
  const out = p.name ? all(`${path}.name`, p.name, dnsLabel(p.name)) : needsName ? [required(`${path}.name`)] : [];
  for (const text of portNumber(p.port)) out.push(invalidValue(`${path}.port`, p.port, text));
  out.push(...oneOf(`${path}.protocol`, p.protocol, PROTOCOLS));
  return p.appProtocol === undefined ? out : out.concat(all(`${path}.appProtocol`, p.appProtocol, qualifiedName(p.appProtocol)));
}
