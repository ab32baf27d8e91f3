/**
 * POST pods/NAME/binding: assigns a Pod to a node.
 * @see kubernetes pkg/registry/core/pod/storage/storage.go (BindingREST)
 */
import type { Binding, Pod } from "../../../generated/v1.36/model.ts";
import { changed } from "../../lib/changed.ts";
import { goQuote } from "../../lib/go-text.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import { isRefusal, mutate, validate } from "./admit.ts";
import type { Core } from "./core.ts";
import type { Registered } from "./registry.ts";
import { conflict } from "./status.ts";

const BINDING_RESOURCE = { group: "", resource: "pods/binding" };

export function bindPod(core: Core, registered: Registered, pod: Pod, nodeName: string): Answer {
  const { name, namespace } = pod.metadata;
  const refused = (why: string): Refused => conflict(BINDING_RESOURCE, name, why);
  if (pod.metadata.deletionTimestamp !== undefined) return refused(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) return refused(`pod ${name} is already assigned to node ${goQuote(pod.spec.nodeName)}`);
  if (pod.spec.schedulingGates?.length) return refused(`pod ${name} has non-empty .spec.schedulingGates`);
  const binding: Binding = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name, namespace },
    target: { apiVersion: "v1", kind: "Node", name: nodeName },
  };
  const request = {
    operation: "CREATE",
    resource: registered.info,
    subresource: "binding",
    namespace,
    name,
    object: binding,
    dryRun: false,
  } as const;
  const admitted = mutate(request, core.admissionContext);
  if (isRefusal(admitted)) return admitted;
  const forbidden = validate(admitted === binding ? request : { ...request, object: admitted }, core.admissionContext);
  if (forbidden) return forbidden;
  core.put(registered, assigned(pod, nodeName, admitted.metadata, core.now()), pod, true);
  return { code: 201, object: admitted };
}

/**
 * Labels and annotations of the binding become the Pod's; a nomination has served its purpose.
 * @see kubernetes pkg/registry/core/pod/storage/storage.go (ClearingNominatedNodeNameAfterBinding, on from 1.35)
 */
function assigned(pod: Pod, nodeName: string, { labels, annotations }: Binding["metadata"], now: string): Pod {
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: now };
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  const others = (pod.status?.conditions ?? []).filter((c) => c.type !== "PodScheduled");
  let { metadata } = pod;
  if (labels) metadata = changed(metadata, { labels: { ...metadata.labels, ...labels } });
  if (annotations) metadata = changed(metadata, { annotations: { ...metadata.annotations, ...annotations } });
  return changed(pod, {
    metadata,
    spec: changed(pod.spec, { nodeName }),
    status: changed(status, { conditions: [...others, scheduled] }),
  });
}
