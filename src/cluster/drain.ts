/**
 * `kubectl drain --ignore-daemonsets --delete-emptydir-data --force`: every Pod of a node is evicted; what a budget holds back is tried again.
 * @see kubectl pkg/drain/drain.go
 */
import type { Pod } from "../../generated/v1.36/model.ts";
import { POD } from "../api/kinds.ts";
import { controllerOf } from "../api/object.ts";
import { goQuote } from "../lib/go-text.ts";
import { isRefused, type Refused } from "../sim/answer.ts";
import { evict } from "./apiserver/eviction.ts";
import { refusalText } from "./apiserver/kubectl-text.ts";
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
  /** The last refusal as kubectl prints one; without a refusal, what is left. */
  readonly message?: string;
  /** Each Pod that was held back, as kubectl tells it while it tries again. */
  readonly warnings?: readonly string[];
}

/** Evicts the Pods of a node and waits until they are gone. The node should be cordoned. */
export function drain(cluster: Cluster, node: string): DrainAnswer {
  const endMs = cluster.loop.now() + DRAIN_SECONDS_MAX * 1000;
  const retryAtMs = new Map<string, number>();
  const asked = new Set<string>();
  const refusals = new Map<string, Refused>();
  for (;;) {
    const left = evictable(cluster, node);
    if (left.length === 0) return { ok: true };
    for (const pod of left) {
      const id = pod.metadata.uid ?? pod.metadata.name;
      if (asked.has(id) || (retryAtMs.get(id) ?? 0) > cluster.loop.now()) continue;
      const answer = evict(cluster.server, cluster.loop, pod);
      refusals.delete(id);
      if (!isRefused(answer)) asked.add(id);
      else if (answer.code === TOO_MANY_REQUESTS) {
        refusals.set(id, answer);
        retryAtMs.set(id, cluster.loop.now() + RETRY_SECONDS * 1000);
      } else if (answer.reason !== "NotFound") return { ok: false, message: refusalText(answer), warnings: [heldBack(pod, answer)] };
    }
    if (cluster.loop.now() >= endMs) return gaveUp(left, node, refusals);
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

function gaveUp(left: readonly Pod[], node: string, refusals: ReadonlyMap<string, Refused>): DrainAnswer {
  const refused = left.flatMap((pod) => {
    const refusal = refusals.get(pod.metadata.uid ?? pod.metadata.name);
    return refusal ? [{ pod, refusal }] : [];
  });
  const last = refused.at(-1);
  const names = left.map((p) => `${p.metadata.namespace}/${p.metadata.name}`).join(", ");
  const message = last
    ? refusalText(last.refusal)
    : `error: unable to drain node "${node}" in ${DRAIN_SECONDS_MAX} s: ${left.length} pod(s) left (${names})`;
  const warnings = refused.map(({ pod, refusal }) => heldBack(pod, refusal));
  return { ok: false, message, ...(last && { warnings }) };
}

function heldBack({ metadata }: Pod, { code, message }: Refused): string {
  const again = code === TOO_MANY_REQUESTS ? ` (will retry after ${RETRY_SECONDS}s)` : "";
  return `error when evicting pods/${goQuote(metadata.name)} -n ${goQuote(metadata.namespace ?? "")}${again}: ${message}`;
}
