/**
 * How endpoints are spread over EndpointSlices: as few changes as possible, not as few slices as possible.
 * @see kubernetes staging/src/k8s.io/endpointslice/reconciler.go (reconcileByPortMapping)
 */
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice } from "../../../generated/v1.36/model.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { withoutHints } from "./topology-hints.ts";

/** Endpoints in one slice at most. */
export const ENDPOINTS_PER_SLICE_MAX = 100;

export interface PackedSlices {
  readonly create: readonly (readonly Endpoint[])[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly endpoints: readonly Endpoint[] }[];
  readonly remove: readonly EndpointSlice[];
}

/** Slices of equal ports belong together. */
export function portsKey(ports: readonly DiscoveryV1EndpointPort[] | undefined): string {
  return canonicalJson((ports ?? []).map(canonicalJson).sort());
}

function bare({ endpoints = [] }: EndpointSlice): readonly Endpoint[] {
  return endpoints.some((e) => e.hints) ? endpoints.map(withoutHints) : endpoints;
}

/** What makes an endpoint the same one: its addresses and what it stands for. */
function identity(e: Endpoint): string {
  return `${e.addresses.join()} ${e.targetRef?.uid ?? ""} ${e.targetRef?.name ?? ""}`;
}

/**
 * Endpoints stay in the slice that has them. New ones first fill slices that change anyway; what is left fills whole slices, then the fullest slice
 * that has room for the rest of it; slices that become empty go.
 */
export function packSlices(existing: readonly EndpointSlice[], wanted: readonly Endpoint[]): PackedSlices {
  const missing = new Map(wanted.map((e) => [identity(e), e]));
  const changed = new Map<EndpointSlice, readonly Endpoint[]>();
  const kept: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  for (const slice of existing) {
    const endpoints = (slice.endpoints ?? []).flatMap((e) => {
      const now = missing.get(identity(e));
      if (now) missing.delete(identity(e));
      return now ? [now] : [];
    });
    if (endpoints.length === 0) remove.push(slice);
    else if (deepEqual(endpoints, bare(slice))) kept.push(slice);
    else changed.set(slice, endpoints);
  }
  let rest = [...missing.values()];
  const fill = (slice: EndpointSlice, endpoints: readonly Endpoint[]): void => {
    const room = ENDPOINTS_PER_SLICE_MAX - endpoints.length;
    changed.set(slice, [...endpoints, ...rest.slice(0, room)]);
    rest = rest.slice(room);
  };
  const fullestFirst = [...changed].sort((a, b) => b[1].length - a[1].length);
  for (const [slice, endpoints] of fullestFirst) if (rest.length > 0 && endpoints.length < ENDPOINTS_PER_SLICE_MAX) fill(slice, endpoints);
  const create: (readonly Endpoint[])[] = [];
  while (rest.length > 0) {
    const roomy = rest.length < ENDPOINTS_PER_SLICE_MAX ? fullestWithRoom(kept, rest.length) : undefined;
    if (roomy) {
      kept.splice(kept.indexOf(roomy), 1);
      fill(roomy, roomy.endpoints ?? []);
    } else {
      create.push(rest.slice(0, ENDPOINTS_PER_SLICE_MAX));
      rest = rest.slice(ENDPOINTS_PER_SLICE_MAX);
    }
  }
  return { create, update: [...changed].map(([slice, endpoints]) => ({ slice, endpoints })), remove };
}

function fullestWithRoom(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  const size = (s: EndpointSlice): number => s.endpoints?.length ?? 0;
  let best: EndpointSlice | undefined;
  for (const s of slices) if (size(s) + count <= ENDPOINTS_PER_SLICE_MAX && (!best || size(s) > size(best))) best = s;
  return best;
}
