/**
 * Which devices of a node satisfy all requests of claims: the first way found, trying devices in order and taking choices back.
 * Simplified: devices that several claims may share (consumable capacity) are given to one; binding conditions are not waited for.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured
 */
import type {
  AllocationResult,
  Device,
  DeviceConstraint,
  DeviceRequest,
  DeviceRequestAllocationResult,
  DeviceSelector,
  DeviceToleration,
  NodeSelector,
  ResourceSlice,
} from "../../../../generated/v1.36/model.ts";
import { parseQuantity } from "../../../lib/quantity.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import { matchesNodeSelector } from "../selectors.ts";
import { matchesSelector } from "./device-selector.ts";
import type { Claim } from "./pod-claims.ts";

/** Devices of one claim at most. @see kubernetes pkg/apis/resource/types.go (AllocationResultsMaxSize) */
const RESULTS_MAX = 32;
/** Devices looked at for one node at most: beyond, the search gives up, and the node will not do. */
const STEPS_MAX = 50_000;

interface PoolDevice {
  /** `driver/pool/device`. */
  readonly id: string;
  readonly slice: ResourceSlice;
  readonly device: Device;
  /** All slices of the pool. */
  readonly pool: readonly ResourceSlice[];
}

/** One request, or one of its alternatives. */
interface Wanted {
  /** As results name it: `gpu`, `gpu/large`. */
  readonly name: string;
  readonly parent: string;
  readonly className: string;
  readonly selectors: readonly DeviceSelector[];
  readonly all: boolean;
  readonly count: number;
  readonly adminAccess: boolean;
  readonly tolerations: readonly DeviceToleration[];
  /** 0 for the first alternative. */
  readonly rank: number;
}

export interface Allocated {
  /** In the order of the claims. */
  readonly results: readonly AllocationResult[];
  /** Higher, the earlier the alternatives that were taken. */
  readonly preference: number;
}

/** The alternatives of one request at most: what a first choice counts. @see kubernetes pkg/apis/resource/types.go (FirstAvailableDeviceRequestMaxSize) */
const ALTERNATIVES_MAX = 8;

export class Allocator {
  readonly #claims: readonly Claim[];
  readonly #listers: Listers;
  readonly #taken = new Set<string>();
  readonly #byNode = new Map<string, ResourceSlice[]>();
  /** Slices that are not of one node. */
  readonly #shared: ResourceSlice[] = [];
  /** By request and device. */
  readonly #selected = new Map<string, boolean>();
  #error: string | undefined;

  constructor(claims: readonly Claim[], listers: Listers) {
    this.#claims = claims;
    this.#listers = listers;
    for (const claim of listers.resourceClaims())
      for (const r of claim.status?.allocation?.devices?.results ?? [])
        if (!r.adminAccess) this.#taken.add(`${r.driver}/${r.pool}/${r.device}`);
    for (const slice of listers.resourceSlices()) {
      const { nodeName } = slice.spec;
      if (nodeName === undefined) this.#shared.push(slice);
      else this.#byNode.set(nodeName, [...(this.#byNode.get(nodeName) ?? []), slice]);
    }
  }

  /** `undefined`: the node cannot satisfy all claims. */
  allocate(node: NodeInfo): Allocated | { readonly error: string } | undefined {
    this.#error = undefined;
    const pools = this.#poolsOn(node);
    const search = new Search(this.#claims, pools.complete, pools.anyIncomplete, {
      taken: this.#taken,
      suits: (claim, wanted, device) => this.#suits(claim, wanted, device),
    });
    const found = search.run();
    if (this.#error !== undefined) return { error: this.#error };
    if (!found) return undefined;
    const results = this.#claims.map((claim, i) => this.#result(claim, found.chosen[i] ?? [], node));
    return { results, preference: found.preference };
  }

  /** The devices that the node can reach, pool by pool: of each pool the newest generation, when all its slices are there. */
  #poolsOn(node: NodeInfo): { readonly complete: readonly PoolDevice[]; readonly anyIncomplete: boolean } {
    const slices = [...(this.#byNode.get(node.name) ?? []), ...this.#shared];
    const pools = new Map<string, ResourceSlice[]>();
    for (const slice of slices) {
      const { driver, pool } = slice.spec;
      const id = `${driver}/${pool.name}`;
      const known = pools.get(id);
      const generation = known?.[0]?.spec.pool.generation ?? -1;
      if (!known || pool.generation > generation) pools.set(id, [slice]);
      else if (pool.generation === generation) known.push(slice);
    }
    const complete: PoolDevice[] = [];
    let anyIncomplete = false;
    for (const [id, members] of [...pools].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (members.length < (members[0]?.spec.pool.resourceSliceCount ?? 0)) {
        anyIncomplete = true;
        continue;
      }
      for (const slice of members.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)))
        for (const device of slice.spec.devices ?? [])
          if (reaches(slice, device, node)) complete.push({ id: `${id}/${device.name}`, slice, device, pool: members });
    }
    return { complete, anyIncomplete };
  }

  #suits(claim: Claim, wanted: Wanted, { id, slice, device }: PoolDevice): boolean {
    const key = `${claim.metadata.name} ${wanted.name} ${id}`;
    let known = this.#selected.get(key);
    if (known === undefined) {
      known = this.#isSelected(claim, wanted, slice, device) && toleratesTaints(wanted, device);
      this.#selected.set(key, known);
    }
    return known;
  }

  #isSelected(claim: Claim, wanted: Wanted, slice: ResourceSlice, device: Device): boolean {
    const ofClass = this.#listers.deviceClass(wanted.className)?.spec.selectors ?? [];
    const lists = [
      [`class ${wanted.className}`, ofClass] as const,
      [`claim ${claim.metadata.namespace}/${claim.metadata.name}`, wanted.selectors] as const,
    ];
    for (const [where, selectors] of lists) {
      for (const [i, { cel }] of selectors.entries()) {
        const matches = cel ? matchesSelector(cel.expression, slice.spec.driver, device, this.#listers.compile) : true;
        if (typeof matches === "object") this.#error ??= `${where}: selector #${i}: ${matches.error}`;
        if (matches !== true) return false;
      }
    }
    return true;
  }

  #result(claim: Claim, chosen: readonly Choice[], node: NodeInfo): AllocationResult {
    const results = chosen.map(({ wanted, device: { slice, device } }): DeviceRequestAllocationResult => {
      const { driver, pool } = slice.spec;
      return {
        request: wanted.name,
        driver,
        pool: pool.name,
        device: device.name,
        ...(wanted.adminAccess ? { adminAccess: true } : {}),
        ...(wanted.tolerations.length > 0 ? { tolerations: wanted.tolerations } : {}),
      };
    });
    const config = this.#configOf(claim, chosen);
    const nodeSelector = selectorFor(chosen, node);
    return {
      devices: { results, ...(config.length > 0 ? { config } : {}) },
      ...(nodeSelector ? { nodeSelector } : {}),
    };
  }

  #configOf(claim: Claim, chosen: readonly Choice[]): NonNullable<NonNullable<AllocationResult["devices"]>["config"]> {
    const wanted = [...new Map(chosen.map((c) => [c.wanted.name, c.wanted])).values()];
    const ofClasses = wanted.flatMap(({ name, className }) =>
      (this.#listers.deviceClass(className)?.spec.config ?? []).map(({ opaque }) => {
        return { source: "FromClass" as const, requests: [name], ...(opaque ? { opaque } : {}) };
      }),
    );
    const own = (claim.spec.devices?.config ?? [])
      .filter((c) => !c.requests?.length || wanted.some((w) => c.requests?.includes(w.name) || c.requests?.includes(w.parent)))
      .map((c) => ({ source: "FromClaim" as const, ...c }));
    return [...ofClasses, ...own];
  }
}

/** Whether the node can use the device. */
function reaches({ spec }: ResourceSlice, device: Device, node: NodeInfo): boolean {
  const where = spec.perDeviceNodeSelection ? device : spec;
  if (where.allNodes) return true;
  if (where.nodeName !== undefined) return where.nodeName === node.name;
  return where.nodeSelector !== undefined && matchesNodeSelector(where.nodeSelector, node);
}

function toleratesTaints({ tolerations, adminAccess }: Wanted, device: Device): boolean {
  if (adminAccess) return true;
  return (device.taints ?? []).every(
    (taint) =>
      taint.effect === "None" ||
      tolerations.some((t) => {
        if (t.effect && t.effect !== taint.effect) return false;
        if (t.key && t.key !== taint.key) return false;
        return t.operator === "Exists" || (t.value ?? "") === (taint.value ?? "");
      }),
  );
}

/** Where the devices can be used: on one node when any is of that node; anywhere when nothing says where. */
function selectorFor(chosen: readonly Choice[], node: NodeInfo): NodeSelector | undefined {
  const terms: NodeSelector["nodeSelectorTerms"][number][] = [];
  for (const { device } of chosen) {
    const where = device.slice.spec.perDeviceNodeSelection ? device.device : device.slice.spec;
    if (where.nodeName !== undefined)
      return { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node.name] }] }] };
    const [term] = where.nodeSelector?.nodeSelectorTerms ?? [];
    if (term && !terms.includes(term)) terms.push(term);
  }
  if (terms.length === 0) return undefined;
  // All must hold together: one term with everything in it.
  const matchExpressions = terms.flatMap((t) => t.matchExpressions ?? []);
  const matchFields = terms.flatMap((t) => t.matchFields ?? []);
  const all = { ...(matchExpressions.length > 0 ? { matchExpressions } : {}), ...(matchFields.length > 0 ? { matchFields } : {}) };
  return { nodeSelectorTerms: [all] };
}

interface Choice {
  readonly wanted: Wanted;
  readonly device: PoolDevice;
}

interface Rules {
  readonly taken: ReadonlySet<string>;
  readonly suits: (claim: Claim, wanted: Wanted, device: PoolDevice) => boolean;
}

class Search {
  readonly #claims: readonly Claim[];
  readonly #devices: readonly PoolDevice[];
  readonly #anyIncomplete: boolean;
  readonly #rules: Rules;
  readonly #chosen: Choice[][];
  readonly #used = new Set<string>();
  #steps = 0;

  constructor(claims: readonly Claim[], devices: readonly PoolDevice[], anyIncomplete: boolean, rules: Rules) {
    this.#claims = claims;
    this.#devices = devices;
    this.#anyIncomplete = anyIncomplete;
    this.#rules = rules;
    this.#chosen = claims.map(() => []);
  }

  run(): { readonly chosen: readonly (readonly Choice[])[]; readonly preference: number } | undefined {
    if (!this.#request(0, 0)) return undefined;
    let preference = 0;
    for (const choices of this.#chosen) {
      const alternatives = new Map(
        choices.filter(({ wanted }) => wanted.name !== wanted.parent).map(({ wanted }) => [wanted.parent, wanted]),
      );
      for (const { rank } of alternatives.values()) preference += ALTERNATIVES_MAX - rank;
    }
    return { chosen: this.#chosen, preference };
  }

  /** The request and all that come after it. */
  #request(claimIndex: number, requestIndex: number): boolean {
    const claim = this.#claims[claimIndex];
    if (!claim) return true;
    const request = claim.spec.devices?.requests?.[requestIndex];
    if (!request) return this.#request(claimIndex + 1, 0);
    return alternativesOf(request).some((wanted) => {
      const next = (): boolean => this.#request(claimIndex, requestIndex + 1);
      return wanted.all ? this.#every(claim, claimIndex, wanted, next) : this.#some(claim, claimIndex, wanted, 0, 0, next);
    });
  }

  /** `count` devices, of those from `from` on: the order among equal devices does not matter. */
  #some(claim: Claim, claimIndex: number, wanted: Wanted, placed: number, from: number, next: () => boolean): boolean {
    if (placed === wanted.count) return next();
    for (let i = from; i < this.#devices.length; i++) {
      if (++this.#steps > STEPS_MAX) return false;
      const device = this.#devices[i]!;
      if (!this.#take(claim, claimIndex, wanted, device)) continue;
      if (this.#some(claim, claimIndex, wanted, placed + 1, i + 1, next)) return true;
      this.#giveBack(claimIndex, device);
    }
    return false;
  }

  /** All devices that suit, at least one; none may be in use, and no pool may be unknown in part. */
  #every(claim: Claim, claimIndex: number, wanted: Wanted, next: () => boolean): boolean {
    const devices = this.#devices.filter((d) => this.#rules.suits(claim, wanted, d));
    if (devices.length === 0 || this.#anyIncomplete) return false;
    let placed = 0;
    while (placed < devices.length && this.#take(claim, claimIndex, wanted, devices[placed]!)) placed++;
    if (placed === devices.length && next()) return true;
    while (placed > 0) this.#giveBack(claimIndex, devices[--placed]!);
    return false;
  }

  #take(claim: Claim, claimIndex: number, wanted: Wanted, device: PoolDevice): boolean {
    const choices = this.#chosen[claimIndex]!;
    if (choices.length >= RESULTS_MAX) return false;
    if (!wanted.adminAccess && (this.#used.has(device.id) || this.#rules.taken.has(device.id))) return false;
    if (wanted.adminAccess && choices.some((c) => c.device.id === device.id && c.wanted === wanted)) return false;
    if (!this.#rules.suits(claim, wanted, device)) return false;
    if (!(claim.spec.devices?.constraints ?? []).every((c) => holds(c, choices, wanted, device))) return false;
    if (!wanted.adminAccess && !this.#hasCounters(device)) return false;
    choices.push({ wanted, device });
    if (!wanted.adminAccess) this.#used.add(device.id);
    return true;
  }

  #giveBack(claimIndex: number, device: PoolDevice): void {
    const last = this.#chosen[claimIndex]!.pop();
    if (last && !last.wanted.adminAccess) this.#used.delete(device.id);
  }

  /** Whether what the devices of a pool share is left for one more. */
  #hasCounters({ device, pool }: PoolDevice): boolean {
    const consumed = device.consumesCounters ?? [];
    if (consumed.length === 0) return true;
    const sharing = this.#devices.filter((d) => d.pool === pool && (this.#used.has(d.id) || this.#rules.taken.has(d.id)));
    return consumed.every(({ counterSet, counters }) => {
      const set = pool.flatMap((slice) => slice.spec.sharedCounters ?? []).find((s) => s.name === counterSet);
      return Object.entries(counters).every(([name, { value }]) => {
        let left = nanoOf(set?.counters[name]?.value ?? 0) - nanoOf(value);
        for (const other of sharing)
          for (const used of other.device.consumesCounters ?? [])
            if (used.counterSet === counterSet) left -= nanoOf(used.counters[name]?.value ?? 0);
        return left >= 0n;
      });
    });
  }
}

const nanoOf = (value: string | number): bigint => parseQuantity(value)?.nano ?? 0n;

function alternativesOf(request: DeviceRequest): readonly Wanted[] {
  const { name, exactly, firstAvailable = [] } = request;
  if (exactly) {
    const { deviceClassName: className, selectors = [], tolerations = [], allocationMode, count = 1, adminAccess = false } = exactly;
    return [{ name, parent: name, className, selectors, tolerations, all: allocationMode === "All", count, adminAccess, rank: 0 }];
  }
  return firstAvailable.map((sub, rank) => {
    const { deviceClassName: className, selectors = [], tolerations = [], allocationMode, count = 1 } = sub;
    const all = allocationMode === "All";
    return { name: `${name}/${sub.name}`, parent: name, className, selectors, tolerations, all, count, adminAccess: false, rank };
  });
}

/** The attribute has the same value on all devices of the requests (`matchAttribute`), or another on each (`distinctAttribute`). */
function holds(
  { requests, matchAttribute, distinctAttribute }: DeviceConstraint,
  choices: readonly Choice[],
  wanted: Wanted,
  device: PoolDevice,
): boolean {
  const concerns = (w: Wanted): boolean => !requests?.length || requests.includes(w.name) || requests.includes(w.parent);
  const attribute = matchAttribute ?? distinctAttribute;
  if (attribute === undefined || !concerns(wanted)) return true;
  const value = attributeOf(attribute, device);
  if (value === undefined) return false;
  return choices
    .filter((c) => concerns(c.wanted))
    .every((c) => (attributeOf(attribute, c.device) === value) === (matchAttribute !== undefined));
}

/** A name without a domain is in the driver's. */
function attributeOf(name: string, { slice, device }: PoolDevice): string | undefined {
  const [domain, id = ""] = name.split("/");
  const value = device.attributes?.[name] ?? (domain === slice.spec.driver ? device.attributes?.[id] : undefined);
  return value === undefined ? undefined : JSON.stringify(value);
}
