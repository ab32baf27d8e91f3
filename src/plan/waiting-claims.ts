/** The volume claims that Pending Pods wait for: which, and what keeps them. */
import type { PersistentVolumeClaim, Pod, StorageClass } from "../../generated/v1.36/model.ts";
import { claimsOf } from "../api/pod-claims.ts";
import type { WaitingClaim } from "./schema.ts";
import { compareText, identityOf, type View } from "./view.ts";

/** Claims of one group of Pods at most. */
const CLAIMS_MAX = 5;

/** Before there was a field for it. @see kubernetes pkg/apis/core/v1/helper/helpers.go (GetPersistentVolumeClaimClass) */
const CLASS_BEFORE = "volume.beta.kubernetes.io/storage-class";
const ASSUMED = "seatrial.dev/provisioner";

/** Whether the scheduler's text is about claims. */
export function waitsForClaims(message: string): boolean {
  return /persistentvolumeclaim/i.test(message);
}

export function waitingClaims(view: View, pods: readonly Pod[], message: string): readonly WaitingClaim[] {
  if (!waitsForClaims(message)) return [];
  const claims = new Map<string, WaitingClaim>();
  for (const pod of pods) {
    for (const key of claimsOf(pod)) {
      const name = key.slice(key.indexOf("/") + 1);
      const claim = waitingClaim(view, pod.metadata.namespace ?? "", name);
      if (claim) claims.set(name, claim);
    }
    if (claims.size >= CLAIMS_MAX) break;
  }
  return [...claims.keys()]
    .sort(compareText)
    .slice(0, CLAIMS_MAX)
    .map((name) => claims.get(name)!);
}

/** Nothing for a claim that is bound. */
function waitingClaim(view: View, namespace: string, name: string): WaitingClaim | undefined {
  const identity = identityOf({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace } });
  const claim = view.byIdentity.get(identity) as PersistentVolumeClaim | undefined;
  if (!claim) return { name, exists: false, storageClass: null, provisioner: null, message: "" };
  if (claim.status?.phase === "Bound") return undefined;
  const storageClass = claim.spec?.storageClassName ?? claim.metadata.annotations?.[CLASS_BEFORE] ?? null;
  return { name, exists: true, storageClass, provisioner: provisionerNotHere(view, storageClass), message: lastWords(view, claim) };
}

/** A provisioner that is another's program and not assumed to run. */
function provisionerNotHere(view: View, storageClass: string | null): string | null {
  if (storageClass === null) return null;
  const found = (view.byKind.get("storage.k8s.io/StorageClass") ?? []).find((c) => c.metadata.name === storageClass) as
    | StorageClass
    | undefined;
  if (!found || found.provisioner === "kubernetes.io/no-provisioner" || found.metadata.annotations?.[ASSUMED] === "assumed") return null;
  return found.provisioner;
}

/** What was last reported of a claim; empty when nothing was. */
export function lastWords(view: View, claim: PersistentVolumeClaim): string {
  const events = view.eventsByObject.get(`PersistentVolumeClaim ${claim.metadata.namespace ?? ""}/${claim.metadata.name}`) ?? [];
  return (
    events.reduce<(typeof events)[number] | undefined>((last, e) => (!last || e.lastAtMs >= last.lastAtMs ? e : last), undefined)
      ?.message ?? ""
  );
}
