/**
 * The devices that a node can reach, pool by pool: of each pool the newest generation, when all its slices are there. Pools with devices
 * that must be made ready first come last.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/pools_incubating.go
 */
import type { Device, ResourceSlice } from "../../../../generated/v1.36/model.ts";
import type { NodeInfo } from "../node-info.ts";
import { matchesNodeSelector } from "../selectors.ts";

export interface PoolDevice {
  /** `driver/pool/device`. */
  readonly id: string;
  readonly slice: ResourceSlice;
  readonly device: Device;
  readonly pool: Pool;
}

export interface Pool {
  /** `driver/pool`. */
  readonly id: string;
  /** An invalid pool contradicts itself, an incomplete one lacks slices: devices of neither are given away. */
  readonly state: "usable" | "incomplete" | "invalid";
  /** Those that the node can reach, in order. */
  readonly devices: readonly PoolDevice[];
  /** All slices of the pool. */
  readonly slices: readonly ResourceSlice[];
}

export class Slices {
  readonly #byNode = new Map<string, ResourceSlice[]>();
  /** Slices that are not of one node. */
  readonly #shared: ResourceSlice[] = [];
  readonly #byPool = new Map<string, ResourceSlice[]>();

  constructor(slices: Iterable<ResourceSlice>) {
    for (const slice of slices) {
      const { nodeName, sharedCounters = [] } = slice.spec;
      if (nodeName === undefined || sharedCounters.length > 0) this.#shared.push(slice);
      else push(this.#byNode, nodeName, slice);
      push(this.#byPool, poolIdOf(slice), slice);
    }
  }

  poolsOn(node: NodeInfo): readonly Pool[] {
    const reached = new Map<string, ResourceSlice[]>();
    for (const slice of [...(this.#byNode.get(node.name) ?? []), ...this.#shared])
      if (concerns(slice, node)) push(reached, poolIdOf(slice), slice);
    const pools: Pool[] = [];
    for (const [id, slices] of reached) {
      const generation = slices.reduce((newest, { spec }) => Math.max(newest, spec.pool.generation), 0);
      const all = this.#byPool.get(id) ?? [];
      const current = slices.filter(({ spec }) => spec.pool.generation === generation);
      const count = current[0]!.spec.pool.resourceSliceCount;
      if (current.length !== count && all.some(({ spec }) => spec.pool.generation > generation)) continue;
      pools.push(poolOf(id, current, current.length === count ? current : ofGeneration(all, generation), count, node));
    }
    return pools.sort((a, b) => Number(mustBeReadied(a)) - Number(mustBeReadied(b)) || byPoolId(a, b));
  }
}

function poolOf(id: string, slices: readonly ResourceSlice[], all: readonly ResourceSlice[], count: number, node: NodeInfo): Pool {
  if (all.length !== count) return { id, state: "incomplete", devices: [], slices: all };
  if (isContradictory(slices, all)) return { id, state: "invalid", devices: [], slices: all };
  const devices: PoolDevice[] = [];
  const pool: Pool = { id, state: "usable", devices, slices: all };
  for (const slice of [...slices].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)))
    for (const device of slice.spec.devices ?? [])
      if (reaches(slice, device, node)) devices.push({ id: `${id}/${device.name}`, slice, device, pool });
  return pool;
}

const poolIdOf = ({ spec: { driver, pool } }: ResourceSlice): string => `${driver}/${pool.name}`;
const ofGeneration = (slices: readonly ResourceSlice[], generation: number): readonly ResourceSlice[] =>
  slices.filter(({ spec }) => spec.pool.generation === generation);
const mustBeReadied = ({ devices }: Pool): boolean => devices.some(({ slice }) => slice.spec.devices?.some((d) => d.bindingConditions));

/** By driver, then by name: a driver's name has no slash, and sorts before all longer ones that begin with it. */
function byPoolId({ id: a }: Pool, { id: b }: Pool): number {
  const [driverA, driverB] = [a.slice(0, a.indexOf("/")), b.slice(0, b.indexOf("/"))];
  if (driverA !== driverB) return driverA < driverB ? -1 : 1;
  return a < b ? -1 : 1;
}

function push<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Whether any of it is for the node; what devices share is needed everywhere. */
function concerns(slice: ResourceSlice, node: NodeInfo): boolean {
  const { sharedCounters = [], perDeviceNodeSelection, devices = [] } = slice.spec;
  if (sharedCounters.length > 0) return true;
  return perDeviceNodeSelection ? devices.some((d) => suits(d, node)) : suits(slice.spec, node);
}

/** Whether the node can use the device. */
function reaches({ spec }: ResourceSlice, device: Device, node: NodeInfo): boolean {
  return suits(spec.perDeviceNodeSelection ? device : spec, node);
}

function suits(where: Pick<Device, "allNodes" | "nodeName" | "nodeSelector">, node: NodeInfo): boolean {
  if (where.nodeName !== undefined) return where.nodeName === node.name;
  return where.allNodes === true || (where.nodeSelector !== undefined && matchesNodeSelector(where.nodeSelector, node));
}

/** A device or a set of counters twice, or counters used that nobody has. */
function isContradictory(slices: readonly ResourceSlice[], all: readonly ResourceSlice[]): boolean {
  const devices = slices.flatMap(({ spec }) => spec.devices?.map((d) => d.name) ?? []);
  const sets = slices.flatMap(({ spec }) => spec.sharedCounters ?? []);
  const byName = new Map(sets.map((set) => [set.name, set.counters]));
  if (new Set(devices).size < devices.length || byName.size < sets.length) return true;
  return all.some(({ spec }) =>
    spec.devices?.some((d) =>
      d.consumesCounters?.some(({ counterSet, counters }) => Object.keys(counters).some((name) => !byName.get(counterSet)?.[name])),
    ),
  );
}
