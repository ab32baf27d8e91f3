/** What claims ask for, one alternative at a time. @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured (requestAccessor) */
import type { CapacityRequirements, DeviceRequest, DeviceSelector, DeviceToleration } from "../../../../generated/v1.36/model.ts";

/** One request, or one of its alternatives. */
export interface Wanted {
  /** As results name it: `gpu`, `gpu/large`. */
  readonly name: string;
  readonly parent: string;
  /** The last part of the name. */
  readonly ownName: string;
  readonly className: string;
  readonly selectors: readonly DeviceSelector[];
  readonly all: boolean;
  readonly count: number;
  readonly adminAccess: boolean;
  readonly tolerations: readonly DeviceToleration[];
  /** What is asked of each device's capacity. */
  readonly capacity: NonNullable<CapacityRequirements["requests"]>;
  /** 0 for the first alternative. */
  readonly rank: number;
}

/** The alternatives of one request at most: what a first choice counts. @see kubernetes pkg/apis/resource/types.go (FirstAvailableDeviceRequestMaxSize) */
export const ALTERNATIVES_MAX = 8;

export function alternativesOf({ name, exactly, firstAvailable = [] }: DeviceRequest): readonly Wanted[] {
  if (exactly) {
    const { adminAccess = false } = exactly;
    return [{ ...common(exactly), name, parent: name, ownName: name, adminAccess, rank: 0 }];
  }
  return firstAvailable.map((sub, rank) => ({
    ...common(sub),
    name: `${name}/${sub.name}`,
    parent: name,
    ownName: sub.name,
    adminAccess: false,
    rank,
  }));
}

type Asked = Omit<NonNullable<DeviceRequest["exactly"]>, "adminAccess">;

function common({ deviceClassName, selectors = [], tolerations = [], allocationMode, count = 1, capacity }: Asked) {
  return { className: deviceClassName, selectors, tolerations, all: allocationMode === "All", count, capacity: capacity?.requests ?? {} };
}
