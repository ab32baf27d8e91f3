/**
 * How many endpoints of a Service each zone should have: in proportion to the CPU of its Nodes, and so that none is overloaded by more than a fifth.
 * @see kubernetes staging/src/k8s.io/endpointslice/topologycache/topologycache.go, utils.go
 */
import type { Node } from "../../../generated/v1.36/model.ts";
import { milliOf, parseQuantity, ZERO } from "../../lib/quantity.ts";

/** An endpoint may get so much more than its share of the traffic at most. */
const OVERLOAD_MAX = 0.2;
const ZONE = "topology.kubernetes.io/zone";
/** Nodes that take no part. */
const EXCLUDING_LABELS = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"] as const;

/** Each zone's share of all CPU, in order of name; undefined where a Node does not say its zone or CPU, or all are in one zone. */
export function zoneShares(nodes: Iterable<Node>): ReadonlyMap<string, number> | undefined {
  const cpuMilli = new Map<string, number>();
  let total = 0;
  for (const { metadata, status } of nodes) {
    if (EXCLUDING_LABELS.some((label) => metadata.labels?.[label] !== undefined)) continue;
    if (status?.conditions?.find((c) => c.type === "Ready")?.status !== "True") continue;
    const zone = metadata.labels?.[ZONE];
    const milli = Number(milliOf(parseQuantity(status.allocatable?.["cpu"] ?? "0") ?? ZERO));
    if (!zone || milli === 0) return undefined;
    total += milli;
    cpuMilli.set(zone, (cpuMilli.get(zone) ?? 0) + milli);
  }
  if (total === 0 || cpuMilli.size < 2) return undefined;
  return new Map([...cpuMilli].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, milli]) => [zone, milli / total]));
}

export interface Allocation {
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
}

/** The least that a zone must have. */
function minimumOf(share: number, endpoints: number): number {
  return Math.ceil(share * endpoints * (1 / (1 + OVERLOAD_MAX)));
}

/** What each zone gets of so many endpoints; or why that cannot be. */
export function allocate(
  shares: ReadonlyMap<string, number> | undefined,
  endpoints: number,
): ReadonlyMap<string, Allocation> | { readonly error: string } {
  if (!shares) return { error: "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes" };
  const counts = `(${endpoints} endpoints, ${shares.size} zones)`;
  if (shares.size > endpoints) return { error: `Insufficient number of endpoints ${counts}` };
  const minima = new Map([...shares].map(([zone, share]) => [zone, minimumOf(share, endpoints)]));
  const total = [...minima.values()].reduce((sum, n) => sum + n, 0);
  if (total > endpoints)
    return { error: `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counts}` };
  return new Map(
    [...shares].map(([zone, share]) => {
      const minimum = minima.get(zone) ?? 0;
      return [zone, { minimum, maximum: minimum + endpoints - total, desired: Math.max(share * endpoints, minimum) }];
    }),
  );
}

/** Whether a zone has too few of the endpoints that were allocated. */
export function isOverloaded(allocated: ReadonlyMap<string, number>, shares: ReadonlyMap<string, number> | undefined): boolean {
  if (allocated.size === 0) return false;
  if (!shares) return true;
  const total = [...allocated.values()].reduce((sum, n) => sum + n, 0);
  return [...shares].some(([zone, share]) => {
    const has = allocated.get(zone);
    return has === undefined || has < minimumOf(share, total);
  });
}

/** How many endpoints each zone gives away, and how many each receives. */
export function redistribution(
  allocations: ReadonlyMap<string, Allocation>,
  allocated: ReadonlyMap<string, number>,
): { readonly giving: Map<string, number>; readonly receiving: Map<string, number> } {
  const surplus = new Map<string, number>();
  const shortage = new Map<string, number>();
  for (const [zone, { desired }] of allocations) {
    const has = allocated.get(zone) ?? 0;
    if (has > desired) surplus.set(zone, has - desired);
    else if (has < desired) shortage.set(zone, desired - has);
  }
  const giving = new Map<string, number>();
  const receiving = new Map<string, number>();
  for (;;) {
    const from = most(surplus);
    const to = most(shortage);
    if (!from || !to || (from.count < 1 && to.count < 1) || from.count < 0.5 || to.count < 0.5) return { giving, receiving };
    giving.set(from.zone, (giving.get(from.zone) ?? 0) + 1);
    surplus.set(from.zone, from.count - 1);
    receiving.set(to.zone, (receiving.get(to.zone) ?? 0) + 1);
    shortage.set(to.zone, to.count - 1);
  }
}

/** The zone with the most; of equals the first by name. */
function most(zones: ReadonlyMap<string, number>): { readonly zone: string; readonly count: number } | undefined {
  let best: { readonly zone: string; readonly count: number } | undefined;
  for (const [zone, count] of zones) if (count > (best?.count ?? 0)) best = { zone, count };
  return best;
}
