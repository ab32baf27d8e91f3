/** Pods and their templates. @see kubernetes pkg/api/pod/warnings.go */
import type {
  Container,
  ContainerPort,
  EnvVar,
  ObjectMeta,
  Pod,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
  Volume,
  WeightedPodAffinityTerm,
} from "../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../lib/go-text.ts";
import {
  deprecatedNodeLabel,
  fractionalBytes,
  fractionalStorage,
  hostnameWarnings,
  ipWarnings,
  nodeSelectorTerm,
} from "./deprecated-values.ts";

/** Of a new Pod only: who changes Pods is a component. */
export function podWarnings(pod: Pod, old: Pod | undefined): readonly string[] {
  if (old || !pod.spec) return [];
  return [...hostnameWarnings(pod.metadata.name, "the Pod's hostname"), ...specWarnings(pod.spec, pod.metadata, "", false)];
}

/** `path` is that of the template. */
export function templateWarnings(template: PodTemplateSpec | undefined, path: string): string[] {
  return template?.spec ? specWarnings(template.spec, template.metadata ?? {}, `${path}.`, true) : [];
}

type Meta = Pick<ObjectMeta, "annotations">;

const ANNOTATIONS: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};
const SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

function specWarnings(spec: PodSpec, meta: Meta, base: string, isTemplate: boolean): string[] {
  const at = `${base}spec`;
  const annotations = meta.annotations ?? {};
  const annotation = (key: string): string => `${base}metadata.annotations[${key}]`;
  return [
    ...placementWarnings(spec, at),
    ...Object.entries(ANNOTATIONS).flatMap(([key, why]) => (Object.hasOwn(annotations, key) ? [`${annotation(key)}: ${why}`] : [])),
    ...(spec.volumes ?? []).flatMap((v, i) => volumeWarnings(v, `${at}.volumes[${i}]`)),
    ...tokenPathWarnings(spec.volumes ?? [], `${at}.volumes`),
    ...duplicates(
      spec.hostAliases,
      (a) => a.ip,
      (ip, i) => `${at}.hostAliases[${i}].ip: duplicate ip ${goQuote(ip)}`,
    ),
    ...duplicates(
      spec.imagePullSecrets,
      (s) => s.name ?? "",
      (name, i) => `${at}.imagePullSecrets[${i}].name: duplicate name ${goQuote(name)}`,
    ),
    ...(spec.imagePullSecrets ?? []).flatMap((s, i) => (s.name ? [] : [`${at}.imagePullSecrets[${i}].name: invalid empty name ""`])),
    ...fractionalBytes(spec.overhead?.["memory"], `${at}.overhead[memory]`),
    ...fractionalBytes(spec.overhead?.["ephemeral-storage"], `${at}.overhead[ephemeral-storage]`),
    ...(spec.securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, SECCOMP)
      ? [`${annotation(SECCOMP)}: non-functional in v1.27+; use the "seccompProfile" field instead`]
      : []),
    ...containersWithPath(spec, at).flatMap(([c, path]) => containerWarnings(c, path, spec, annotations, annotation, isTemplate)),
    ...portWarnings(containersWithPath(spec, at)),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...podAffinityWarnings(spec, at),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((ip, i) => ipWarnings(ip, `${at}.dnsConfig.nameservers[${i}]`)),
    ...(spec.hostAliases ?? []).flatMap((a, i) => ipWarnings(a.ip, `${at}.hostAliases[${i}].ip`)),
  ];
}

/** Labels of nodes that have gone out of use, and selectors that select nothing. */
function placementWarnings(spec: PodSpec, at: string): string[] {
  const out: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const why = deprecatedNodeLabel(key);
    if (why) out.push(`${at}.nodeSelector[${key}]: ${why}`);
  }
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } =
    spec.affinity?.nodeAffinity ?? {};
  const of = `${at}.affinity.nodeAffinity`;
  for (const [i, term] of (required?.nodeSelectorTerms ?? []).entries())
    out.push(...nodeSelectorTerm(term, `${of}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`, false));
  for (const [i, term] of (preferred ?? []).entries())
    out.push(...nodeSelectorTerm(term.preference, `${of}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`, true));
  for (const [i, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const why = deprecatedNodeLabel(topologyKey);
    if (why) out.push(`${at}.topologySpreadConstraints[${i}].topologyKey: ${topologyKey} is ${why}`);
    if (labelSelector === undefined) out.push(nullSelector(`${at}.topologySpreadConstraints[${i}]`));
  }
  return out;
}

const nullSelector = (path: string): string => `${path}.labelSelector: a null labelSelector results in matching no pod`;

function podAffinityWarnings({ affinity }: PodSpec, at: string): string[] {
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((kind) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } =
      affinity?.[kind] ?? {};
    const path = `${at}.affinity.${kind}`;
    return [
      ...(required ?? []).flatMap((t: PodAffinityTerm, i) =>
        t.labelSelector ? [] : [nullSelector(`${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`)],
      ),
      ...(preferred ?? []).flatMap((t: WeightedPodAffinityTerm, i) =>
        t.podAffinityTerm.labelSelector
          ? []
          : [nullSelector(`${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`)],
      ),
    ];
  });
}

/** Sources of volumes that have gone out of use. */
const VOLUMES: readonly (readonly [field: keyof Volume, why: string])[] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
];
const LATER_VOLUMES = ["cephfs", "rbd"] as const;

function volumeWarnings(volume: Volume, path: string): string[] {
  const template = volume.ephemeral?.volumeClaimTemplate;
  return [
    // The real field is written storageOS in the warning.
    ...VOLUMES.flatMap(([field, why]) =>
      volume[field] === undefined ? [] : [`${path}.${field === "storageos" ? "storageOS" : field}: ${why}`],
    ),
    ...(template ? fractionalStorage(template.spec.resources, `${path}.ephemeral.volumeClaimTemplate.spec`) : []),
    ...LATER_VOLUMES.flatMap((field) =>
      volume[field] === undefined ? [] : [`${path}.${field}: deprecated in v1.28, non-functional in v1.31+`],
    ),
  ];
}

/** Files that a token would be written over. */
function tokenPathWarnings(volumes: readonly Volume[], path: string): string[] {
  const tokens = new Set(volumes.flatMap((v) => (v.projected?.sources ?? []).flatMap((s) => s.serviceAccountToken?.path ?? [])));
  if (tokens.size === 0) return [];
  const said = (at: string, file: string | undefined): string[] =>
    file !== undefined && tokens.has(file) ? [`${at}: has duplicated path with ServiceAccountToken ${goQuote(file)}`] : [];
  return volumes.flatMap((v, i) =>
    (v.projected?.sources ?? []).flatMap((s) => {
      const at = `${path}[${i}].projected.sources`;
      return [
        ...(s.configMap?.items ?? []).flatMap((item, k) => said(`${at}.configMap[${k}]`, item.path)),
        ...(s.secret?.items ?? []).flatMap((item, k) => said(`${at}.secrets[${k}]`, item.path)),
        ...(s.downwardAPI?.items ?? []).flatMap((item, k) => said(`${at}.downwardAPI[${k}]`, item.path)),
        ...said(`${at}.ClusterTrustBundle`, s.clusterTrustBundle?.path),
      ];
    }),
  );
}

function duplicates<T>(items: readonly T[] | undefined, keyOf: (item: T) => string, say: (key: string, i: number) => string): string[] {
  const seen = new Set<string>();
  return (items ?? []).flatMap((item, i) => {
    const key = keyOf(item);
    if (seen.has(key)) return [say(key, i)];
    seen.add(key);
    return [];
  });
}

type Located = readonly (readonly [container: Container, path: string])[];

function containersWithPath(spec: PodSpec, at: string): Located {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) =>
    ((spec[list] ?? []) as readonly Container[]).map((c, i) => [c, `${at}.${list}[${i}]`] as const),
  );
}

function containerWarnings(
  c: Container,
  path: string,
  spec: PodSpec,
  annotations: Readonly<Record<string, string>>,
  annotation: (key: string) => string,
  isTemplate: boolean,
): string[] {
  const out: string[] = [];
  const seccomp = SECCOMP_CONTAINER + c.name;
  if (c.securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, seccomp))
    out.push(`${annotation(seccomp)}: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const appArmor = APP_ARMOR + c.name;
  const hasProfile = spec.securityContext?.appArmorProfile !== undefined || c.securityContext?.appArmorProfile !== undefined;
  // That of a Pod has become a field before it is looked at.
  if (isTemplate && !hasProfile && Object.hasOwn(annotations, appArmor))
    out.push(`${annotation(appArmor)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  for (const resource of ["memory", "ephemeral-storage"])
    for (const list of ["limits", "requests"] as const)
      out.push(...fractionalBytes(c.resources?.[list]?.[resource], `${path}.resources.${list}[${resource}]`));
  return out.concat(envWarnings(c.env ?? [], path));
}

/** A variable that is set again without what it was. */
function envWarnings(env: readonly EnvVar[], path: string): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = "", valueFrom }, i) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    if (valueFrom === undefined && value !== reference && value.includes(reference)) return [];
    return [`${path}.env[${i}]: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`];
  });
}

interface Taken {
  readonly path: string;
  readonly port: ContainerPort;
}

function portWarnings(containers: Located): string[] {
  const out: string[] = [];
  const taken = new Map<string, Taken[]>();
  for (const [c, path] of containers) {
    for (const [i, port] of (c.ports ?? []).entries()) {
      const at = `${path}.ports[${i}]`;
      if (port.hostIP && !port.hostPort) out.push(`${at}: hostIP set without hostPort: ${showPort(port)}`);
      const key = `${port.containerPort}/${port.protocol ?? "TCP"}`;
      const others = taken.get(key) ?? [];
      for (const other of others) {
        const how = clash(port, other.port);
        if (how) out.push(`${at}: ${how} port definition with ${other.path}`);
      }
      taken.set(key, [...others, { path: at, port }]);
    }
  }
  return out;
}

function clash(a: ContainerPort, b: ContainerPort): string | undefined {
  const [hostA, hostB] = [a.hostPort ?? 0, b.hostPort ?? 0];
  const [ipA, ipB] = [a.hostIP ?? "", b.hostIP ?? ""];
  if (ipA === ipB && hostA === hostB) return "duplicate";
  if (hostA === 0 || hostB === 0) return "overlapping";
  return hostA === hostB && (ipA === "") !== (ipB === "") ? "dangerously ambiguous" : undefined;
}

/** As Go prints the struct. */
function showPort({ name = "", hostPort = 0, containerPort, protocol = "TCP", hostIP = "" }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
