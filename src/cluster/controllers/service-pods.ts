/** Which Services take which Pods, for the two controllers that publish endpoints. */
import type { Pod, Service } from "../../../generated/v1.36/model.ts";
import { POD, SERVICE } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesLabels } from "../../lib/labels.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { endpointChanged } from "./endpoints-of-pods.ts";

const INDEX = "selector-term";
/** Services that select, by namespace. */
const SELECTING = "selecting";

/** One `key=value` of the selector: only Pods with that label can be taken, so the Pods of a Service are found without looking at all. */
function selectorTerm(service: Service): string | undefined {
  const [first] = Object.entries(service.spec?.selector ?? {});
  return first && `${service.metadata.namespace}/${first[0]}=${first[1]}`;
}

/** The Pods of a Service; `undefined` when it has no selector (or an external name): its endpoints are somebody else's. */
export function podsOf(context: ComponentContext, service: Service): readonly Pod[] | undefined {
  const term = selectorTerm(service);
  if (term === undefined || service.spec?.type === "ExternalName") return undefined;
  const pods = context.informers.for(POD);
  // Made when there is a Service that selects: many clusters have none, and all Pods have labels.
  pods.addIndex(INDEX, (p) => Object.entries(p.metadata.labels ?? {}).map(([k, v]) => `${p.metadata.namespace}/${k}=${v}`));
  return pods.by(INDEX, term).filter((pod) => matchesLabels(service.spec?.selector, pod.metadata.labels));
}

/** Calls `wake` with the key of each Service whose endpoints may have changed. */
export function onServicePods(context: ComponentContext, wake: (key: string) => void): void {
  const services = context.informers.for(SERVICE);
  const pods = context.informers.for(POD);
  services.addIndex(INDEX, (s) => [selectorTerm(s) ?? ""]);
  services.addIndex(SELECTING, (s) => (selectorTerm(s) === undefined ? [] : [s.metadata.namespace ?? ""]));
  services.on((_type, service) => wake(keyOf(service)));
  const wakeFor = (pod: Pod): void => {
    for (const [key, value] of Object.entries(pod.metadata.labels ?? {}))
      for (const service of services.by(INDEX, `${pod.metadata.namespace}/${key}=${value}`))
        if (matchesLabels(service.spec?.selector, pod.metadata.labels)) wake(keyOf(service));
  };
  pods.on((type, pod, before) => {
    if (services.by(SELECTING, pod.metadata.namespace ?? "").length === 0) return;
    if (type === "MODIFIED" && before && !endpointChanged(before, pod)) return;
    if (before && !deepEqual(before.metadata.labels, pod.metadata.labels)) wakeFor(before);
    wakeFor(pod);
  });
}
