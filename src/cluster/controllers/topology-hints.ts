/**
 * Hints in EndpointSlices: for whom each endpoint is meant. By `trafficDistribution` an endpoint is meant for its own zone or Node; by the annotation
 * `service.kubernetes.io/topology-mode: Auto` the zones get endpoints in proportion to their CPU.
 * @see kubernetes staging/src/k8s.io/endpointslice/trafficdist, staging/src/k8s.io/endpointslice/topologycache
 */
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice, Node, Service } from "../../../generated/v1.36/model.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { allocate, isOverloaded, redistribution, zoneShares } from "./zone-allocation.ts";

const MODE = "service.kubernetes.io/topology-mode";
const OLD_MODE = "service.kubernetes.io/topology-aware-hints";

export interface HintDraft {
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What a sync makes of the slices of one address type. */
export interface SliceChanges<D extends HintDraft> {
  readonly create: readonly D[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly draft: D }[];
  readonly unchanged: readonly EndpointSlice[];
}

/** Reports about a Service. */
export type TellHints = (type: "Normal" | "Warning", reason: string, message: string) => void;

/** The endpoint as it is without any hint: packing looks only at that. */
export function withoutHints(endpoint: Endpoint): Endpoint {
  if (!endpoint.hints) return endpoint;
  const { hints: _, ...rest } = endpoint;
  return rest;
}

function isAuto({ metadata: { annotations } }: Service): boolean {
  const mode = annotations?.[MODE] ?? annotations?.[OLD_MODE];
  return mode === "Auto" || mode === "auto";
}

/** What of a closeness the Service prefers; undefined: none. */
function closeness(service: Service): "zone" | "node" | undefined {
  switch (service.spec?.trafficDistribution) {
    case "PreferClose":
    case "PreferSameZone":
      return "zone";
    case "PreferSameNode":
      return "node";
    default:
      return undefined;
  }
}

function isReady(endpoint: Endpoint): boolean {
  return endpoint.conditions?.ready === true;
}

/** Hints of an endpoint for its own zone, and Node. One that is not ready keeps what it has. */
function withCloseHints(endpoint: Endpoint, nodes: boolean): Endpoint {
  if (!isReady(endpoint)) return endpoint;
  const { hints: _, ...rest } = endpoint;
  const hints = {
    ...(endpoint.zone !== undefined ? { forZones: [{ name: endpoint.zone }] } : {}),
    ...(nodes && endpoint.nodeName !== undefined ? { forNodes: [{ name: endpoint.nodeName }] } : {}),
  };
  return Object.keys(hints).length > 0 ? { ...rest, hints } : rest;
}

export class TopologyHints<D extends HintDraft> {
  readonly #nodes: () => Iterable<Node>;
  readonly #draftOf: (slice: EndpointSlice, endpoints: readonly Endpoint[]) => D;
  /** By Service and address type: how many endpoints each zone was given. */
  readonly #allocated = new Map<string, Map<string, ReadonlyMap<string, number>>>();
  /** Services whose hints have been told to be there. */
  readonly #populated = new Set<string>();

  constructor(nodes: () => Iterable<Node>, draftOf: (slice: EndpointSlice, endpoints: readonly Endpoint[]) => D) {
    this.#nodes = nodes;
    this.#draftOf = draftOf;
  }

  /** Services that have to be looked at again, since their zones are overloaded by now. */
  overloaded(): readonly string[] {
    if (this.#allocated.size === 0) return [];
    const shares = zoneShares(this.#nodes());
    return [...this.#allocated].filter(([, types]) => [...types.values()].some((a) => isOverloaded(a, shares))).map(([key]) => key);
  }

  forget(key: string): void {
    this.#allocated.delete(key);
    this.#populated.delete(key);
  }

  /** The same changes with hints; a slice that would be unchanged is updated where its hints are not right. */
  apply(
    service: Service,
    key: string,
    type: string,
    changes: SliceChanges<D>,
    tell: TellHints,
  ): Pick<SliceChanges<D>, "create" | "update"> {
    const warn = (why: string): void => tell("Warning", "TopologyAwareHintsDisabled", `${why}, addressType: ${type}`);
    if (isAuto(service)) return this.#auto(key, type, changes, tell, warn);
    if (this.#populated.has(key)) warn("Topology Aware Hints has been disabled");
    this.#remove(key, type);
    const close = closeness(service);
    if (close === undefined && !hasHints(changes)) return changes;
    return this.#map(changes, close === undefined ? withoutHints : (endpoint) => withCloseHints(endpoint, close === "node"));
  }

  #remove(key: string, type: string): void {
    const types = this.#allocated.get(key);
    types?.delete(type);
    if (types?.size === 0) this.#allocated.delete(key);
    this.#populated.delete(key);
  }

  /** Every endpoint as `hinted` has it. */
  #map(changes: SliceChanges<D>, hinted: (endpoint: Endpoint) => Endpoint): Pick<SliceChanges<D>, "create" | "update"> {
    const draft = (d: D): D => ({ ...d, endpoints: d.endpoints.map(hinted) });
    const more = changes.unchanged.flatMap((slice) => {
      const endpoints = (slice.endpoints ?? []).map(hinted);
      return deepEqual(endpoints, slice.endpoints ?? []) ? [] : [{ slice, draft: this.#draftOf(slice, endpoints) }];
    });
    return { create: changes.create.map(draft), update: [...changes.update.map((u) => ({ ...u, draft: draft(u.draft) })), ...more] };
  }

  #auto(
    key: string,
    type: string,
    { create, update, unchanged }: SliceChanges<D>,
    tell: TellHints,
    warn: (why: string) => void,
  ): Pick<SliceChanges<D>, "create" | "update"> {
    const disable = (why: string): Pick<SliceChanges<D>, "create" | "update"> => {
      warn(why);
      this.#remove(key, type);
      return this.#map({ create, update, unchanged }, withoutHints);
    };
    const lists = [...create.map((d) => d.endpoints), ...update.map((u) => u.draft.endpoints), ...unchanged.map((s) => s.endpoints ?? [])];
    const allocations = allocate(zoneShares(this.#nodes()), lists.flat().filter(isReady).length);
    if ("error" in allocations) return disable(allocations.error);
    const allocated = new Map<string, number>();
    const add = (zone: string, count: number): void => void allocated.set(zone, (allocated.get(zone) ?? 0) + count);
    // A slice that is right as it is stays so; the others are given away anew.
    const changed = [...update];
    for (const slice of unchanged) {
      const hints = hintsByZone(slice, allocated, allocations);
      if (!hints) changed.push({ slice, draft: this.#draftOf(slice, slice.endpoints ?? []) });
      else for (const [zone, count] of hints) add(zone, count);
    }
    const drafts = [...create, ...changed.map((u) => u.draft)];
    if (drafts.some((d) => d.endpoints.some((e) => isReady(e) && !e.zone)))
      return disable("One or more endpoints do not have a zone specified");
    for (const d of drafts) for (const e of d.endpoints) if (isReady(e)) add(e.zone ?? "", 1);
    const { giving, receiving } = redistribution(allocations, allocated);
    const hinted = (endpoint: Endpoint): Endpoint => {
      const { zone } = endpoint;
      if (!isReady(endpoint) || zone === undefined) return endpoint;
      const [to] = (giving.get(zone) ?? 0) > 0 ? [...receiving].filter(([, count]) => count > 0) : [];
      if (!to) return { ...endpoint, hints: { forZones: [{ name: zone }] } };
      giving.set(zone, (giving.get(zone) ?? 0) - 1);
      receiving.set(to[0], to[1] - 1);
      add(zone, -1);
      add(to[0], 1);
      return { ...endpoint, hints: { forZones: [{ name: to[0] }] } };
    };
    const result = this.#map({ create, update: changed, unchanged: [] }, hinted);
    if (allocated.size === 0) return disable("No hints allocated for zones");
    const types = this.#allocated.get(key) ?? new Map<string, ReadonlyMap<string, number>>();
    this.#allocated.set(key, types.set(type, allocated));
    if (!this.#populated.has(key))
      tell("Normal", "TopologyAwareHintsEnabled", `Topology Aware Hints has been enabled, addressType: ${type}`);
    this.#populated.add(key);
    return result;
  }
}

function hasHints({ create, update, unchanged }: SliceChanges<HintDraft>): boolean {
  const some = (endpoints: readonly Endpoint[] | undefined): boolean => endpoints?.some((e) => e.hints) === true;
  return create.some((d) => some(d.endpoints)) || update.some((u) => some(u.draft.endpoints)) || unchanged.some((s) => some(s.endpoints));
}

/** The hints that a slice has, by zone; undefined where one is missing, or is for a zone that should not have it. */
function hintsByZone(
  slice: EndpointSlice,
  allocated: ReadonlyMap<string, number>,
  allocations: ReadonlyMap<string, { readonly maximum: number }>,
): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>();
  for (const endpoint of (slice.endpoints ?? []).filter(isReady)) {
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length === 0 || zones.some(({ name }) => !allocations.has(name))) return undefined;
    for (const { name } of zones) found.set(name, (found.get(name) ?? 0) + 1);
  }
  for (const [zone, count] of found) if (count + (allocated.get(zone) ?? 0) > (allocations.get(zone)?.maximum ?? 0)) return undefined;
  return found;
}
