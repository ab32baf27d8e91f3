/**
 * What the devices of a pool share: partitions of one device take from the same counters.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating (checkAvailableCounters)
 */
import type { Device } from "../../../../generated/v1.36/model.ts";
import { parseQuantity } from "../../../lib/quantity.ts";
import type { Pool } from "./device-pools.ts";

/** By counter set and counter, in nano-units. */
type Left = Map<string, bigint>;

export class Counters {
  readonly #isAllocated: (id: string) => boolean;
  readonly #left = new Map<Pool, Left>();

  /** `isAllocated`: by `driver/pool/device`, to claims that have their devices already. */
  constructor(isAllocated: (id: string) => boolean) {
    this.#isAllocated = isAllocated;
  }

  /** Takes what the device needs; false, and nothing taken, when any counter of the pool would be overdrawn. */
  take(pool: Pool, device: Device): boolean {
    const left = this.#leftOf(pool);
    add(left, device, -1n);
    for (const amount of left.values()) {
      if (amount >= 0n) continue;
      add(left, device, 1n);
      return false;
    }
    return true;
  }

  giveBack(pool: Pool, device: Device): void {
    add(this.#leftOf(pool), device, 1n);
  }

  #leftOf(pool: Pool): Left {
    const known = this.#left.get(pool);
    if (known) return known;
    const left: Left = new Map();
    for (const { spec } of pool.slices)
      for (const set of spec.sharedCounters ?? [])
        for (const name in set.counters) left.set(`${set.name}/${name}`, nanoOf(set.counters[name]!.value));
    for (const { spec } of pool.slices)
      for (const device of spec.devices ?? []) if (this.#isAllocated(`${pool.id}/${device.name}`)) add(left, device, -1n);
    this.#left.set(pool, left);
    return left;
  }
}

function add(left: Left, device: Device, sign: bigint): void {
  for (const { counterSet, counters } of device.consumesCounters ?? [])
    for (const name in counters) {
      const key = `${counterSet}/${name}`;
      const amount = left.get(key);
      if (amount !== undefined) left.set(key, amount + sign * nanoOf(counters[name]!.value));
    }
}

const nanoOf = (value: string | number): bigint => parseQuantity(value)?.nano ?? 0n;
