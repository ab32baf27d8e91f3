/** Which devices are in use, and how much of those that are shared. @see kubernetes pkg/scheduler/framework/plugins/dynamicresources/allocateddevices.go */
import type { ResourceV1ResourceClaim } from "../../../../generated/v1.36/model.ts";
import { parseQuantity } from "../../../lib/quantity.ts";

/** By `driver/pool/device`. */
export class AllocatedDevices {
  readonly #exclusive = new Set<string>();
  /** By capacity, in nano-units. */
  readonly #shared = new Map<string, Map<string, bigint>>();

  constructor(claims: Iterable<ResourceV1ResourceClaim>) {
    for (const claim of claims)
      for (const { driver, pool, device, adminAccess, shareID, consumedCapacity = {} } of claim.status?.allocation?.devices?.results ??
        []) {
        if (adminAccess) continue;
        const id = `${driver}/${pool}/${device}`;
        if (shareID === undefined) this.#exclusive.add(id);
        else this.#share(id, consumedCapacity);
      }
  }

  #share(id: string, consumed: Readonly<Record<string, string | number>>): void {
    const used = this.#shared.get(id) ?? new Map<string, bigint>();
    for (const name in consumed) used.set(name, (used.get(name) ?? 0n) + (parseQuantity(consumed[name]!)?.nano ?? 0n));
    this.#shared.set(id, used);
  }

  isExclusive(id: string): boolean {
    return this.#exclusive.has(id);
  }

  isShared(id: string): boolean {
    return this.#shared.has(id);
  }

  /** In nano-units. */
  used(id: string, capacity: string): bigint {
    return this.#shared.get(id)?.get(capacity) ?? 0n;
  }
}
