/** Makes room: victims are marked and deleted, lesser Pods nominated to the node lose their promise. @see kubernetes pkg/scheduler/framework/preemption */
import { POD } from "../../api/kinds.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Candidate } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Nominator } from "./nominator.ts";
import type { PodInfo } from "./pod-info.ts";
import { withCondition } from "./pod-status.ts";

/** `cancel`: takes back the binding of a Pod that waits for it; false: the Pod is bound. */
export function evict(
  context: ComponentContext,
  preemptor: PodInfo,
  { node, victims }: Candidate,
  nominator: Nominator,
  cancel: (podKey: string) => boolean,
): void {
  const { client, recorder, loop } = context;
  const { uid = "" } = preemptor.pod.metadata;
  const scheduler = preemptor.pod.spec.schedulerName ?? "default-scheduler";
  dropNominations(context, preemptor, node, nominator);
  for (const { key, pod, terminating } of victims) {
    const { name, namespace } = pod.metadata;
    const stored = client.get(POD, name, namespace);
    // Who is on the way out needs no telling.
    if (!stored || terminating) continue;
    const message = `Preempted by pod ${uid} on node ${node.name}`;
    if (cancel(key)) {
      recorder.report(scheduler, pod, "Normal", "Preempted", `${message} (in kube-scheduler memory).`);
      continue;
    }
    const conditions = withCondition(
      stored.status?.conditions ?? [],
      {
        type: "DisruptionTarget",
        status: "True",
        reason: "PreemptionByScheduler",
        message: `${scheduler}: preempting to accommodate a higher priority pod`,
        ...(stored.metadata.generation === undefined ? {} : { observedGeneration: stored.metadata.generation }),
      },
      loop.timestamp(),
    );
    if (conditions) client.patch(POD, name, namespace, { status: { conditions } }, { subresource: "status" });
    client.delete(POD, name, namespace);
    recorder.report(scheduler, pod, "Normal", "Preempted", message);
  }
}

/** Lesser Pods to which the node was promised may not fit any more. */
function dropNominations({ client }: ComponentContext, preemptor: PodInfo, node: NodeInfo, nominator: Nominator): void {
  for (const other of nominator.on(node.name)) {
    if (other.priority >= preemptor.priority || other.key === preemptor.key) continue;
    nominator.delete(other.key);
    const { name, namespace } = other.pod.metadata;
    if (client.get(POD, name, namespace)?.status?.nominatedNodeName)
      client.patch(POD, name, namespace, { status: { nominatedNodeName: null } }, { subresource: "status" });
  }
}
