/** The ResourceClaims of a Pod. @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/claim.go */
import type { Pod, ResourceV1ResourceClaim } from "../../../../generated/v1.36/model.ts";
import { controllerOf } from "../../../api/object.ts";
import type { Listers } from "../listers.ts";

export type Claim = ResourceV1ResourceClaim;

/** They are allocated to so many Pods at most. @see kubernetes pkg/apis/resource/types.go (ResourceClaimReservedForMaxSize) */
const RESERVED_FOR_MAX = 256;

/** All claims that the Pod needs, or why one of them is not there. */
export function claimsOfPod(pod: Pod, listers: Listers): readonly Claim[] | { readonly problem: string } {
  const { name: podName, namespace = "default" } = pod.metadata;
  const claims: Claim[] = [];
  for (const use of pod.spec.resourceClaims ?? []) {
    const made = use.resourceClaimTemplateName !== undefined;
    const status = pod.status?.resourceClaimStatuses?.find((s) => s.name === use.name);
    if (made && !status) return { problem: `pod "${namespace}/${podName}": ResourceClaim not created yet` };
    const name = made ? status?.resourceClaimName : use.resourceClaimName;
    // A template may come to no claim at all.
    if (name === undefined) continue;
    const claim = listers.resourceClaim(namespace, name);
    if (!claim) return { problem: `resourceclaim.resource.k8s.io ${JSON.stringify(name)} not found` };
    if (claim.metadata.deletionTimestamp !== undefined) return { problem: `resourceclaim ${JSON.stringify(name)} is being deleted` };
    if (made && controllerOf(claim)?.uid !== pod.metadata.uid)
      return { problem: `ResourceClaim ${namespace}/${name} was not created for Pod ${namespace}/${podName} (Pod is not owner)` };
    claims.push(claim);
  }
  return claims;
}

export function isReservedFor(claim: Claim, pod: Pod): boolean {
  return (claim.status?.reservedFor ?? []).some((r) => r.uid === pod.metadata.uid);
}

export function canBeReserved(claim: Claim): boolean {
  return (claim.status?.reservedFor ?? []).length < RESERVED_FOR_MAX;
}
