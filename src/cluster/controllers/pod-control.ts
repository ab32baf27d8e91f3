/**
 * Creating and deleting the Pods of a workload, with the events that tell of it.
 * @see kubernetes pkg/controller/controller_utils.go (RealPodControl)
 */
import type { Pod, PodTemplateSpec } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { controllerRef, type KubeObject, type Unchecked } from "../../api/object.ts";
import { isRefused, type Refused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { refusedByTerminatingNamespace } from "./controller.ts";

/** A Pod of `template` that `owner` manages, named by the server. */
export function podFromTemplate(template: PodTemplateSpec, owner: KubeObject): Unchecked {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const metadata: Record<string, unknown> = { namespace: owner.metadata.namespace, generateName: `${owner.metadata.name}-` };
  if (labels) metadata["labels"] = labels;
  if (annotations) metadata["annotations"] = annotations;
  if (finalizers) metadata["finalizers"] = finalizers;
  metadata["ownerReferences"] = [controllerRef(owner)];
  return { apiVersion: "v1", kind: "Pod", metadata, spec: template.spec };
}

/** Creates the Pod. A refusal is reported as an event and returned, unless the namespace is going away: then nothing can be done. */
export function createPod(context: ComponentContext, from: string, owner: KubeObject, pod: Unchecked): Refused | undefined {
  const answer = context.client.create<Pod>(pod, { namespace: owner.metadata.namespace ?? "" });
  if (!isRefused(answer)) {
    context.recorder.report(from, owner, "Normal", "SuccessfulCreate", `Created pod: ${answer.object.metadata.name}`);
    return undefined;
  }
  if (refusedByTerminatingNamespace(answer)) return undefined;
  context.recorder.report(from, owner, "Warning", "FailedCreate", `Error creating: ${answer.message}`);
  return answer;
}

/** Deletes the Pod; one that is gone already is no failure. */
export function deletePod(context: ComponentContext, from: string, owner: KubeObject, pod: Pod): Refused | undefined {
  const answer = context.client.delete(POD, pod.metadata.name, pod.metadata.namespace);
  if (!isRefused(answer)) {
    context.recorder.report(from, owner, "Normal", "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
    return undefined;
  }
  if (answer.reason === "NotFound") return undefined;
  context.recorder.report(from, owner, "Warning", "FailedDelete", `Error deleting: ${answer.message}`);
  return answer;
}
