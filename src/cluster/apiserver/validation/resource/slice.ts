/** Devices that a driver offers. @see kubernetes pkg/apis/resource/validation/validation.go (ValidateResourceSlice) */
import type {
  CapacityRequestPolicy,
  CapacityRequestPolicyRange,
  CounterSet,
  Device,
  DeviceAttribute,
  DeviceTaint,
  NodeSelector,
  ResourceSlice,
} from "../../../../../generated/v1.36/model.ts";
import { addQuantity, compareQuantity, type Quantity } from "../../../../lib/quantity.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { internalForm } from "../../internal-form.ts";
import { checkNodeSelector } from "../core/affinity.ts";
import { quantityOf, show } from "../core/resources.ts";
import { dnsLabel, dnsSubdomain } from "../meta/formats.ts";
import {
  all,
  subdomainName,
  validateImmutable,
  validateLabelName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta.ts";
import {
  validateBinding,
  validateDriverName,
  validateItems,
  validateLabelValue,
  validatePoolName,
  validateQualifiedName,
} from "./shared.ts";

const MAX_DEVICES = 128;
/** Where a device has a taint or takes from a counter. */
const MAX_ADVANCED = 64;
const MAX_COUNTER_SETS = 8;
const MAX_COUNTERS = 32;
const MAX_CONSUMPTIONS = 2;
const MAX_PROPERTIES = 32;
const MAX_ATTRIBUTE_VALUES = 48;
const MAX_TAINTS = 16;
const MAX_TEXT = 64;
const MAX_OPTIONS = 10;
const EFFECTS = ["NoExecute", "NoSchedule", "None"] as const;

export function validateResourceSlice(slice: ResourceSlice): FieldError[] {
  return [...validateObjectMeta(slice.metadata, false, subdomainName), ...validateSpec(slice, undefined)];
}

export function validateResourceSliceUpdate(slice: ResourceSlice, old: ResourceSlice): FieldError[] {
  return [...validateObjectMetaUpdate(slice.metadata, old.metadata), ...validateSpec(slice, old.spec)];
}

function validateSpec({ spec }: ResourceSlice, old: ResourceSlice["spec"] | undefined): FieldError[] {
  const { driver, pool, nodeName, nodeSelector, allNodes, perDeviceNodeSelection, devices, sharedCounters } = spec ?? {};
  const out = [...validateDriverName(driver, "spec.driver"), ...validatePoolName(pool?.name, "spec.pool.name")];
  const { resourceSliceCount = 0, generation = 0 } = pool ?? {};
  if (resourceSliceCount <= 0) out.push(invalidValue("spec.pool.resourceSliceCount", resourceSliceCount, "must be greater than zero"));
  if (generation < 0) out.push(invalidValue("spec.pool.generation", generation, "must be greater than or equal to zero"));
  if (old) {
    out.push(...validateImmutable(pool?.name, old.pool?.name, "spec.pool.name"), ...validateImmutable(driver, old.driver, "spec.driver"));
    out.push(...validateImmutable(nodeName ?? null, old.nodeName ?? null, "spec.nodeName"));
  }
  const where: string[] = [];
  out.push(...validatePlace({ nodeName, nodeSelector }, "spec", "must be either unset or set to a non-empty string", where));
  if (nodeSelector && nodeSelector.nodeSelectorTerms?.length !== 1) {
    const terms = nodeSelector.nodeSelectorTerms?.map((t) => internalForm("NodeSelectorTerm", t)) ?? null;
    out.push(invalidValue("spec.nodeSelector.nodeSelectorTerms", terms, "must have exactly one node selector term"));
  }
  out.push(
    ...validateTrue(allNodes, "spec", "allNodes", where),
    ...validateTrue(perDeviceNodeSelection, "spec", "perDeviceNodeSelection", where),
  );
  const rule = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  if (where.length === 0) out.push(required("spec", rule));
  if (where.length > 1) out.push(invalidValue("spec", `{${where.join(", ")}}`, `${rule}, but multiple fields are set`));
  if (sharedCounters && devices) out.push(invalidValue("spec", "", "only one of `sharedCounters` or `devices` is allowed"));
  const isAdvanced = (devices ?? []).some((d) => d.taints?.length || d.consumesCounters?.length);
  const oldDevices = new Map(old?.devices?.map((d) => [d.name, d]));
  const validate = (d: Device, path: string): FieldError[] =>
    validateDevice(d, oldDevices.get(d.name), perDeviceNodeSelection === true, path);
  out.push(...validateItems(devices, isAdvanced ? MAX_ADVANCED : MAX_DEVICES, "spec.devices", validate, (d) => d.name ?? ""));
  return [...out, ...validateItems(sharedCounters, MAX_COUNTER_SETS, "spec.sharedCounters", validateCounterSet, (c) => c.name ?? "")];
}

interface Place {
  readonly nodeName: string | undefined;
  readonly nodeSelector: NodeSelector | undefined;
}

function validatePlace({ nodeName, nodeSelector }: Place, path: string, emptyText: string, where: string[]): FieldError[] {
  const out: FieldError[] = [];
  if (nodeName) {
    where.push("`nodeName`");
    out.push(...all(`${path}.nodeName`, nodeName, dnsSubdomain(nodeName)));
  } else if (nodeName === "") out.push(invalidValue(`${path}.nodeName`, "", emptyText));
  if (nodeSelector) {
    where.push("`nodeSelector`");
    checkNodeSelector(nodeSelector, true, `${path}.nodeSelector`, out);
  }
  return out;
}

function validateTrue(flag: boolean | undefined, path: string, field: string, where: string[]): FieldError[] {
  if (flag) where.push(`\`${field}\``);
  return flag === false ? [invalidValue(`${path}.${field}`, flag, "must be either unset or set to true")] : [];
}

function validateCounterSet({ name, counters }: CounterSet, path: string): FieldError[] {
  return [...validateLabel(name, `${path}.name`), ...validateCounters(counters, `${path}.counters`)];
}

const validateLabel = (name: string | undefined, path: string): FieldError[] => (name ? all(path, name, dnsLabel(name)) : [required(path)]);

function validateCounters(counters: CounterSet["counters"] | undefined, path: string): FieldError[] {
  const names = Object.keys(counters ?? {});
  if (names.length === 0) return [required(path)];
  return validateItems(names, MAX_COUNTERS, path, (name) => all(path, name, dnsLabel(name)));
}

function validateDevice(device: Device, old: Device | undefined, isPlacedAlone: boolean, path: string): FieldError[] {
  const out = all(`${path}.name`, device.name ?? "", dnsLabel(device.name ?? ""));
  const attributes = Object.entries(device.attributes ?? {});
  const capacity = Object.entries(device.capacity ?? {});
  const properties = attributes.length + capacity.length;
  if (properties > MAX_PROPERTIES)
    out.push(invalidValue(path, properties, `the total number of attributes and capacities must not exceed ${MAX_PROPERTIES}`));
  if (attributes.length > MAX_ATTRIBUTE_VALUES)
    out.push(invalidValue(path, attributes.length, `the total number of attribute values must not exceed ${MAX_ATTRIBUTE_VALUES}`));
  for (const [name, attribute] of attributes)
    out.push(...validateQualifiedName(name, `${path}.attributes`), ...validateAttribute(attribute, `${path}.attributes[${name}]`));
  for (const [name, { value, requestPolicy }] of capacity) {
    out.push(...validateQualifiedName(name, `${path}.capacity`));
    if (!requestPolicy) continue;
    const at = `${path}.capacity[${name}].requestPolicy`;
    if (device.allowMultipleAllocations) out.push(...validateRequestPolicy(requestPolicy, quantityOf(value), at));
    else out.push(forbidden(at, "allowMultipleAllocations must be true"));
  }
  if (!old || !semanticEqual(old.taints, device.taints))
    out.push(...validateItems(device.taints, MAX_TAINTS, `${path}.taints`, validateTaint));
  out.push(
    ...validateItems(
      device.consumesCounters,
      MAX_CONSUMPTIONS,
      `${path}.consumesCounters`,
      ({ counterSet, counters }, at) => [...validateLabel(counterSet, `${at}.counterSet`), ...validateCounters(counters, `${at}.counters`)],
      ({ counterSet }) => counterSet ?? "",
    ),
  );
  return [...out, ...validateDevicePlace(device, isPlacedAlone, path), ...validateBinding(device as never, path)];
}

function validateDevicePlace({ nodeName, nodeSelector, allNodes }: Device, isPlacedAlone: boolean, path: string): FieldError[] {
  const outer = "`perDeviceNodeSelection` is set to true in the ResourceSlice spec";
  if (!isPlacedAlone) {
    if (nodeName === undefined && !nodeSelector && allNodes === undefined) return [];
    return [invalidValue(path, null, `\`nodeName\`, \`nodeSelector\` and \`allNodes\` can only be set if ${outer}`)];
  }
  const where: string[] = [];
  const out = [
    ...validatePlace({ nodeName, nodeSelector }, path, "must not be empty", where),
    ...validateTrue(allNodes, path, "allNodes", where),
  ];
  const rule = `exactly one of \`nodeName\`, \`nodeSelector\`, or \`allNodes\` is required when ${outer}`;
  if (where.length === 0) out.push(required(path, rule));
  if (where.length > 1) out.push(invalidValue(path, `{${where.join(", ")}}`, rule));
  return out;
}

const NUMBER = "(0|[1-9]\\d*)";
const PRE = "(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(-${PRE}(\\.${PRE})*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$`);

/** Lists as values are behind a gate that is off. */
function validateAttribute(attribute: DeviceAttribute, path: string): FieldError[] {
  const { bool: boolValue, int: intValue, string: stringValue, version: versionValue } = attribute;
  const out: FieldError[] = [];
  const isLong = (text: string): boolean => Buffer.byteLength(text) > MAX_TEXT;
  if (stringValue !== undefined && isLong(stringValue)) out.push(tooLong(`${path}.string`, MAX_TEXT));
  if (versionValue !== undefined) {
    if (!VERSION.test(versionValue))
      out.push(invalidValue(`${path}.version`, versionValue, "must be a string compatible with semver.org spec 2.0.0"));
    if (isLong(versionValue)) out.push(tooLong(`${path}.version`, MAX_TEXT));
  }
  const held = { intValue, boolValue, stringValue, versionValue };
  const count = Object.values(held).filter((v) => v !== undefined).length;
  if (count === 1) return out;
  return [...out, invalidValue(path, count === 0 ? "" : internalForm("DeviceAttribute", held), "exactly one value must be specified")];
}

function validateTaint(taint: DeviceTaint, path: string): FieldError[] {
  const out = validateLabelName(taint.key, `${path}.key`);
  if (taint.value) out.push(...validateLabelValue(taint.value, `${path}.value`));
  if (!taint.effect) return [...out, required(`${path}.effect`)];
  return EFFECTS.includes(taint.effect) ? out : [...out, notSupported(`${path}.effect`, taint.effect, EFFECTS)];
}

// ---- What may be asked of a capacity

function validateRequestPolicy(
  { default: given, validValues, validRange }: CapacityRequestPolicy,
  capacity: Quantity,
  path: string,
): FieldError[] {
  if (validValues?.length && validRange)
    return [forbidden(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time')];
  const field = validValues?.length ? "validValues" : "validRange";
  if (!validValues?.length && !validRange) return [];
  if (given === undefined) return [required(`${path}.default`, `required when ${field} is defined`)];
  const usual = quantityOf(given);
  return validRange
    ? validateRange(validRange, usual, capacity, `${path}.validRange`)
    : validateOptions((validValues ?? []).map(quantityOf), usual, capacity, `${path}.validValues`);
}

function validateOptions(options: readonly Quantity[], usual: Quantity, capacity: Quantity, path: string): FieldError[] {
  const out: FieldError[] = [];
  options.forEach((option, i) => {
    const before = options[i - 1];
    if (before && compareQuantity(before, option) > 0)
      out.push(invalidValue(`${path}[${i}]`, show(option), "values must be sorted in ascending order"));
  });
  const validate = (option: Quantity, at: string): FieldError[] =>
    compareQuantity(option, capacity) > 0
      ? [invalidValue(at, show(option), `option is larger than capacity value: ${show(capacity)}`)]
      : [];
  out.push(...validateItems(options, MAX_OPTIONS, path, validate, show));
  const isListed = options.length <= MAX_OPTIONS && options.some((o) => compareQuantity(o, usual) === 0);
  return isListed ? out : [...out, invalidValue(path, show(usual), "default value is not valid according to the requestPolicy")];
}

function validateRange(range: CapacityRequestPolicyRange, usual: Quantity, capacity: Quantity, path: string): FieldError[] {
  if (range.min === undefined) return [required(`${path}.min`, "required when validRange is defined")];
  const out: FieldError[] = [];
  const above = (field: string, value: Quantity, limit: Quantity, shown: Quantity, text: string): void => {
    if (compareQuantity(value, limit) > 0) out.push(invalidValue(`${path}.${field}`, show(shown), text));
  };
  const min = quantityOf(range.min);
  const ofCapacity = `is larger than capacity value: ${show(capacity)}`;
  above("min", min, capacity, min, `min ${ofCapacity}`);
  above("min", min, usual, usual, `default is less than min: ${show(min)}`);
  const max = range.max === undefined ? undefined : quantityOf(range.max);
  if (max) {
    above("max", min, max, min, `min is larger than max: ${show(max)}`);
    above("max", max, capacity, max, `max ${ofCapacity}`);
    above("max", usual, max, usual, `default is more than max: ${show(max)}`);
  }
  if (range.step === undefined) return out;
  const step = quantityOf(range.step);
  const one = addQuantity(min, step);
  above("step", one, capacity, step, `one step ${show(one)} ${ofCapacity}`);
  for (const value of max ? [usual, max] : [usual]) {
    if (step.nano === 0n || (value.nano - min.nano) % step.nano === 0n) continue;
    out.push(invalidValue(`${path}.step`, show(value), `value is not a multiple of a given step (${show(step)}) from (${show(min)})`));
  }
  return out;
}
