/** Nodes, namespaces, PersistentVolumes and Endpoints. @see kubernetes pkg/apis/core/validation/validation.go */
import type { EndpointPort, Endpoints, Namespace, Node, PersistentVolume, Taint } from "../../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { internalDifference } from "../../internal-difference.ts";
import { internalForm } from "../../internal-form.ts";
import { isDualStack, validateAddress, validateNonSpecialAddress, validateRange } from "../meta/addresses.ts";
import { dnsLabel, dnsSubdomain, labelValue, portNumber, qualifiedName } from "../meta/formats.ts";
import {
  all,
  labelName,
  oneOf,
  subdomainName,
  validateImmutable,
  validateLabelName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta.ts";
import { checkNodeSelector, checkTaintEffect } from "./affinity.ts";
import { PROTOCOLS } from "./containers.ts";
import { checkAccessModes, checkOnePodAlone, VOLUME_MODES } from "./persistent-volume-claim.ts";
import { checkPositive, checkResourceName, checkResourceQuantity, quantityOf, type ResourceList } from "./resources.ts";
import { checkCsiDriverName, checkSharedSource } from "./volume-sources.ts";

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

export function validateNamespaceStatusUpdate(namespace: Namespace, old: Namespace): FieldError[] {
  const out = validateObjectMetaUpdate(namespace.metadata, old.metadata);
  const going = namespace.metadata.deletionTimestamp !== undefined;
  const phase = namespace.status?.phase ?? "";
  if (!going && phase !== "Active") out.push(invalidValue("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty"));
  if (going && phase !== "Terminating")
    out.push(invalidValue("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
  return out;
}

// ---- PersistentVolume

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"] as const;
const VOLUME_SOURCES = [
  ...[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
  ],
  ...[
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
  ],
] as const;

export function validatePersistentVolume(pv: PersistentVolume): FieldError[] {
  const out = validateObjectMeta(pv.metadata, false, subdomainName);
  const spec = pv.spec ?? {};
  const modes = spec.accessModes as readonly string[] | undefined;
  if (modes?.length) checkAccessModes(modes, "spec.accessModes", out);
  else out.push(required("spec.accessModes"));
  checkOnePodAlone(modes, "spec.accessModes", out);
  const capacity = (spec.capacity ?? {}) as ResourceList;
  const names = Object.keys(capacity);
  if (names.length === 0) out.push(required("spec.capacity"));
  if (names.length !== 1 || names[0] !== "storage") out.push(notSupported("spec.capacity", spec.capacity ?? null, ["storage"]));
  for (const name of names) {
    const at = `spec.capacity[${name}]`;
    checkResourceName(name, at, out);
    checkPositive(quantityOf(capacity[name]), at, out);
  }
  const policy = spec.persistentVolumeReclaimPolicy as string | undefined;
  if (policy && !(RECLAIM_POLICIES as readonly string[]).includes(policy))
    out.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES));
  const affinity = spec.nodeAffinity;
  if (affinity) {
    if (affinity.required) checkNodeSelector(affinity.required, true, "spec.nodeAffinity.required", out);
    else out.push(required("spec.nodeAffinity.required", "must specify required node constraints"));
  }
  out.push(...validateVolumeSource(pv));
  if (spec.hostPath && /^\/*$/.test(spec.hostPath.path) && policy === "Recycle") {
    out.push(forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.storageClassName) out.push(...all("spec.storageClassName", spec.storageClassName, dnsSubdomain(spec.storageClassName)));
  const mode = spec.volumeMode as string | undefined;
  if (mode !== undefined && !(VOLUME_MODES as readonly string[]).includes(mode))
    out.push(notSupported("spec.volumeMode", mode, VOLUME_MODES));
  return out;
}

function validateVolumeSource(pv: PersistentVolume): FieldError[] {
  const spec = pv.spec ?? {};
  const out: FieldError[] = [];
  let count = 0;
  for (const name of VOLUME_SOURCES) {
    if (spec[name as keyof typeof spec] === undefined) continue;
    const path = `spec.${name}`;
    if (count++ > 0) out.push(forbidden(path, "may not specify more than 1 volume type"));
    else if (name === "csi") {
      checkCsiDriverName(spec.csi?.driver, `${path}.driver`, out);
      if (!spec.csi?.volumeHandle) out.push(required(`${path}.volumeHandle`));
    } else checkSharedSource(spec, name, pv.metadata.name, path, out);
    if (name === "local" && count === 1 && !spec.nodeAffinity)
      out.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
  }
  if (count === 0) out.push(required("spec", "must specify a volume type"));
  return out;
}

export function validatePersistentVolumeUpdate(pv: PersistentVolume, old: PersistentVolume): FieldError[] {
  const out = validatePersistentVolume(pv);
  const sources = (v: PersistentVolume): unknown =>
    Object.fromEntries(VOLUME_SOURCES.map((n) => [n, (v.spec as Readonly<Record<string, unknown>> | undefined)?.[n]]));
  if (!semanticEqual(sources(pv), sources(old)))
    out.push(
      forbidden(
        "spec.persistentvolumesource",
        `spec.persistentvolumesource is immutable after creation\n${internalDifference("PersistentVolumeSource", sources(old), sources(pv))}`,
      ),
    );
  out.push(...validateImmutable(pv.spec?.volumeMode, old.spec?.volumeMode, "volumeMode"));
  if (old.spec?.nodeAffinity && !semanticEqual(pv.spec?.nodeAffinity, old.spec.nodeAffinity)) {
    out.push(
      invalidValue(
        "nodeAffinity",
        internalForm("VolumeNodeAffinity", pv.spec?.nodeAffinity),
        "field is immutable, except for updating from beta label to GA",
      ),
    );
  }
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
