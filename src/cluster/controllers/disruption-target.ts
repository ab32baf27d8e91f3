/** Deleting a Pod that something outside disrupts: a condition tells what, so that a Job can tell it from a failure of its own. */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import type { DeleteOptions } from "../../sim/client.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { withCondition } from "./conditions.ts";

/** `status`: what else the Pod's status should say, such as the phase of a Pod that nobody will report on any more. */
export function deleteDisrupted(
  { client, loop }: ComponentContext,
  pod: Pod,
  reason: string,
  message: string,
  status: Partial<Pod["status"]> = {},
  options: DeleteOptions = {},
): Answer {
  const condition = { type: "DisruptionTarget", status: "True", reason, message, lastTransitionTime: loop.timestamp() };
  const conditions = withCondition(pod.status?.conditions ?? [], condition);
  const marked = client.updateStatus<Pod>({ ...pod, status: { ...pod.status, ...status, conditions } });
  if (isRefused(marked)) return marked;
  return client.delete(POD, pod.metadata.name, pod.metadata.namespace, options);
}
