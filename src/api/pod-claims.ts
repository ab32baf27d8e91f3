/** The claims that Pods use. @see kubernetes pkg/controller/volume/common/common.go */
import type { Pod } from "../../generated/v1.36/model.ts";

/** Index of Pods by the claims that they name or would have made for them, as `namespace/name`. */
export const CLAIM_USERS = "claim";

/** The claim of an ephemeral volume. */
export function ephemeralClaimName(pod: Pod, volume: string): string {
  return `${pod.metadata.name}-${volume}`;
}

const NONE: readonly string[] = [];

/** The keys of the claims that a Pod names, or that are made for it. */
export function claimsOf(pod: Pod): readonly string[] {
  if (!pod.spec.volumes?.some((v) => v.persistentVolumeClaim ?? v.ephemeral)) return NONE;
  const names = (pod.spec.volumes ?? []).flatMap((v) => {
    if (v.persistentVolumeClaim) return [v.persistentVolumeClaim.claimName];
    return v.ephemeral ? [ephemeralClaimName(pod, v.name)] : [];
  });
  return [...new Set(names)].map((name) => `${pod.metadata.namespace}/${name}`);
}
