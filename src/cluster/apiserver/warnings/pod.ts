/** Pods and their templates. @see kubernetes pkg/api/pod/warnings.go */
import type {
  Affinity,
  Container,
  ContainerPort,
  EnvVar,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from "../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { at, type Path } from "../validation/path.ts";
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
  const out = hostnameWarnings(pod.metadata.name, "the Pod's hostname");
  warnOfSpec(pod.spec, pod.metadata.annotations, "", false, out);
  return out;
}

/** `path` is that of the template. */
export function templateWarnings(template: PodTemplateSpec | undefined, path: string): string[] {
  const out: string[] = [];
  if (template?.spec) warnOfSpec(template.spec, template.metadata?.annotations, `${path}.`, true, out);
  return out;
}

type Annotations = Readonly<Record<string, string>>;

const ANNOTATIONS: readonly (readonly [key: string, why: string])[] = [
  ["scheduler.alpha.kubernetes.io/critical-pod", 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  ["security.alpha.kubernetes.io/unsafe-sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
];
const SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
/** What all annotations about a container begin with. */
const OF_CONTAINERS = "container.";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

function warnOfSpec(spec: PodSpec, annotations: Annotations | undefined, base: string, isTemplate: boolean, out: string[]): void {
  const path = `${base}spec`;
  warnOfPlacement(spec, path, out);
  if (annotations)
    for (const [key, why] of ANNOTATIONS) if (Object.hasOwn(annotations, key)) out.push(`${base}metadata.annotations[${key}]: ${why}`);
  spec.volumes?.forEach((v, i) => {
    warnOfVolume(v, path, i, out);
  });
  if (spec.volumes) warnOfTokenPaths(spec.volumes, `${path}.volumes`, out);
  if (spec.hostAliases) {
    const ips = spec.hostAliases.map((a) => a.ip);
    warnOfRepeated(ips, (ip, i) => `${path}.hostAliases[${i}].ip: duplicate ip ${goQuote(ip)}`, out);
  }
  if (spec.imagePullSecrets) {
    const names = spec.imagePullSecrets.map((s) => s.name ?? "");
    warnOfRepeated(names, (name, i) => `${path}.imagePullSecrets[${i}].name: duplicate name ${goQuote(name)}`, out);
    names.forEach((name, i) => {
      if (name === "") out.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`);
    });
  }
  if (spec.overhead) {
    out.push(...fractionalBytes(spec.overhead["memory"], `${path}.overhead[memory]`));
    out.push(...fractionalBytes(spec.overhead["ephemeral-storage"], `${path}.overhead[ephemeral-storage]`));
  }
  if (annotations && spec.securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, SECCOMP))
    out.push(`${base}metadata.annotations[${SECCOMP}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const hasContainers = annotations !== undefined && Object.keys(annotations).some((key) => key.startsWith(OF_CONTAINERS));
  eachContainer(spec, (c, list, i) => {
    if (hasContainers) warnOfAnnotations(c, spec, annotations, `${base}metadata.annotations`, isTemplate, out);
    warnOfContainer(c, path, list, i, out);
  });
  warnOfPorts(spec, path, out);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    out.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  if (spec.affinity) warnOfPodAffinity(spec.affinity, path, out);
  spec.dnsConfig?.nameservers?.forEach((ip, i) => {
    out.push(...ipWarnings(ip, at(path, "dnsConfig.nameservers", i)));
  });
  spec.hostAliases?.forEach(({ ip }, i) => {
    out.push(...ipWarnings(ip, at(at(path, "hostAliases", i), "ip")));
  });
}

/** Labels of nodes that have gone out of use, and selectors that select nothing. */
function warnOfPlacement(spec: PodSpec, path: string, out: string[]): void {
  for (const key in spec.nodeSelector) {
    const why = deprecatedNodeLabel(key);
    if (why) out.push(`${path}.nodeSelector[${key}]: ${why}`);
  }
  const node = spec.affinity?.nodeAffinity;
  if (node) {
    const of = at(path, "affinity.nodeAffinity");
    node[REQUIRED]?.nodeSelectorTerms?.forEach((term, i) => {
      out.push(...nodeSelectorTerm(term, at(at(of, REQUIRED), "nodeSelectorTerms", i), false));
    });
    node[PREFERRED]?.forEach((term, i) => {
      out.push(...nodeSelectorTerm(term.preference, at(at(of, PREFERRED, i), "preference"), true));
    });
  }
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const why = deprecatedNodeLabel(topologyKey);
    if (why) out.push(`${path}.topologySpreadConstraints[${i}].topologyKey: ${topologyKey} is ${why}`);
    if (labelSelector === undefined) out.push(nullSelector(`${path}.topologySpreadConstraints[${i}]`));
  });
}
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

const nullSelector = (path: string): string => `${path}.labelSelector: a null labelSelector results in matching no pod`;

function warnOfPodAffinity(affinity: Affinity, path: string, out: string[]): void {
  for (const kind of ["podAffinity", "podAntiAffinity"] as const) {
    affinity[kind]?.[REQUIRED]?.forEach((term, i) => {
      if (!term.labelSelector) out.push(nullSelector(`${path}.affinity.${kind}.${REQUIRED}[${i}]`));
    });
    affinity[kind]?.[PREFERRED]?.forEach(({ podAffinityTerm }, i) => {
      if (!podAffinityTerm.labelSelector) out.push(nullSelector(`${path}.affinity.${kind}.${PREFERRED}[${i}].podAffinityTerm`));
    });
  }
}

/** Sources of volumes that have gone out of use; a volume has one source. */
const OUT_OF_USE: ReadonlyMap<string, string> = new Map([
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
]);

function warnOfVolume(volume: Volume, specPath: string, i: number, out: string[]): void {
  for (const field in volume) {
    const why = OUT_OF_USE.get(field);
    // The real field is written storageOS in the warning.
    if (why !== undefined) out.push(`${specPath}.volumes[${i}].${field === "storageos" ? "storageOS" : field}: ${why}`);
  }
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (template) out.push(...fractionalStorage(template.spec.resources, `${specPath}.volumes[${i}].ephemeral.volumeClaimTemplate.spec`));
}

/** Files that a token would be written over. */
function warnOfTokenPaths(volumes: readonly Volume[], path: string, out: string[]): void {
  let tokens: Set<string> | undefined;
  for (const v of volumes) {
    for (const s of v.projected?.sources ?? []) {
      if (!s.serviceAccountToken?.path) continue;
      tokens ??= new Set();
      tokens.add(s.serviceAccountToken.path);
    }
  }
  if (!tokens) return;
  const files = tokens;
  const say = (path: string, file: string | undefined): void => {
    if (file !== undefined && files.has(file)) out.push(`${path}: has duplicated path with ServiceAccountToken ${goQuote(file)}`);
  };
  volumes.forEach((v, i) => {
    const at = `${path}[${i}].projected.sources`;
    for (const s of v.projected?.sources ?? []) {
      s.configMap?.items?.forEach((item, k) => {
        say(`${at}.configMap[${k}]`, item.path);
      });
      s.secret?.items?.forEach((item, k) => {
        say(`${at}.secrets[${k}]`, item.path);
      });
      s.downwardAPI?.items?.forEach((item, k) => {
        say(`${at}.downwardAPI[${k}]`, item.path);
      });
      say(`${at}.ClusterTrustBundle`, s.clusterTrustBundle?.path);
    }
  });
}

function warnOfRepeated(keys: readonly string[], say: (key: string, i: number) => string, out: string[]): void {
  const seen = new Set<string>();
  keys.forEach((key, i) => {
    if (seen.has(key)) out.push(say(key, i));
    seen.add(key);
  });
}

const LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;
type List = (typeof LISTS)[number];

function eachContainer(spec: PodSpec, visit: (container: Container, list: List, i: number) => void): void {
  for (const list of LISTS) {
    const containers = spec[list] as readonly Container[] | undefined;
    if (containers) for (let i = 0; i < containers.length; i++) visit(containers[i]!, list, i);
  }
}

/** Annotations about a container that have become fields. */
function warnOfAnnotations(c: Container, spec: PodSpec, annotations: Annotations, path: string, isTemplate: boolean, out: string[]): void {
  const seccomp = SECCOMP_CONTAINER + c.name;
  if (c.securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, seccomp))
    out.push(`${path}[${seccomp}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const appArmor = APP_ARMOR + c.name;
  const hasProfile = spec.securityContext?.appArmorProfile !== undefined || c.securityContext?.appArmorProfile !== undefined;
  // That of a Pod has become a field before it is looked at.
  if (isTemplate && !hasProfile && Object.hasOwn(annotations, appArmor))
    out.push(`${path}[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
}

function warnOfContainer({ resources, env }: Container, specPath: string, list: List, i: number, out: string[]): void {
  if (resources?.limits || resources?.requests) {
    const path = at(at(specPath, list, i), "resources");
    for (const resource of BYTES) {
      out.push(...fractionalBytes(resources.limits?.[resource], at(path, `limits[${resource}]`)));
      out.push(...fractionalBytes(resources.requests?.[resource], at(path, `requests[${resource}]`)));
    }
  }
  if (env) warnOfEnv(env, specPath, list, i, out);
}

const BYTES = ["memory", "ephemeral-storage"] as const;

/** A variable that is set again without what it was. */
function warnOfEnv(env: readonly EnvVar[], specPath: string, list: List, i: number, out: string[]): void {
  const seen = new Set<string>();
  env.forEach(({ name, value = "", valueFrom }, k) => {
    if (!seen.has(name)) {
      seen.add(name);
      return;
    }
    const reference = `$(${name})`;
    if (valueFrom === undefined && value !== reference && value.includes(reference)) return;
    const path = `${specPath}.${list}[${i}].env[${k}]`;
    out.push(`${path}: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`);
  });
}

interface Taken {
  readonly path: Path;
  readonly port: ContainerPort;
}

function warnOfPorts(spec: PodSpec, specPath: string, out: string[]): void {
  let taken: Map<string, Taken[]> | undefined;
  eachContainer(spec, ({ ports }, list, i) => {
    ports?.forEach((port, k) => {
      const path = at(at(specPath, list, i), "ports", k);
      if (port.hostIP && !port.hostPort) out.push(`${path}: hostIP set without hostPort: ${showPort(port)}`);
      const key = `${port.containerPort}/${port.protocol ?? "TCP"}`;
      taken ??= new Map();
      const others = taken.get(key);
      if (!others) {
        taken.set(key, [{ path, port }]);
        return;
      }
      for (const other of others) {
        const how = clash(port, other.port);
        if (how) out.push(`${path}: ${how} port definition with ${other.path}`);
      }
      others.push({ path, port });
    });
  });
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
