/** A container from what people say about it: ports and paths by name, environment as a map. */
import type {
  Container,
  ContainerPort,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  PersistentVolumeClaim,
  Volume,
  VolumeMount,
} from "../../../generated/v1.36/core/v1.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { compact } from "./carried-names.ts";
import type { ConfigMapLike, SecretLike } from "./config.ts";
import type { PortProbe } from "./probes.ts";
import { type Mountable, mountOf } from "./volumes.ts";

/** A number, or Kubernetes' fields of a container port. */
export type PortSpec = number | Omit<ContainerPort, "name">;

/** A text (numbers and booleans become texts), or where the value comes from. */
export type EnvValue = string | number | boolean | EnvVarSource;

type Own = "name" | "ports" | "env" | "envFrom" | "volumeMounts" | "livenessProbe" | "readinessProbe" | "startupProbe";

/** Kubernetes' fields of a container, and in place of its lists: maps by name. */
export interface ContainerOptions<Port extends string> extends Omit<Container, Own> {
  /** Name of the port → number, or its fields: `{ http: 8080, dns: { containerPort: 53, protocol: "UDP" } }`. */
  readonly ports?: { readonly [P in Port]?: PortSpec } | undefined;
  /** Name → value, or where it comes from: `{ LOG: "info", PASSWORD: fromSecret(db, "password") }`. */
  readonly env?: Readonly<Record<string, EnvValue | undefined>> | undefined;
  /** Every key of these becomes a variable. */
  readonly envFrom?: readonly (ConfigMapLike | SecretLike | EnvFromSource)[] | undefined;
  readonly probes?:
    | {
        readonly readiness?: PortProbe<NoInfer<Port>> | undefined;
        readonly liveness?: PortProbe<NoInfer<Port>> | undefined;
        readonly startup?: PortProbe<NoInfer<Port>> | undefined;
      }
    | undefined;
  /** Path in the container → what is there. */
  readonly volumes?: Readonly<Record<string, Mountable | undefined>> | undefined;
}

/** What a container needs of its Pod. */
export interface PodVolumes {
  readonly volumes: readonly Volume[];
  readonly claimTemplates: readonly PersistentVolumeClaim[];
}

/** The container, and the Pod's volumes with those added that it mounts. */
export function containerOf<Port extends string>(
  name: string,
  options: ContainerOptions<Port>,
  pod: PodVolumes,
): { readonly container: Container; readonly pod: PodVolumes } {
  const { image, ports, env, envFrom, probes, volumes, command, args, resources, ...rest } = options;
  let after = pod;
  const mounts: VolumeMount[] = [];
  for (const [mountPath, mountable] of Object.entries(volumes ?? {})) {
    if (mountable === undefined) continue;
    const added = addVolume(after, mountable);
    after = added.pod;
    mounts.push({ name: added.name, mountPath, ...added.options });
  }
  const container = compact({
    name,
    image,
    command,
    args,
    ports: nonEmptyList(portsOf(ports)),
    env: nonEmptyList(envOf(env)),
    envFrom: nonEmptyList((envFrom ?? []).map(envSourceOf)),
    resources,
    volumeMounts: nonEmptyList(mounts),
    startupProbe: probes?.startup,
    livenessProbe: probes?.liveness,
    readinessProbe: probes?.readiness,
    ...rest,
  } as Container);
  return { container, pod: after };
}

function portsOf(ports: Readonly<Record<string, PortSpec | undefined>> | undefined): readonly ContainerPort[] {
  return Object.entries(ports ?? {}).flatMap(([name, port]) =>
    port === undefined ? [] : [typeof port === "number" ? { name, containerPort: port } : { name, ...port }],
  );
}

function envOf(env: Readonly<Record<string, EnvValue | undefined>> | undefined): readonly EnvVar[] {
  return Object.entries(env ?? {}).flatMap(([name, value]): readonly EnvVar[] => {
    if (value === undefined) return [];
    return [typeof value === "object" ? { name, valueFrom: value } : { name, value: String(value) }];
  });
}

function envSourceOf(source: ConfigMapLike | SecretLike | EnvFromSource): EnvFromSource {
  if (!("kind" in source)) return source;
  const { name } = source.metadata;
  return source.kind === "Secret" ? { secretRef: { name } } : { configMapRef: { name } };
}

/** The same volume twice is one volume; another one under a name that is taken gets a name of its own. */
function addVolume(pod: PodVolumes, mountable: Mountable): { readonly pod: PodVolumes; readonly name: string; readonly options: object } {
  const { volume, options, claimTemplate } = mountOf(mountable);
  if (claimTemplate) {
    const known = pod.claimTemplates.includes(claimTemplate);
    const claimTemplates = known ? pod.claimTemplates : [...pod.claimTemplates, claimTemplate];
    return { pod: { ...pod, claimTemplates }, name: claimTemplate.metadata.name, options };
  }
  const { name: wanted, ...source } = volume;
  const taken = new Set([...pod.volumes.map((v) => v.name), ...pod.claimTemplates.map((c) => c.metadata.name)]);
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted.slice(0, 60)}-${n}`;
    const there = pod.volumes.find((v) => v.name === name);
    if (there && deepEqual(there, { ...source, name })) return { pod, name, options };
    if (taken.has(name)) continue;
    return { pod: { ...pod, volumes: [...pod.volumes, { ...volume, name } as Volume] }, name, options };
  }
}

function nonEmptyList<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
