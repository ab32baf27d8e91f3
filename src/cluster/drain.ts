/**
 * `kubectl drain --ignore-daemonsets --delete-emptydir-data --force`: every Pod of a node is evicted; what a budget holds back is tried again.
 * @see kubectl pkg/drain/drain.go
 */
import type { Pod } from "../../generated/v1.36/model.ts";
import { POD } from "../api/kinds.ts";
import { controllerOf } from "../api/object.ts";
import { isRefused, type Refused } from "../sim/answer.ts";
import { evict } from "./apiserver/eviction.ts";
import type { Cluster } from "./cluster.ts";

/** A drain that a budget holds back gives up after so many virtual seconds; kubectl itself waits for ever unless told otherwise. */
const DRAIN_SECONDS_MAX = 8;
/** A refused eviction is tried again after so many virtual seconds (kubectl: 5). */
const RETRY_SECONDS = 5;
const POLL_SECONDS = 1;
/** Only what a budget holds back is tried again. */
const TOO_MANY_REQUESTS = 429;

export interface DrainAnswer {
  readonly ok: boolean;
  readonly message?: string;
}

/** Evicts the Pods of a node and waits until they are gone. The node should be cordoned. */
export function drain(cluster: Cluster, node: string): DrainAnswer {
  const endMs = cluster.loop.now() + DRAIN_SECONDS_MAX * 1000;
  const retryAtMs = new Map<string, number>();
  const asked = new Set<string>();
  let refusal: Refused | undefined;
  for (;;) {
    const left = evictable(cluster, node);
    if (left.length === 0) return { ok: true };
    for (const pod of left) {
      const id = pod.metadata.uid ?? pod.metadata.name;
      if (asked.has(id) || (retryAtMs.get(id) ?? 0) > cluster.loop.now()) continue;
      const answer = evict(cluster.server, cluster.loop, pod);
      if (!isRefused(answer)) asked.add(id);
      else if (answer.code !== TOO_MANY_REQUESTS && answer.reason !== "NotFound") return { ok: false, message: gaveUp(left, node, answer) };
      else {
        refusal = answer;
        retryAtMs.set(id, cluster.loop.now() + RETRY_SECONDS * 1000);
      }
    }
    if (cluster.loop.now() >= endMs) return { ok: false, message: gaveUp(left, node, refusal) };
    cluster.advance(POLL_SECONDS);
  }
}

/** What a drain moves: not the Pods of a DaemonSet (they would come back) nor those of the node itself. */
function evictable(cluster: Cluster, node: string): readonly Pod[] {
  return cluster.server
    .list(POD)
    .filter(
      (p) =>
        p.spec.nodeName === node &&
        controllerOf(p)?.kind !== "DaemonSet" &&
        p.metadata.annotations?.["kubernetes.io/config.mirror"] === undefined,
    );
}

function gaveUp(left: readonly Pod[], node: string, refusal: Refused | undefined): string {
  const pods = left.map((p) => `${p.metadata.namespace}/${p.metadata.name}`).join(", ");
  return `error: unable to drain node "${node}" in ${DRAIN_SECONDS_MAX} s: ${left.length} pod(s) left (${pods})${refusal ? `: ${refusal.message}` : ""}`;
}
