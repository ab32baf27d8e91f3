/**
 * Node heartbeats, as kubelets give and the node lifecycle controller reads them: a Lease per node in kube-node-lease.
 *
 * A real kubelet writes its Lease every 10 seconds, which for 5,000 nodes and 30 days would be 1.3 billion writes that tell nothing.
 * Simplified: the Lease is written when renewing begins and when it ends. While it goes on, an annotation says so, and the time of the last
 * renewal is arithmetic: `renewTime` plus whole intervals. A Lease without the annotation was last renewed at its `renewTime`.
 */
import type { Lease } from "../../generated/v1.36/model.ts";
import type { Loop } from "./loop.ts";

export const NODE_LEASE_NAMESPACE = "kube-node-lease";
/** A quarter of the Lease's 40 seconds. @see kubernetes pkg/kubelet/kubelet.go nodeLeaseRenewIntervalFraction */
const RENEW_INTERVAL_MS = 10_000;
export const LEASE_DURATION_SECONDS = 40;
/** On a Lease: it is renewed every 10 seconds from `renewTime` on, without being written. */
export const RENEWING_ANNOTATION = "seatrial.dev/renewing";

/** When the holder of the Lease last gave a sign of life, in virtual milliseconds; `undefined` when it never did. */
export function lastRenewedMs(lease: Lease, loop: Loop): number | undefined {
  if (lease.spec.renewTime === undefined) return undefined;
  const renewedMs = loop.instantOf(lease.spec.renewTime);
  if (!isRenewing(lease)) return renewedMs;
  return renewedMs + Math.max(0, Math.floor((loop.now() - renewedMs) / RENEW_INTERVAL_MS)) * RENEW_INTERVAL_MS;
}

/** Whether the Lease goes on being renewed. */
export function isRenewing(lease: Lease): boolean {
  return lease.metadata.annotations?.[RENEWING_ANNOTATION] === "true";
}
