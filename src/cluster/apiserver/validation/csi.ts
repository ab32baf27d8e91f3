/** CSI drivers, what a node has of them, and their capacity. @see kubernetes pkg/apis/storage/validation/validation.go */
import type { CSIDriver, CSINode, CSINodeDriver, CSIStorageCapacity } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { internalForm, selectorForm } from "../internal-form.ts";
import { quantityOf, show } from "./core/resources.ts";
import { dnsSubdomain, IMMUTABLE, NOT_NEGATIVE, qualifiedName } from "./meta/formats.ts";
import {
  all,
  notNegative,
  subdomainName,
  validateImmutable,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";
import { validateDriverName } from "./resource/shared.ts";

const GROUP_POLICIES = ["File", "None", "ReadWriteOnceWithFSType"] as const;
const LIFECYCLE_MODES = ["Persistent", "Ephemeral"] as const;
/** Seconds below which a node's allocatable is not asked again. */
const UPDATE_PERIOD_MIN = 10;
const TOKEN_SECONDS_MIN = 600;
const NODE_ID_MAX = 256;

export function validateCsiDriver(driver: CSIDriver): FieldError[] {
  return [...validateObjectMeta(driver.metadata, false, subdomainName), ...validateDriverSpec(driver)];
}

/** The API server says `attachedRequired` of `attachRequired`. */
export function validateCsiDriverUpdate(driver: CSIDriver, old: CSIDriver): FieldError[] {
  const [spec, was] = [driver.spec ?? {}, old.spec ?? {}];
  return [
    ...validateObjectMetaUpdate(driver.metadata, old.metadata),
    ...validateDriverSpec(driver),
    ...validateImmutable(spec.attachRequired, was.attachRequired, "spec.attachedRequired"),
    ...validateImmutable(spec.volumeLifecycleModes, was.volumeLifecycleModes, "spec.volumeLifecycleModes"),
  ];
}

function validateDriverSpec({ spec = {} }: CSIDriver): FieldError[] {
  const out: FieldError[] = [];
  if (spec.attachRequired === undefined) out.push(required("spec.attachedRequired"));
  for (const field of ["podInfoOnMount", "storageCapacity"] as const) if (spec[field] === undefined) out.push(required(`spec.${field}`));
  const group = spec.fsGroupPolicy as string | undefined;
  if (group !== undefined && !(GROUP_POLICIES as readonly string[]).includes(group))
    out.push(notSupported("spec.fsGroupPolicy", group, GROUP_POLICIES));
  out.push(...validateTokenRequests(spec.tokenRequests));
  for (const mode of (spec.volumeLifecycleModes ?? []) as readonly string[])
    if (!(LIFECYCLE_MODES as readonly string[]).includes(mode)) out.push(notSupported("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES));
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < UPDATE_PERIOD_MIN) {
    const text = `must be greater than or equal to ${UPDATE_PERIOD_MIN} seconds`;
    out.push(invalidValue("spec.nodeAllocatableUpdatePeriodSeconds", period, text));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && !spec.tokenRequests?.length) {
    const text = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    out.push(invalidValue("spec.serviceAccountTokenInSecrets", inSecrets, text));
  }
  return out;
}

function validateTokenRequests(requests: NonNullable<CSIDriver["spec"]>["tokenRequests"]): FieldError[] {
  const out: FieldError[] = [];
  const audiences = new Set<string>();
  for (const [i, { audience, expirationSeconds: seconds }] of (requests ?? []).entries()) {
    const at = `spec.tokenRequests[${i}]`;
    if (audiences.has(audience)) {
      out.push(duplicate(`${at}.audience`, audience));
      continue;
    }
    audiences.add(audience);
    if (seconds !== undefined && seconds < TOKEN_SECONDS_MIN)
      out.push(invalidValue(`${at}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds !== undefined && seconds > 2 ** 32)
      out.push(invalidValue(`${at}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  return out;
}

export function validateCsiNode(node: CSINode): FieldError[] {
  const drivers = node.spec?.drivers ?? [];
  return [
    ...validateObjectMeta(node.metadata, false, subdomainName),
    ...drivers.flatMap((d, i) => validateNodeDriver(d, drivers.findIndex((o) => o.name === d.name) < i, `spec.drivers[${i}]`)),
  ];
}

function validateNodeDriver(driver: CSINodeDriver, isRepeated: boolean, path: string): FieldError[] {
  const { name, nodeID = "", allocatable, topologyKeys = [] } = driver;
  const out = validateDriverName(name, `${path}.name`);
  if (nodeID === "") out.push(required(`${path}.nodeID`));
  if (nodeID.length > NODE_ID_MAX) out.push(invalidValue(`${path}.nodeID`, nodeID, `must be ${NODE_ID_MAX} characters or less`));
  out.push(...notNegative(`${path}.allocatable.count`, allocatable?.count));
  if (isRepeated) out.push(duplicate(`${path}.name`, name));
  topologyKeys.forEach((key, i) => {
    if (key === "") out.push(required(path));
    if (topologyKeys.indexOf(key) < i) out.push(duplicate(path, key));
    out.push(...all(path, key, qualifiedName(key)));
  });
  return out;
}

/** What a driver says of itself stays, but for how many volumes it takes. */
export function validateCsiNodeUpdate(node: CSINode, old: CSINode): FieldError[] {
  const out = validateCsiNode(node);
  for (const was of old.spec?.drivers ?? []) {
    for (const now of node.spec?.drivers ?? []) {
      if (was.name !== now.name) continue;
      const [a, b] = [was, now].map((d) => ({ ...d, allocatable: undefined }));
      if (!semanticEqual(a, b)) out.push(invalidValue("spec.drivers", internalForm("CSINodeDriver", b), IMMUTABLE));
    }
  }
  return out;
}

export function validateCsiStorageCapacity(capacity: CSIStorageCapacity): FieldError[] {
  const { storageClassName: name = "", capacity: amount } = capacity;
  const out = [
    ...validateObjectMeta(capacity.metadata, true, subdomainName),
    ...validateLabelSelector(capacity.nodeTopology, "nodeTopology"),
    ...all("storageClassName", name, dnsSubdomain(name)),
  ];
  if (amount === undefined || quantityOf(amount).nano >= 0n) return out;
  return [...out, invalidValue("capacity", show(quantityOf(amount)), NOT_NEGATIVE)];
}

export function validateCsiStorageCapacityUpdate(capacity: CSIStorageCapacity, old: CSIStorageCapacity): FieldError[] {
  const out = [...validateCsiStorageCapacity(capacity), ...validateObjectMetaUpdate(capacity.metadata, old.metadata)];
  if (!semanticEqual(capacity.nodeTopology, old.nodeTopology))
    out.push(invalidValue("nodeTopology", selectorForm(capacity.nodeTopology), IMMUTABLE));
  return out.concat(validateImmutable(capacity.storageClassName, old.storageClassName, "storageClassName"));
}
