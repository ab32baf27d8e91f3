/**
 * Devices by ResourceClaim: a node must have devices for all claims of the Pod that have none yet, and reach those that are allocated.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources
 */
import type { Pod, ResourceV1ResourceClaim } from "../../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../../api/object.ts";
import type { Client } from "../../../sim/client.ts";
import { Allocator } from "../devices/allocator.ts";
import { type Claim, canBeReserved, claimsOfPod, isReservedFor } from "../devices/pod-claims.ts";
import { type CycleContext, type Plugin, type PreBinding, type PreFilterResult, refusal, SKIP } from "../framework.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import { matchesNodeSelector } from "../selectors.ts";

const NAME = "DynamicResources";
const CANNOT_ALLOCATE = refusal(NAME, "cannot allocate all claims", false);
const NOT_ON_NODE = refusal(NAME, "resourceclaim not available on the node", false);
const RESOURCE_CLAIM: Kind<ResourceV1ResourceClaim> = kindOf("resource.k8s.io/v1", "ResourceClaim");
const FINALIZER = "resource.kubernetes.io/delete-protection";
/** Claims are written at once: this is never waited for. @see kubernetes DynamicResourcesArgs.bindingTimeout */
const WRITE_TIMEOUT_MS = 600_000;

interface State {
  readonly claims: readonly Claim[];
  /** Those without devices. */
  readonly unallocated: readonly Claim[];
  readonly allocator: Allocator | undefined;
  /** By node: how early the alternatives are that it can give. */
  readonly preferences: Map<string, number>;
}

/** What preFilter found, for the scores of the same cycle. */
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
  filter(state, _, node) {
    const reached = state.claims.every((claim) => {
      const selector = claim.status?.allocation?.nodeSelector;
      return !selector || matchesNodeSelector(selector, node);
    });
    const allocated = state.allocator?.allocate(node);
    if (allocated && "error" in allocated) return refusal(NAME, allocated.error, false);
    if (state.allocator && !allocated) return CANNOT_ALLOCATE;
    if (!reached) return NOT_ON_NODE;
    if (allocated) state.preferences.set(node.name, allocated.preference);
    return undefined;
  },
  postFilter(prepared) {
    // Refused before its turn, the real plugin does not find its own notes and says so.
    if (!prepared.asked.has(NAME)) return { error: "not found" };
    const none = (states.get(prepared.context)?.claims.length ?? 0) === 0;
    return { message: none ? "no new claims to deallocate" : "still not schedulable", keepsNomination: true };
  },
  preScore(context, feasible) {
    const preferences = states.get(context)?.preferences;
    if (!preferences || preferences.size === 0) return true;
    const most = feasible.reduce((max, node) => Math.max(max, preferences.get(node.name) ?? 0), 0);
    const share = (n: number): number => (most === 0 ? 0 : Math.floor((100 * n) / most));
    return new Map(feasible.map((node) => [node.name, share(preferences.get(node.name) ?? 0)]));
  },
  score: (scores, _, node) => (scores === true ? 0 : (scores.get(node.name) ?? 0)),
  preBind,
  wakes(event) {
    if (event.type === "node-added") return true;
    if (event.type === "node-updated") return JSON.stringify(event.before.metadata.labels) !== JSON.stringify(event.node.metadata.labels);
    return event.type === "object" && event.object.apiVersion.startsWith("resource.k8s.io/");
  },
};

function hasClaims({ spec }: Pod): boolean {
  return (spec.resourceClaims ?? []).length > 0;
}

function preFilter(context: CycleContext): PreFilterResult<State> {
  const { pod, listers } = context;
  if (!hasClaims(pod.pod)) return SKIP;
  const claims = claimsOfPod(pod.pod, listers);
  const refused = (why: string): PreFilterResult<State> => ({ refusal: refusal(NAME, why, false) });
  if ("problem" in claims) return refused(claims.problem);
  if (claims.length === 0) return SKIP;
  for (const claim of claims) {
    if (claim.status?.allocation) {
      if (!canBeReserved(claim) && !isReservedFor(claim, pod.pod)) return refused("resourceclaim in use");
      continue;
    }
    const missing = missingClass(claim, listers);
    if (missing) return refused(missing);
  }
  const unallocated = claims.filter((claim) => !claim.status?.allocation);
  const allocator = unallocated.length > 0 ? new Allocator(unallocated, listers) : undefined;
  const state: State = { claims, unallocated, allocator, preferences: new Map() };
  states.set(context, state);
  return { state };
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

/** Writes what was allocated and for whom; then the Pod can be bound. */
function preBind(
  { claims, unallocated, allocator }: State,
  _: unknown,
  node: NodeInfo,
  { pod, listers }: CycleContext,
): PreBinding | undefined {
  const toReserve = claims.filter((claim) => !isReservedFor(claim, pod.pod));
  if (toReserve.length === 0) return undefined;
  const allocated = allocator?.allocate(node);
  const results = allocated && "results" in allocated ? allocated.results : [];
  const { name, uid = "", namespace = "default" } = pod.pod.metadata;
  return {
    timeoutMs: WRITE_TIMEOUT_MS,
    start(client: Client) {
      for (const claim of toReserve) {
        const allocation = results[unallocated.indexOf(claim)];
        const { finalizers = [] } = claim.metadata;
        if (allocation && !finalizers.includes(FINALIZER))
          client.patch(RESOURCE_CLAIM, claim.metadata.name, namespace, { metadata: { finalizers: [...finalizers, FINALIZER] } });
        const reservedFor = [...(claim.status?.reservedFor ?? []), { resource: "pods", name, uid }];
        const status = { ...(allocation ? { allocation } : {}), reservedFor };
        client.patch(RESOURCE_CLAIM, claim.metadata.name, namespace, { status }, { subresource: "status" });
      }
    },
    isDone: () =>
      claims.every((claim) => {
        const now = listers.resourceClaim(namespace, claim.metadata.name);
        return now?.status?.allocation !== undefined && isReservedFor(now, pod.pod);
      }),
  };
}
