/**
 * What is written about claims before a Pod is bound, and taken back.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (PreBind, bindClaim, Unreserve, PostFilter)
 */
import type { AllocationResult, ResourceV1ResourceClaim } from "../../../../generated/v1.36/model.ts";
import { POD } from "../../../api/kinds.ts";
import { type Kind, kindOf } from "../../../api/object.ts";
import { isRefused } from "../../../sim/answer.ts";
import type { Client } from "../../../sim/client.ts";
import type { CycleContext, PreBinding } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Allocation } from "./allocator.ts";
import { BINDING_TIMEOUT_MS, hasBindingConditions, isReadyForBinding } from "./binding-conditions.ts";
import { type DeviceRequests, newExtendedClaim } from "./extended-resources.ts";
import { type Claim, isReservedFor } from "./pod-claims.ts";

const RESOURCE_CLAIM: Kind<ResourceV1ResourceClaim> = kindOf("resource.k8s.io/v1", "ResourceClaim");
const FINALIZER = "resource.kubernetes.io/delete-protection";

/**
 * Writes what was allocated and for whom; the Pod can be bound when that is done and all devices are ready.
 * `unallocated`: those of the claims to which the results belong, in order; after them comes that of `needed`.
 */
export function claimBinding(
  claims: readonly Claim[],
  unallocated: readonly Claim[],
  needed: DeviceRequests | undefined,
  allocation: Allocation | "none" | undefined,
  node: NodeInfo,
  { pod: info, listers }: CycleContext,
): PreBinding | undefined {
  const { pod } = info;
  const { name, namespace = "default" } = pod.metadata;
  const results = typeof allocation === "object" && "results" in allocation ? allocation.results : [];
  const all = [...results, ...claims.flatMap((claim) => claim.status?.allocation ?? [])];
  const waits = all.some(({ devices }) => hasBindingConditions(devices?.results ?? []));
  const toReserve = claims.filter((claim) => !isReservedFor(claim, pod));
  const extended = needed && needed.requests.length > 0 ? needed : undefined;
  if (toReserve.length === 0 && !extended && !waits) return undefined;
  let made: Claim | undefined;
  const current = (): readonly (Claim | undefined)[] =>
    [...claims, ...(made ? [made] : [])].map((claim) => listers.resourceClaim(namespace, claim.metadata.name));
  return {
    name: "DynamicResources",
    timeoutMs: BINDING_TIMEOUT_MS,
    timeoutMessage: "device binding timeout: context deadline exceeded",
    event: waits
      ? { reason: "BindingConditionsPending", message: `waiting for binding conditions for device on node ${node.name}` }
      : undefined,
    start(client, now) {
      for (const claim of toReserve) bindClaim(client, claim, results[unallocated.indexOf(claim)], pod.metadata, now);
      if (!extended) return;
      const answer = client.create<Claim>(newExtendedClaim(info, extended.requests));
      if (isRefused(answer) || !answer.object) return;
      made = answer.object;
      bindClaim(client, made, results[unallocated.length], pod.metadata, now);
      const extendedResourceClaimStatus = { requestMappings: extended.mappings, resourceClaimName: made.metadata.name };
      client.patch(POD, name, namespace, { status: { extendedResourceClaimStatus } }, { subresource: "status" });
    },
    isDone: () =>
      (!extended || made !== undefined) &&
      current().every((claim) => claim && isReservedFor(claim, pod) && isReadyForBinding(claim) === true),
    failure() {
      for (const claim of current()) {
        const ready = claim ? isReadyForBinding(claim) : true;
        if (typeof ready === "object") return ready.failed;
      }
      return undefined;
    },
    undo(client) {
      for (const claim of current()) if (claim && claim.metadata.name !== made?.metadata.name) giveUp(client, claim, pod.metadata.uid);
      if (made) deleteClaim(client, made);
    },
  };
}

function bindClaim(
  client: Client,
  { metadata, status }: Claim,
  allocation: AllocationResult | undefined,
  pod: { readonly name: string; readonly uid?: string | undefined },
  now: string,
): void {
  const { name, namespace, finalizers = [] } = metadata;
  if (allocation && !finalizers.includes(FINALIZER))
    client.patch(RESOURCE_CLAIM, name, namespace, { metadata: { finalizers: [...finalizers, FINALIZER] } });
  const reservedFor = [...(status?.reservedFor ?? []), { resource: "pods", name: pod.name, uid: pod.uid ?? "" }];
  const written = allocation ?? status?.allocation;
  const stamped = written && !written.allocationTimestamp ? { allocation: { ...written, allocationTimestamp: now } } : {};
  client.patch(RESOURCE_CLAIM, name, namespace, { status: { ...stamped, reservedFor } }, { subresource: "status" });
}

function giveUp(client: Client, { metadata, status }: Claim, podUid: string | undefined): void {
  const reservedFor = (status?.reservedFor ?? []).filter((r) => r.uid !== podUid);
  const left = reservedFor.length > 0 ? reservedFor : null;
  client.patch(RESOURCE_CLAIM, metadata.name, metadata.namespace, { status: { reservedFor: left } }, { subresource: "status" });
}

/** The claim's devices are free again. */
export function deallocate(client: Client, { metadata }: Claim): void {
  const status = { allocation: null, reservedFor: null, devices: null };
  client.patch(RESOURCE_CLAIM, metadata.name, metadata.namespace, { status }, { subresource: "status" });
}

/** At once, whatever protects it. */
export function deleteClaim(client: Client, { metadata }: Claim): void {
  const { name, namespace } = metadata;
  const finalizers = client.get(RESOURCE_CLAIM, name, namespace)?.metadata.finalizers?.filter((f) => f !== FINALIZER) ?? [];
  client.patch(RESOURCE_CLAIM, name, namespace, { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } });
  client.delete(RESOURCE_CLAIM, name, namespace);
}
