/** Makes room: victims are marked and deleted, lesser Pods nominated to the node lose their promise. @see kubernetes pkg/scheduler/framework/preemption */
import { POD } from "../../api/kinds.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Candidate } from "./framework.ts";
import type { Nominator } from "./nominator.ts";
import type { PodInfo } from "./pod-info.ts";
import { withCondition } from "./pod-status.ts";

export function evict(context: ComponentContext, preemptor: PodInfo, { node, victims }: Candidate, nominator: Nominator): void {
  const { client, recorder, loop } = context;
  const { uid = "" } = preemptor.pod.metadata;
  for (const { pod } of victims) {
    const { name, namespace } = pod.metadata;
    const stored = client.get(POD, name, namespace);
    if (!stored) continue;
    const conditions = withCondition(
      stored.status?.conditions ?? [],
      {
        type: "DisruptionTarget",
        status: "True",
        reason: "PreemptionByScheduler",
        message: `${preemptor.pod.spec.schedulerName}: preempting to accommodate a higher priority pod`,
        ...(stored.metadata.generation === undefined ? {} : { observedGeneration: stored.metadata.generation }),
      },
      loop.timestamp(),
    );
    if (conditions) client.patch(POD, name, namespace, { status: { conditions } }, { subresource: "status" });
    client.delete(POD, name, namespace);
    recorder.report(
      preemptor.pod.spec.schedulerName ?? "default-scheduler",
      pod,
      "Normal",
      "Preempted",
      `Preempted by pod ${uid} on node ${node.name}`,
    );
  }
  for (const other of nominator.on(node.name)) {
    if (other.priority >= preemptor.priority || other.key === preemptor.key) continue;
    nominator.delete(other.key);
    const { name, namespace } = other.pod.metadata;
    if (client.get(POD, name, namespace)?.status?.nominatedNodeName)
      client.patch(POD, name, namespace, { status: { nominatedNodeName: null } }, { subresource: "status" });
  }
}
