/**
 * What a Pod asks for and is limited to, all containers taken together.
 * @see kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go (PodRequests, PodLimits)
 */
import type { Container, Pod } from "../../../generated/v1.36/model.ts";
import { type Amounts, addAmounts, amountsOf, maskAmounts, maxAmounts } from "./amounts.ts";

type Side = "requests" | "limits";

export function podRequests(pod: Pod): Amounts {
  return withPodLevel(pod, "requests", addAmounts(containerAmounts(pod, "requests"), amountsOf(pod.spec?.overhead)));
}

/** Overhead adds only to what has a limit. */
export function podLimits(pod: Pod): Amounts {
  const limits = withPodLevel(pod, "limits", containerAmounts(pod, "limits"));
  return addAmounts(limits, maskAmounts(amountsOf(pod.spec?.overhead), limits));
}

/**
 * The containers' sum, or what one init container needs beside the sidecars started before it, where that is more. A sidecar (an init
 * container that is always restarted) runs along with the containers.
 */
function containerAmounts(pod: Pod, side: Side): Amounts {
  const of = (c: Container): Amounts => amountsOf(c.resources?.[side]);
  let running: Amounts = new Map();
  for (const c of pod.spec?.containers ?? []) running = addAmounts(running, of(c));
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const c of pod.spec?.initContainers ?? []) {
    if (c.restartPolicy === "Always") {
      running = addAmounts(running, of(c));
      sidecars = addAmounts(sidecars, of(c));
      starting = maxAmounts(starting, sidecars);
    } else starting = maxAmounts(starting, addAmounts(sidecars, of(c)));
  }
  return maxAmounts(running, starting);
}

/** The Pod's own resources stand in place of its containers' sum. */
function withPodLevel(pod: Pod, side: Side, amounts: Amounts): Amounts {
  const own = amountsOf(pod.spec?.resources?.[side]);
  if (own.size === 0) return amounts;
  return new Map([...amounts, ...[...own].filter(([name]) => isPodLevelResource(name))]);
}

function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** Whether the Pod states resources of its own. */
export function hasPodLevelResources(pod: Pod): boolean {
  const own = pod.spec?.resources;
  return [own?.requests, own?.limits].some((list) => Object.keys(list ?? {}).some(isPodLevelResource));
}
