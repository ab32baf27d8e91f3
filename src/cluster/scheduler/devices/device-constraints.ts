/**
 * An attribute has the same value on all devices of the requests (`matchAttribute`), or another for each request (`distinctAttribute`:
 * of the devices of one request the last taken counts).
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating (constraint.go, matchAttributeConstraint)
 */
import type { DeviceConstraint } from "../../../../generated/v1.36/model.ts";
import type { PoolDevice } from "./device-pools.ts";
import type { Wanted } from "./device-requests.ts";

export interface Choice {
  readonly wanted: Wanted;
  readonly device: PoolDevice;
}

/** Whether a device may join those chosen so far. */
export function holds(
  { requests, matchAttribute, distinctAttribute }: DeviceConstraint,
  chosen: readonly Choice[],
  wanted: Wanted,
  device: PoolDevice,
): boolean {
  const concerns = (w: Wanted): boolean => !requests?.length || requests.includes(w.name) || requests.includes(w.parent);
  const attribute = matchAttribute ?? distinctAttribute;
  if (attribute === undefined || !concerns(wanted)) return true;
  const value = attributeOf(attribute, device);
  if (value === undefined) return false;
  const concerned = chosen.filter((c) => concerns(c.wanted));
  if (matchAttribute !== undefined) return concerned.every((c) => attributeOf(attribute, c.device) === value);
  const byRequest = new Map(concerned.map((c) => [c.wanted.parent, attributeOf(attribute, c.device)]));
  return ![...byRequest.values()].includes(value);
}

/** A name without a domain is in the driver's. */
function attributeOf(name: string, { slice, device }: PoolDevice): string | undefined {
  const [domain, id = ""] = name.split("/");
  const value = device.attributes?.[name] ?? (domain === slice.spec.driver ? device.attributes?.[id] : undefined);
  return value === undefined ? undefined : JSON.stringify(value);
}
