/**
 * Which devices of a node satisfy all requests of claims.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured
 */
import type { AllocationResult } from "../../../../generated/v1.36/model.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import { AllocatedDevices } from "./allocated-devices.ts";
import { allocationResult } from "./allocation-result.ts";
import { type PoolDevice, Slices } from "./device-pools.ts";
import type { Wanted } from "./device-requests.ts";
import { DeviceSearch, nameOf } from "./device-search.ts";
import { matchesSelector } from "./device-selector.ts";
import type { Claim } from "./pod-claims.ts";

export type Allocation =
  | {
      /** In the order of the claims. */
      readonly results: readonly AllocationResult[];
      /** Higher, the earlier the alternatives that were taken. */
      readonly preference: number;
    }
  /** Ends the cycle. */
  | { readonly error: string }
  /** The node will not do, for a reason of its own. */
  | { readonly reason: string };

type Selected = boolean | { readonly error: string };

export class Allocator {
  readonly #listers: Listers;
  readonly #allocated: AllocatedDevices;
  readonly #slices: Slices;
  /** By request and device. */
  readonly #selected = new Map<string, Selected>();

  constructor(listers: Listers) {
    this.#listers = listers;
    this.#allocated = new AllocatedDevices(listers.resourceClaims());
    this.#slices = new Slices(listers.resourceSlices());
  }

  /** `undefined`: the node cannot satisfy all claims. */
  allocate(claims: readonly Claim[], node: NodeInfo): Allocation | undefined {
    const pools = this.#slices.poolsOn(node);
    const search = new DeviceSearch(claims, pools, {
      allocated: this.#allocated,
      selects: (claim, wanted, device) => this.#selects(claim, wanted, device),
    });
    const found = search.run();
    if (!found) return pools.some(({ state }) => state === "invalid") ? { reason: "invalid resource pools were encountered" } : undefined;
    if ("error" in found) return found;
    const results = claims.map((claim, i) => allocationResult(claim, found.chosen[i] ?? [], node, this.#listers));
    return { results, preference: found.preference };
  }

  #selects(claim: Claim, wanted: Wanted, device: PoolDevice): Selected {
    const key = `${claim.metadata.name} ${wanted.name} ${device.id}`;
    let known = this.#selected.get(key);
    if (known === undefined) {
      known = this.#matches(claim, wanted, device);
      this.#selected.set(key, known);
    }
    return known;
  }

  #matches(claim: Claim, wanted: Wanted, { slice, device }: PoolDevice): Selected {
    const ofClass = this.#listers.deviceClass(wanted.className)?.spec.selectors ?? [];
    const lists = [[`class ${wanted.className}`, ofClass] as const, [`claim ${nameOf(claim)}`, wanted.selectors] as const];
    for (const [where, selectors] of lists) {
      for (const [i, { cel }] of selectors.entries()) {
        const matches = cel ? matchesSelector(cel.expression, slice.spec.driver, device, this.#listers.compile) : true;
        if (typeof matches === "object") return { error: `${where}: selector #${i}: ${matches.error}` };
        if (!matches) return false;
      }
    }
    return true;
  }
}
