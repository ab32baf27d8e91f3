/**
 * Devices for all requests of all claims: the first way found, trying devices in order and taking choices back.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go (allocateOne)
 */
import type { AllocatedDevices } from "./allocated-devices.ts";
import { type Consumed, consumedOf, isLeft } from "./device-capacity.ts";
import { type Choice, holds } from "./device-constraints.ts";
import { Counters } from "./device-counters.ts";
import type { Pool, PoolDevice } from "./device-pools.ts";
import { ALTERNATIVES_MAX, alternativesOf, type Wanted } from "./device-requests.ts";
import type { Claim } from "./pod-claims.ts";

/** Devices of one claim at most. @see kubernetes pkg/apis/resource/types.go (AllocationResultsMaxSize) */
const RESULTS_MAX = 32;
/** Devices looked at for one node at most: beyond, the search gives up, and the node will not do. */
const STEPS_MAX = 50_000;

/** A device for a request. */
export interface Taken extends Choice {
  /** Of a device that several may share. */
  readonly consumed: Consumed | undefined;
}

/** What is found: by claim, in the order of the requests. */
export interface Found {
  readonly chosen: readonly (readonly Taken[])[];
  /** Higher, the earlier the alternatives that were taken. */
  readonly preference: number;
}

interface Rules {
  readonly allocated: AllocatedDevices;
  /** Whether selectors take the device; an error ends the search. */
  readonly selects: (claim: Claim, wanted: Wanted, device: PoolDevice) => boolean | { readonly error: string };
}

export class DeviceSearch {
  readonly #claims: readonly Claim[];
  readonly #pools: readonly Pool[];
  readonly #devices: readonly PoolDevice[];
  readonly #rules: Rules;
  readonly #counters: Counters;
  readonly #chosen: Taken[][];
  /** By device: the claims it is taken for. */
  readonly #exclusive = new Map<string, Set<number>>();
  /** By device that several may share: what is taken of it. */
  readonly #shared = new Map<string, Consumed[]>();
  /** By request name, of those that want all devices. */
  readonly #all = new Map<string, readonly PoolDevice[]>();
  #steps = 0;
  #error: string | undefined;

  constructor(claims: readonly Claim[], pools: readonly Pool[], rules: Rules) {
    this.#claims = claims;
    this.#pools = pools;
    this.#devices = pools.flatMap((pool) => pool.devices);
    this.#rules = rules;
    this.#counters = new Counters((id) => rules.allocated.isExclusive(id) || rules.allocated.isShared(id));
    this.#chosen = claims.map(() => []);
  }

  /** `undefined`: there is no way. */
  run(): Found | { readonly error: string } | undefined {
    const found = this.#prepare() && this.#request(0, 0);
    if (this.#error !== undefined) return { error: this.#error };
    if (!found) return undefined;
    let preference = 0;
    for (const choices of this.#chosen) {
      const alternatives = new Map(
        choices.filter(({ wanted }) => wanted.name !== wanted.parent).map(({ wanted }) => [wanted.parent, wanted]),
      );
      for (const { rank } of alternatives.values()) preference += ALTERNATIVES_MAX - rank;
    }
    return { chosen: this.#chosen, preference };
  }

  /** Finds out how many "all" are, and whether a claim asks for more than it can have. */
  #prepare(): boolean {
    return this.#claims.every((claim, claimIndex) => {
      let least = 0;
      for (const request of claim.spec.devices?.requests ?? []) {
        const counts = alternativesOf(request).map((wanted) => {
          if (!wanted.all) return wanted.count;
          const devices = this.#allOf(claim, wanted);
          this.#all.set(`${claimIndex} ${wanted.name}`, devices);
          return devices.length;
        });
        least += Math.min(...counts);
      }
      if (least > RESULTS_MAX)
        this.#error ??= `claim ${nameOf(claim)}: number of requested devices ${least} exceeds the claim limit of ${RESULTS_MAX}`;
      return this.#error === undefined;
    });
  }

  #allOf(claim: Claim, wanted: Wanted): readonly PoolDevice[] {
    const unusable = this.#pools.find(({ state }) => state !== "usable");
    if (unusable) {
      const state = unusable.state === "incomplete" ? "being updated" : "invalid";
      this.#error ??= `claim ${nameOf(claim)}, request ${wanted.ownName}: asks for all devices, but resource pool ${unusable.id} is currently ${state}`;
      return [];
    }
    return this.#devices.filter((device) => this.#selects(claim, wanted, device) && this.#consumption(wanted, device) !== undefined);
  }

  #selects(claim: Claim, wanted: Wanted, device: PoolDevice): boolean {
    const selected = this.#rules.selects(claim, wanted, device);
    if (typeof selected === "object") this.#error ??= selected.error;
    return selected === true;
  }

  /** What the request would take of the device's capacities; `undefined`: not so much is left. */
  #consumption({ capacity }: Wanted, { id, device }: PoolDevice): Consumed | undefined {
    const consumed = consumedOf(capacity, device);
    const used = (name: string): bigint => {
      let sum = this.#rules.allocated.used(id, name);
      for (const other of this.#shared.get(id) ?? []) sum += other.get(name)?.nano ?? 0n;
      return sum;
    };
    return consumed && isLeft(consumed, device, used) ? consumed : undefined;
  }

  /** The request and all that come after it. */
  #request(claimIndex: number, requestIndex: number): boolean {
    const claim = this.#claims[claimIndex];
    if (!claim) return true;
    const request = claim.spec.devices?.requests?.[requestIndex];
    if (!request) return this.#request(claimIndex + 1, 0);
    return alternativesOf(request).some((wanted) => {
      const next = (): boolean => this.#request(claimIndex, requestIndex + 1);
      return wanted.all ? this.#every(claimIndex, wanted, next) : this.#some(claimIndex, wanted, 0, 0, next);
    });
  }

  /** `count` devices, of those from `from` on: the order among equal devices does not matter. */
  #some(claimIndex: number, wanted: Wanted, placed: number, from: number, next: () => boolean): boolean {
    if (placed === wanted.count) return next();
    if (this.#chosen[claimIndex]!.length + wanted.count - placed > RESULTS_MAX) return false;
    for (let i = from; i < this.#devices.length; i++) {
      if (this.#error !== undefined || ++this.#steps > STEPS_MAX) return false;
      const device = this.#devices[i]!;
      if (this.#isInUse(claimIndex, wanted, device) || !this.#selects(this.#claims[claimIndex]!, wanted, device)) continue;
      if (!this.#take(claimIndex, wanted, device)) continue;
      if (this.#some(claimIndex, wanted, placed + 1, i + 1, next)) return true;
      this.#giveBack(claimIndex);
    }
    return false;
  }

  /** All devices that suit, at least one. */
  #every(claimIndex: number, wanted: Wanted, next: () => boolean): boolean {
    const devices = this.#all.get(`${claimIndex} ${wanted.name}`) ?? [];
    if (devices.length === 0 || this.#chosen[claimIndex]!.length + devices.length > RESULTS_MAX) return false;
    let placed = 0;
    while (placed < devices.length && this.#takeOneOfAll(claimIndex, wanted, devices[placed]!)) placed++;
    if (placed === devices.length && next()) return true;
    while (placed-- > 0) this.#giveBack(claimIndex);
    return false;
  }

  /** That a constraint forbids one of all is an error of the claim. */
  #takeOneOfAll(claimIndex: number, wanted: Wanted, device: PoolDevice): boolean {
    if (this.#isInUse(claimIndex, wanted, device)) return false;
    const claim = this.#claims[claimIndex]!;
    if (this.#take(claimIndex, wanted, device)) return true;
    if (!isTaintedFor(wanted, device) && !this.#satisfiesConstraints(claimIndex, wanted, device))
      this.#error ??= `claim ${nameOf(claim)}, request ${wanted.ownName}: cannot add device ${device.id} because a claim constraint would not be satisfied`;
    return false;
  }

  /** An administrator's access disturbs nobody, but one claim gets a device once. */
  #isInUse(claimIndex: number, { adminAccess }: Wanted, { id }: PoolDevice): boolean {
    const claims = this.#exclusive.get(id);
    if (adminAccess) return claims?.has(claimIndex) === true;
    return this.#rules.allocated.isExclusive(id) || (claims !== undefined && claims.size > 0);
  }

  #satisfiesConstraints(claimIndex: number, wanted: Wanted, device: PoolDevice): boolean {
    const constraints = this.#claims[claimIndex]!.spec.devices?.constraints ?? [];
    return constraints.every((c) => holds(c, this.#chosen[claimIndex]!, wanted, device));
  }

  #take(claimIndex: number, wanted: Wanted, device: PoolDevice): boolean {
    const consumed = this.#consumption(wanted, device);
    if (!consumed || isTaintedFor(wanted, device) || !this.#satisfiesConstraints(claimIndex, wanted, device)) return false;
    if (this.#countsAnew(device) && !this.#counters.take(device.pool, device.device)) return false;
    const { id } = device;
    if (isShareable(device)) this.#shared.set(id, [...(this.#shared.get(id) ?? []), consumed]);
    else this.#exclusive.set(id, (this.#exclusive.get(id) ?? new Set()).add(claimIndex));
    this.#chosen[claimIndex]!.push({ wanted, device, consumed: isShareable(device) ? consumed : undefined });
    return true;
  }

  /** What was taken last for the claim. */
  #giveBack(claimIndex: number): void {
    const last = this.#chosen[claimIndex]!.pop();
    if (!last) return;
    const { device } = last;
    if (isShareable(device)) this.#shared.get(device.id)?.pop();
    else this.#exclusive.get(device.id)?.delete(claimIndex);
    if (this.#countsAnew(device)) this.#counters.giveBack(device.pool, device.device);
  }

  /** A device that several share takes from the counters once. */
  #countsAnew(device: PoolDevice): boolean {
    if ((device.device.consumesCounters ?? []).length === 0) return false;
    const { id } = device;
    return !isShareable(device) || (!this.#rules.allocated.isShared(id) && (this.#shared.get(id) ?? []).length === 0);
  }
}

export const nameOf = ({ metadata }: Claim): string => `${metadata.namespace}/${metadata.name}`;
const isShareable = ({ device }: PoolDevice): boolean => device.allowMultipleAllocations === true;

function isTaintedFor({ tolerations }: Wanted, { device }: PoolDevice): boolean {
  return (device.taints ?? []).some(
    (taint) =>
      (taint.effect === "NoSchedule" || taint.effect === "NoExecute") &&
      !tolerations.some((t) => {
        if (t.effect && t.effect !== taint.effect) return false;
        if (t.key && t.key !== taint.key) return false;
        return t.operator === "Exists" || (t.value ?? "") === (taint.value ?? "");
      }),
  );
}
