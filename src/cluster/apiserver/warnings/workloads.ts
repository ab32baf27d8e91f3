/** Workloads: their templates, and names that become names of hosts. @see kubernetes pkg/registry/apps, pkg/registry/batch (strategies) */
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  JobSpec,
  PodTemplate,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { fractionalStorage, hostnameWarnings } from "./deprecated-values.ts";
import { templateWarnings } from "./pod.ts";

const POD_NAMES = "Pod names and hostnames";

/** A change of metadata alone says nothing new. */
function isNew(object: KubeObject, old: KubeObject | undefined): boolean {
  return !old || object.metadata.generation !== old.metadata.generation;
}

const nameOf = (object: KubeObject, old: KubeObject | undefined): string[] =>
  old ? [] : hostnameWarnings(object.metadata.name, POD_NAMES);

/** Deployments, ReplicaSets and ReplicationControllers. */
export function replicatedWarnings(
  object: Deployment | ReplicaSet | ReplicationController,
  old: KubeObject | undefined,
): readonly string[] {
  return isNew(object, old) ? [...nameOf(object, old), ...templateWarnings(object.spec?.template, "spec.template")] : [];
}

export function daemonSetWarnings(object: DaemonSet, old: KubeObject | undefined): readonly string[] {
  return isNew(object, old) ? templateWarnings(object.spec?.template, "spec.template") : [];
}

export function statefulSetWarnings(set: StatefulSet, old: KubeObject | undefined): readonly string[] {
  const { spec } = set;
  const out = isNew(set, old) ? templateWarnings(spec?.template, "spec.template") : [];
  spec?.volumeClaimTemplates?.forEach((claim, i) => {
    // On update the path has one element more, and with a capital letter.
    out.push(...fractionalStorage(claim.spec?.resources, `spec.volumeClaimTemplates[${i}]${old ? ".Spec" : ""}`));
  });
  if ((spec?.revisionHistoryLimit ?? 0) < 0)
    out.push("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended");
  return out;
}

export function podTemplateWarnings(object: PodTemplate, old: KubeObject | undefined): readonly string[] {
  return isNew(object, old) ? templateWarnings(object.template, "template") : [];
}

export function jobWarnings(object: Job, old: KubeObject | undefined): readonly string[] {
  return isNew(object, old) ? [...nameOf(object, old), ...jobSpecWarnings(object.spec, "spec")] : [];
}

export function cronJobWarnings(object: CronJob, old: KubeObject | undefined): readonly string[] {
  const { schedule = "", jobTemplate } = object.spec ?? {};
  const spec = isNew(object, old) ? jobSpecWarnings(jobTemplate?.spec, "spec.jobTemplate.spec") : [];
  const zone =
    old && schedule.includes("TZ")
      ? [
          "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
        ]
      : [];
  return [...nameOf(object, old), ...spec, ...zone];
}

/** More indexes than the status has room for. */
const COMPLETIONS_MANY = 100_000;
const PARALLELISM_MANY = 10_000;

/** @see kubernetes pkg/api/job/warnings.go */
function jobSpecWarnings(spec: JobSpec | undefined, path: string): string[] {
  if (!spec) return [];
  const { completionMode, completions = 0, parallelism = 0 } = spec;
  const many = completionMode === "Indexed" && completions > COMPLETIONS_MANY && parallelism > PARALLELISM_MANY;
  const why =
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, " +
    "Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
  return [...(many ? [`${path}: ${why}`] : []), ...templateWarnings(spec.template, `${path}.template`)];
}
