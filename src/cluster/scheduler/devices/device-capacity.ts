/**
 * What one allocation takes of a device that several may share: of each capacity what is asked for, rounded as the device's policy has it;
 * without a request the policy's default, or all there is.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/consumable_capacity.go
 */
import type { CapacityRequestPolicy, Device, DeviceCapacity } from "../../../../generated/v1.36/model.ts";
import { parseQuantity, type Quantity, unitsOf, ZERO } from "../../../lib/quantity.ts";
import type { Wanted } from "./device-requests.ts";

/** By name of the capacity. */
export type Consumed = ReadonlyMap<string, Quantity>;

const NANO = 1_000_000_000n;

/** `undefined`: the device has not all capacities that are asked for, or does not give them in such amounts. */
export function consumedOf(capacity: Wanted["capacity"], device: Device): Consumed | undefined {
  const has = device.capacity ?? {};
  for (const name in capacity) if (!has[name]) return undefined;
  const consumed = new Map<string, Quantity>();
  for (const name of Object.keys(has).sort()) {
    const amount = amountOf(capacity[name], has[name]!);
    if (violates(amount, has[name]!.requestPolicy)) return undefined;
    consumed.set(name, amount);
  }
  return consumed;
}

/** Whether so much is left. `used`: by name, in nano-units. */
export function isLeft(consumed: Consumed, device: Device, used: (name: string) => bigint): boolean {
  for (const [name, { nano }] of consumed) if (used(name) + nano > quantityOf(device.capacity?.[name]?.value).nano) return false;
  return true;
}

/**
 * | policy | asked for | taken |
 * |---|---|---|
 * | none | 3Gi | 3Gi |
 * | default 1Gi | nothing | 1Gi |
 * | from 2Gi in steps of 2Gi | 1Gi | 2Gi |
 * | from 2Gi in steps of 2Gi | 5Gi | 6Gi |
 * | 1Gi or 4Gi | 2Gi | 4Gi |
 */
function amountOf(asked: string | number | undefined, { value, requestPolicy: policy }: DeviceCapacity): Quantity {
  if (asked === undefined) return quantityOf(policy?.default ?? value);
  const wanted = quantityOf(asked);
  if (policy?.validRange) {
    const min = quantityOf(policy.validRange.min);
    if (wanted.nano < min.nano) return min;
    if (policy.validRange.step === undefined) return wanted;
    const step = unitsOf(quantityOf(policy.validRange.step));
    const above = unitsOf(wanted) - unitsOf(min);
    const steps = step === 0n ? 0n : (above + step - 1n) / step;
    return { nano: (unitsOf(min) + step * steps) * NANO, format: "BinarySI" };
  }
  for (const valid of policy?.validValues ?? []) if (wanted.nano <= quantityOf(valid).nano) return quantityOf(valid);
  return wanted;
}

function violates({ nano }: Quantity, policy: CapacityRequestPolicy | undefined): boolean {
  if (!policy || (policy.default !== undefined && nano === quantityOf(policy.default).nano)) return false;
  const { validRange, validValues = [] } = policy;
  if (validRange) return validRange.max !== undefined && nano > quantityOf(validRange.max).nano;
  return validValues.length > 0 && !validValues.some((valid) => quantityOf(valid).nano === nano);
}

function quantityOf(text: string | number | undefined): Quantity {
  return text === undefined ? ZERO : (parseQuantity(text) ?? ZERO);
}
