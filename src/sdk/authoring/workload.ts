/** A workload from name, image, ports and the rest: the object as Kubernetes has it, its selector and labels consistent. */
import {
  DaemonSet,
  type DaemonSetSpec,
  Deployment,
  type DeploymentSpec,
  StatefulSet,
  type StatefulSetSpec,
} from "../../../generated/v1.36/apps/v1.ts";
import { CronJob, type CronJobSpec, Job, type JobSpec } from "../../../generated/v1.36/batch/v1.ts";
import type { Container, PodSpec, Probe, ServiceAccount } from "../../../generated/v1.36/core/v1.ts";
import { compact, listed, type WithPorts } from "./carried-names.ts";
import { type ContainerOptions, containerOf, type PodVolumes } from "./container.ts";

type Labels = Readonly<Record<string, string>>;

/** What each kind says beside its Pods: Kubernetes' own fields. */
interface KindOptions {
  readonly Deployment: Omit<DeploymentSpec, "selector" | "template">;
  /** `serviceName` is the headless Service that gives the Pods their DNS names: `headless(database, { 5432: "pg" })` makes it. */
  readonly StatefulSet: Omit<StatefulSetSpec, "selector" | "template" | "serviceName"> & { readonly serviceName: string };
  readonly DaemonSet: Omit<DaemonSetSpec, "selector" | "template">;
  readonly Job: Omit<JobSpec, "selector" | "template" | "manualSelector"> & RunsToCompletion;
  readonly CronJob: Omit<CronJobSpec, "jobTemplate"> &
    RunsToCompletion & { readonly job?: Omit<JobSpec, "selector" | "template" | "manualSelector"> };
}

interface RunsToCompletion {
  /** What happens to a container that fails: it is started again, or the Job makes another Pod. */
  readonly restartPolicy: "OnFailure" | "Never";
}

interface Kinds {
  readonly Deployment: Deployment;
  readonly StatefulSet: StatefulSet;
  readonly DaemonSet: DaemonSet;
  readonly Job: Job;
  readonly CronJob: CronJob;
}

export type WorkloadKind = keyof Kinds;

/** The object of a workload, with the names of its ports in its type. */
export type Workload<Kind extends WorkloadKind = WorkloadKind, Port extends string = string> = Kinds[Kind] & WithPorts<Port>;

interface CommonOptions<Port extends string> extends Omit<ContainerOptions<Port>, "restartPolicy"> {
  readonly namespace?: string | undefined;
  /** What the selector asks for. Default: `app.kubernetes.io/name: NAME`. */
  readonly selector?: Labels | undefined;
  /** On the object and its Pods, beside the selector's. */
  readonly labels?: Labels | undefined;
  readonly annotations?: Labels | undefined;
  readonly podAnnotations?: Labels | undefined;
  /** The account that the Pods run as. */
  readonly serviceAccount?: ServiceAccount | undefined;
  /** Further containers, by name. Their port names count too. */
  readonly sidecars?: Readonly<Record<string, ContainerOptions<Port>>> | undefined;
  /** Init containers, by name, in order; one with `restartPolicy: "Always"` keeps running. */
  readonly init?: Readonly<Record<string, ContainerOptions<Port>>> | undefined;
  /** Any other field of the Pod's spec: `nodeSelector`, `tolerations`, `affinity`, `securityContext`, … */
  readonly pod?: Omit<PodSpec, "containers" | "initContainers" | "restartPolicy" | "serviceAccountName"> & { readonly containers?: never };
}

/** All that a workload of a kind may say. */
export type WorkloadOptions<Kind extends WorkloadKind, Port extends string> = CommonOptions<Port> &
  KindOptions[Kind] & {
    /** Default: `Deployment`. */
    readonly kind?: Kind | undefined;
  };

/** Fields that are the kind's own; all others are the container's. */
const KIND_FIELDS: Readonly<Record<WorkloadKind, readonly string[]>> = {
  Deployment: ["replicas", "strategy", "minReadySeconds", "paused", "progressDeadlineSeconds", "revisionHistoryLimit"],
  StatefulSet: [
    ...["serviceName", "replicas", "podManagementPolicy", "updateStrategy", "minReadySeconds", "ordinals"],
    ...["persistentVolumeClaimRetentionPolicy", "revisionHistoryLimit", "volumeClaimTemplates"],
  ],
  DaemonSet: ["updateStrategy", "minReadySeconds", "revisionHistoryLimit"],
  Job: [
    ...[
      "parallelism",
      "completions",
      "completionMode",
      "backoffLimit",
      "backoffLimitPerIndex",
      "maxFailedIndexes",
      "activeDeadlineSeconds",
    ],
    ...["podFailurePolicy", "podReplacementPolicy", "successPolicy", "managedBy", "suspend", "ttlSecondsAfterFinished"],
  ],
  CronJob: [
    ...["schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds", "suspend"],
    ...["successfulJobsHistoryLimit", "failedJobsHistoryLimit"],
  ],
};

/**
 * A Deployment, or another kind: a plain object, whose port names are in its type.
 *
 * ```ts
 * const web = workload("web", {
 *   image: "nginx:1.27",
 *   replicas: 2,
 *   ports: { http: 80 },
 *   resources: { requests: { cpu: "100m", memory: "64Mi" } },
 *   probes: { readiness: httpProbe("http", { path: "/healthz" }) },
 * });
 * const nightly = workload("report", { kind: "CronJob", image: "report:1", schedule: "0 3 * * *", restartPolicy: "Never" });
 * ```
 * Names are Kubernetes' own; what is not said is not written. Only this is added: selector and labels (`app.kubernetes.io/name: NAME`).
 * @param name of the object and of its first container
 * @throws TypeError when a probe asks at a port that is not there, or a claim per replica is asked of what is no StatefulSet
 */
export function workload<const Kind extends WorkloadKind = "Deployment", const Port extends string = never>(
  name: string,
  options: WorkloadOptions<Kind, Port>,
): Workload<Kind, Port> {
  if (typeof name !== "string" || name === "")
    throw new TypeError('workload() takes a name and options: workload("web", { image: "nginx:1.27" })');
  if (typeof options !== "object" || options === null)
    throw new TypeError(`workload(${JSON.stringify(name)}, …) needs options, at least an image`);
  const { kind = "Deployment", ...rest } = options as WorkloadOptions<WorkloadKind, Port> & { readonly kind?: WorkloadKind };
  if (!Object.hasOwn(KIND_FIELDS, kind))
    throw new TypeError(`workload: there is no kind ${JSON.stringify(kind)}; there are ${listed(Object.keys(KIND_FIELDS))}`);
  const parts = partsOf(name, kind, rest as AnyOptions);
  return objectOf(kind, parts) as Workload<Kind, Port>;
}

type AnyOptions = CommonOptions<string> & Partial<RunsToCompletion> & { readonly job?: object };

interface Parts {
  readonly metadata: { readonly name: string };
  readonly selector: { readonly matchLabels: Labels };
  readonly template: { readonly metadata: object; readonly spec: PodSpec };
  /** The kind's own fields. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly job: object;
}

function partsOf(name: string, kind: WorkloadKind, options: AnyOptions): Parts {
  const { namespace, selector, labels, annotations, podAnnotations, serviceAccount, sidecars, init, pod, job, restartPolicy, ...more } =
    options;
  if (serviceAccount !== undefined && typeof serviceAccount?.metadata?.name !== "string")
    throw new TypeError(`workload ${name}: serviceAccount takes the account: serviceAccount(${JSON.stringify(String(serviceAccount))})`);
  const own: Record<string, unknown> = {};
  const main: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(more)) (KIND_FIELDS[kind].includes(field) ? own : main)[field] = value;
  const matchLabels = selector ?? { "app.kubernetes.io/name": name };
  const allLabels = { ...labels, ...matchLabels };
  const { spec, claimTemplates } = podSpec(
    { ...init },
    { [name]: main as unknown as ContainerOptions<string>, ...sidecars },
    {
      ...pod,
      ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount.metadata.name }),
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
    },
  );
  checkProbes(name, [...(spec.initContainers ?? []), ...spec.containers]);
  if (claimTemplates.length > 0) {
    if (kind !== "StatefulSet") throw new TypeError(`workload ${name}: perReplica() is for StatefulSets; this is a ${kind}`);
    own["volumeClaimTemplates"] = [
      ...((own["volumeClaimTemplates"] as readonly object[] | undefined) ?? []),
      ...claimTemplates.map(plainClaim),
    ];
  }
  return {
    metadata: compact({ name, namespace, labels: allLabels, annotations }),
    selector: { matchLabels },
    template: { metadata: compact({ labels: allLabels, annotations: podAnnotations }), spec },
    own,
    job: job ?? {},
  };
}

function podSpec(
  init: Readonly<Record<string, ContainerOptions<string>>>,
  main: Readonly<Record<string, ContainerOptions<string>>>,
  rest: Partial<PodSpec>,
): { readonly spec: PodSpec; readonly claimTemplates: PodVolumes["claimTemplates"] } {
  let volumes: PodVolumes = { volumes: rest.volumes ?? [], claimTemplates: [] };
  const build = (group: Readonly<Record<string, ContainerOptions<string>>>): readonly Container[] =>
    Object.entries(group).map(([name, options]) => {
      const built = containerOf(name, options, volumes);
      volumes = built.pod;
      return built.container;
    });
  const initContainers = build(init);
  const containers = build(main) as PodSpec["containers"];
  const { volumes: _, serviceAccountName, restartPolicy, ...others } = rest;
  const spec = compact({
    serviceAccountName,
    restartPolicy,
    initContainers: initContainers.length > 0 ? initContainers : undefined,
    containers,
    volumes: volumes.volumes.length > 0 ? volumes.volumes : undefined,
    ...others,
  } as PodSpec);
  return { spec, claimTemplates: volumes.claimTemplates };
}

/** A claim template has no namespace: that of its StatefulSet holds. */
function plainClaim(claim: PodVolumes["claimTemplates"][number]): object {
  const { namespace: _, ...metadata } = claim.metadata;
  return { ...claim, metadata };
}

/** A probe asks at a port of its own container. */
function checkProbes(name: string, containers: readonly Container[]): void {
  for (const container of containers) {
    const ports = (container.ports ?? []).flatMap((p) => p.name ?? []);
    for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
      const port = portOf(probe);
      if (typeof port === "string" && !ports.includes(port))
        throw new TypeError(
          `workload ${name}: a probe of container ${container.name} asks at port ${JSON.stringify(port)}; it has ${listed(ports)}`,
        );
    }
  }
}

function portOf(probe: Probe | undefined): number | string | undefined {
  return probe?.httpGet?.port ?? probe?.tcpSocket?.port;
}

function objectOf(kind: WorkloadKind, { metadata, selector, template, own, job }: Parts): object {
  const spec = <T>(fields: object): T => fields as T;
  switch (kind) {
    case "Deployment":
      return Deployment({ metadata, spec: spec({ ...own, selector, template }) });
    case "StatefulSet":
      return StatefulSet({ metadata, spec: spec(claimsLast({ ...own, selector, template })) });
    case "DaemonSet":
      return DaemonSet({ metadata, spec: spec({ ...own, selector, template }) });
    case "Job":
      return Job({ metadata, spec: spec({ ...own, template }) });
    case "CronJob":
      return CronJob({ metadata, spec: spec({ ...own, jobTemplate: { spec: { ...job, template } } }) });
  }
}

/** As people write it. */
function claimsLast({ volumeClaimTemplates, ...spec }: Record<string, unknown>): object {
  return volumeClaimTemplates === undefined ? spec : { ...spec, volumeClaimTemplates };
}
