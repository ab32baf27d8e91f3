/**
 * Devices by ResourceClaim: a node must have devices for all claims of the Pod that have none yet, and reach those that are allocated.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources
 */
import type { Node, Pod } from "../../../../generated/v1.36/model.ts";
import type { Client } from "../../../sim/client.ts";
import { type Allocation, Allocator } from "../devices/allocator.ts";
import { isUnusable } from "../devices/binding-conditions.ts";
import { claimBinding, deallocate, deleteClaim } from "../devices/claim-binding.ts";
import { ALTERNATIVES_MAX } from "../devices/device-requests.ts";
import {
  type DeviceRequests,
  extendedClaimOf,
  hasBackedResources,
  neededFromDevices,
  newExtendedClaim,
} from "../devices/extended-resources.ts";
import { type Claim, canBeReserved, claimsOfPod, isReservedFor } from "../devices/pod-claims.ts";
import {
  type CycleContext,
  type Plugin,
  type PostFilterResult,
  type PreFilterResult,
  type Prepared,
  type Refusal,
  refusal,
  SKIP,
} from "../framework.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import { matchesNodeSelector } from "../selectors.ts";

const NAME = "DynamicResources";
const CANNOT_ALLOCATE = refusal(NAME, "cannot allocate all claims", false);
const NOT_ON_NODE = refusal(NAME, "resourceclaim not available on the node", false);
const CANNOT_FIT = refusal(NAME, "cannot fit resource", false);
const STALE_CLAIM = refusal(NAME, "cannot schedule extended resource claim", false);

interface State {
  /** Those that the Pod names. */
  readonly claims: readonly Claim[];
  /** Those without devices. */
  readonly unallocated: readonly Claim[];
  /** Whether devices may stand behind extended resources that the Pod asks for. */
  readonly extended: boolean;
  /** The claim for those that an earlier try left behind. */
  readonly stale: Claim | undefined;
  readonly allocator: Allocator | undefined;
  /** By node: how early the alternatives are that it can give. */
  readonly preferences: Map<string, number>;
  /** Claims whose devices some node cannot reach, or that are of no use any more. */
  readonly unavailable: Set<Claim>;
}

/** What preFilter found, for the later steps of the same cycle. */
const states = new WeakMap<CycleContext, State>();

/** By node; true: the Pod has no claims. */
type Scores = ReadonlyMap<string, number> | true;

export const dynamicResources: Plugin<State, Scores> = {
  name: NAME,
  // Pods with claims share nothing: no two are alike.
  local: true,
  preEnqueue({ pod }, listers) {
    const claims = hasClaims(pod) ? claimsOfPod(pod, listers) : [];
    return "problem" in claims ? refusal(NAME, claims.problem, false) : undefined;
  },
  preFilter,
  filter,
  postFilter,
  preScore(context, feasible) {
    const preferences = states.get(context)?.preferences;
    if (!preferences || preferences.size === 0) return true;
    const most = feasible.reduce((max, node) => Math.max(max, preferences.get(node.name) ?? 0), 0);
    const share = (n: number): number => (most === 0 ? 0 : Math.floor((100 * n) / most));
    return new Map(feasible.map((node) => [node.name, share(preferences.get(node.name) ?? 0)]));
  },
  score: (scores, _, node) => (scores === true ? 0 : (scores.get(node.name) ?? 0)),
  preBind(state, _, node, context) {
    const needed = state.extended ? neededFromDevices(context.pod, node, context.listers) : undefined;
    return claimBinding(state.claims, state.unallocated, needed, allocationOn(state, node, needed, context), node, context);
  },
  wakes(event, pod, { listers }) {
    if (event.type === "node-added") return true;
    if (event.type === "node-updated") return whatCounts(event.before) !== whatCounts(event.node);
    // Simplified: a claim that goes is taken to give its devices back; the real one does so before it goes.
    if (event.type === "object-removed") return event.object.kind === "ResourceClaim";
    if (event.type !== "object") return false;
    if (event.object.kind === "ResourceClaim") return claimHelps(event.object as Claim, event.before as Claim | undefined, pod, listers);
    return event.object.kind === "DeviceClass" || event.object.kind === "ResourceSlice";
  },
};

const whatCounts = ({ metadata, status }: Node): string => JSON.stringify([metadata.labels, status?.allocatable]);

/** A claim gives its devices back, or one of the Pod's own came or changed. */
function claimHelps(claim: Claim, before: Claim | undefined, { pod }: PodInfo, listers: Listers): boolean {
  const own = claimsOfPod(pod, listers);
  if ("problem" in own) return false;
  if (before?.status?.allocation && !claim.status?.allocation) return true;
  if (!own.some(({ metadata }) => metadata.uid === claim.metadata.uid)) return false;
  return !before || JSON.stringify(before.status) !== JSON.stringify(claim.status);
}

function hasClaims({ spec }: Pod): boolean {
  return (spec.resourceClaims ?? []).length > 0;
}

function preFilter(context: CycleContext): PreFilterResult<State> {
  const { pod, listers } = context;
  const extended = hasBackedResources(pod, listers);
  if (!extended && !hasClaims(pod.pod)) return SKIP;
  const claims = claimsOfPod(pod.pod, listers);
  const refused = (why: string): PreFilterResult<State> => ({ refusal: refusal(NAME, why, false) });
  if ("problem" in claims) return refused(claims.problem);
  if (claims.length === 0 && !extended) return SKIP;
  for (const claim of claims) {
    if (claim.status?.allocation) {
      if (!canBeReserved(claim) && !isReservedFor(claim, pod.pod)) return refused("resourceclaim in use");
      continue;
    }
    const missing = missingClass(claim, listers);
    if (missing) return refused(missing);
  }
  const unallocated = claims.filter((claim) => !claim.status?.allocation);
  const allocator = extended || unallocated.length > 0 ? new Allocator(listers) : undefined;
  const stale = extended ? extendedClaimOf(pod, listers) : undefined;
  const state: State = { claims, unallocated, extended, stale, allocator, preferences: new Map(), unavailable: new Set() };
  states.set(context, state);
  return { state, unshared: true };
}

function missingClass(claim: Claim, listers: Listers): string | undefined {
  for (const { name, exactly, firstAvailable = [] } of claim.spec.devices?.requests ?? []) {
    const asked = exactly
      ? [[name, exactly.deviceClassName] as const]
      : firstAvailable.map((s) => [`${name}/${s.name}`, s.deviceClassName] as const);
    for (const [request, className] of asked)
      if (!listers.deviceClass(className)) return `request ${request}: device class ${className} does not exist`;
  }
  return undefined;
}

function filter(state: State, _: unknown, node: NodeInfo, context: CycleContext): Refusal | undefined {
  const { pod, listers, now } = context;
  if (state.stale) return STALE_CLAIM;
  const needed = state.extended ? neededFromDevices(pod, node, listers) : undefined;
  if (state.extended && !needed) return CANNOT_FIT;
  const unavailable = state.claims.filter((claim) => {
    const selector = claim.status?.allocation?.nodeSelector;
    return (selector && !matchesNodeSelector(selector, node)) || (claim.status?.allocation && isUnusable(claim, now));
  });
  const allocation = allocationOn(state, node, needed, context);
  if (allocation === "none") return CANNOT_ALLOCATE;
  if (allocation && "error" in allocation) return { ...refusal(NAME, allocation.error, false), error: allocation.error };
  if (allocation && "reason" in allocation) return refusal(NAME, allocation.reason, false);
  for (const claim of unavailable) state.unavailable.add(claim);
  if (unavailable.length > 0) return NOT_ON_NODE;
  if (allocation) state.preferences.set(node.name, allocation.preference + preferenceOf(state.claims));
  return undefined;
}

/** `undefined`: nothing is to be allocated; `none`: the node has not what is needed. */
function allocationOn(
  { allocator, unallocated }: State,
  node: NodeInfo,
  needed: DeviceRequests | undefined,
  { pod }: CycleContext,
): Allocation | "none" | undefined {
  const claims = needed && needed.requests.length > 0 ? [...unallocated, newExtendedClaim(pod, needed.requests)] : unallocated;
  return allocator && claims.length > 0 ? (allocator.allocate(claims, node) ?? "none") : undefined;
}

/** How early the alternatives are that claims got before. */
function preferenceOf(claims: readonly Claim[]): number {
  let preference = 0;
  for (const { spec, status } of claims) {
    const got = new Set((status?.allocation?.devices?.results ?? []).map((r) => r.request));
    for (const { name, firstAvailable = [] } of spec.devices?.requests ?? [])
      firstAvailable.forEach((sub, rank) => {
        if (got.has(`${name}/${sub.name}`)) preference += ALTERNATIVES_MAX - rank;
      });
  }
  return preference;
}

/** Claims that only this Pod may use give their devices back, so that it may get others; one at a time. */
function postFilter({ asked, context }: Prepared): PostFilterResult {
  // Refused before its turn, the real plugin does not find its own notes and says so.
  if (!asked.has(NAME)) return { error: "not found" };
  const state = states.get(context);
  if (!state) return { message: "no new claims to deallocate", keepsNomination: true };
  const { pod } = context.pod;
  const act = (message: string, write: (client: Client) => void): PostFilterResult => ({ message, keepsNomination: true, act: write });
  for (const claim of state.claims) {
    const reserved = claim.status?.reservedFor ?? [];
    if (!state.unavailable.has(claim) || reserved.length > 1 || reserved.some((r) => r.uid !== pod.metadata.uid)) continue;
    return act("deallocation of ResourceClaim completed", (client) => deallocate(client, claim));
  }
  const { stale } = state;
  if (stale) return act("deletion of ResourceClaim completed", (client) => deleteClaim(client, stale));
  return { message: "still not schedulable", keepsNomination: true };
}
