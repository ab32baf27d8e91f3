/** Deployments, StatefulSets, DaemonSets, Jobs. @see kubernetes pkg/registry/apps, pkg/registry/batch */
import type { DaemonSet, Deployment, Job, StatefulSet } from "../../../../generated/v1.36/model.ts";
import { changed, copied } from "../../../lib/changed.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import type { Strategy } from "./strategy.ts";

export const deploymentStrategy: Strategy<Deployment> = {
  generation: "counted",
  changes: (deployment, old) => !semanticEqual(deployment.metadata.annotations, old.metadata.annotations),
  /** The controller notes the revision in an annotation when it writes the status. */
  prepareForStatusUpdate: (deployment, old) => ({ ...deployment, metadata: { ...deployment.metadata, labels: old.metadata.labels } }),
};

/** Fields of features that are off are dropped: `maxUnavailable` of a StatefulSet is one in 1.36. */
export const statefulSetStrategy: Strategy<StatefulSet> = {
  generation: "counted",
  prepareForCreate: withoutMaxUnavailable,
  prepareForUpdate: withoutMaxUnavailable,
};

function withoutMaxUnavailable(set: StatefulSet): StatefulSet {
  const { updateStrategy } = set.spec;
  if (updateStrategy?.rollingUpdate?.maxUnavailable === undefined) return set;
  const { maxUnavailable: _, ...rollingUpdate } = updateStrategy.rollingUpdate;
  return { ...set, spec: { ...set.spec, updateStrategy: { ...updateStrategy, rollingUpdate } } };
}

/** Where apps/v1 keeps what used to be `spec.templateGeneration`. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSetStrategy: Strategy<DaemonSet> = {
  generation: "counted",
  prepareForCreate: (set) => withTemplateGeneration(set, "1"),
  prepareForUpdate: (set, old) => {
    const before = old.metadata.annotations?.[TEMPLATE_GENERATION] ?? "0";
    return withTemplateGeneration(set, semanticEqual(set.spec.template, old.spec.template) ? before : String(Number(before) + 1));
  },
};

function withTemplateGeneration(set: DaemonSet, generation: string): DaemonSet {
  return { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [TEMPLATE_GENERATION]: generation } } };
}

const JOB_NAME_LABELS = ["job-name", "batch.kubernetes.io/job-name"];
const CONTROLLER_UID_LABEL = "batch.kubernetes.io/controller-uid";
const CONTROLLER_UID_LABELS = ["controller-uid", CONTROLLER_UID_LABEL];

export const jobStrategy: Strategy<Job> = {
  generation: "counted",
  orphansByDefault: true,
  /** Unless `manualSelector`: the Pods are labelled with the Job's name and uid, and selected by the uid. */
  prepareForCreate: (job) => {
    if (job.spec.manualSelector === true) return job;
    const { name, uid = "" } = job.metadata;
    const labels: Record<string, string> = copied(job.spec.template.metadata?.labels ?? {});
    for (const label of JOB_NAME_LABELS) labels[label] ??= name;
    for (const label of CONTROLLER_UID_LABELS) labels[label] ??= uid;
    const selector = job.spec.selector;
    // Read back from the store, the Job is defaulted once more: its own labels default to those of its template.
    const own = Object.keys(job.metadata.labels ?? {}).length > 0 ? job.metadata.labels : labels;
    const metadata = Object.assign({}, job.spec.template.metadata, { labels }) as Job["metadata"];
    return changed(job, {
      metadata: changed(job.metadata, { labels: own }),
      spec: changed(job.spec, {
        selector: { ...selector, matchLabels: { [CONTROLLER_UID_LABEL]: uid, ...selector?.matchLabels } },
        template: changed(job.spec.template, { metadata }),
      }),
    });
  },
};
