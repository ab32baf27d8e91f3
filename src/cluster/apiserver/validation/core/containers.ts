/** Containers. @see kubernetes pkg/apis/core/validation/validation.go (validateContainers, validateInitContainers, validateContainerCommon) */
import type { Container, ContainerPort, ContainerResizePolicy, EphemeralContainer, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { dnsLabel, portName, portNumber } from "../meta/formats.ts";
import { all, oneOf } from "../meta/object-meta.ts";
import { validateEnv, validateEnvFrom } from "./env.ts";
import { validateLifecycle, validateProbe } from "./handlers.ts";
import { validateContainerResources } from "./resources.ts";
import { validateSecurityContext } from "./security-context.ts";
import { type Volumes, validateVolumeDevices, validateVolumeMounts } from "./volume-mounts.ts";

/** What a container's rules look at beside it. */
export interface PodContext {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  readonly claims: ReadonlySet<string>;
  readonly hostUsers: boolean;
}

export const PROTOCOLS = ["SCTP", "TCP", "UDP"] as const;
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"] as const;

export function validateContainers(pod: PodContext, path: string): FieldError[] {
  const containers = pod.spec.containers ?? [];
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  const out: FieldError[] = [];
  containers.forEach((c, i) => {
    const at = `${path}[${i}]`;
    out.push(...validateContainer(c, pod, at));
    if (names.has(c.name)) out.push(duplicate(`${at}.name`, c.name));
    names.add(c.name);
    out.push(...validateRunning(c, pod, at));
    if (c.restartPolicy !== undefined && !isKnownRestartPolicy(c.restartPolicy)) {
      out.push(notSupported(`${at}.restartPolicy`, c.restartPolicy, RESTART_POLICIES));
    }
  });
  return out.concat(hostPortConflicts(containers, path));
}

const RESTART_POLICIES = ["Always", "Never", "OnFailure"] as const;
const isKnownRestartPolicy = (policy: string): boolean => (RESTART_POLICIES as readonly string[]).includes(policy);

/** What only containers that keep running have. */
function validateRunning(c: Container, pod: PodContext, path: string): FieldError[] {
  const grace = pod.spec.terminationGracePeriodSeconds;
  return [
    ...validateLifecycle(c.lifecycle, grace, `${path}.lifecycle`),
    ...validateProbe(c.livenessProbe, grace, `${path}.livenessProbe`, "liveness"),
    ...validateProbe(c.readinessProbe, grace, `${path}.readinessProbe`, "readiness"),
    ...validateProbe(c.startupProbe, grace, `${path}.startupProbe`, "startup"),
  ];
}

export function validateInitContainers(pod: PodContext, path: string): FieldError[] {
  const out: FieldError[] = [];
  const names = new Set((pod.spec.containers ?? []).map((c) => c.name));
  pod.spec.initContainers?.forEach((c, i) => {
    const at = `${path}[${i}]`;
    out.push(...validateContainer(c, pod, at));
    if (c.restartPolicy !== undefined && !isKnownRestartPolicy(c.restartPolicy)) {
      out.push(notSupported(`${at}.restartPolicy`, c.restartPolicy, RESTART_POLICIES));
    }
    if (names.has(c.name)) out.push(duplicate(`${at}.name`, c.name));
    else if (c.name) names.add(c.name);
    out.push(...hostPortConflicts([c], path));
    if (c.restartPolicy === "Always") out.push(...validateRunning(c, pod, at));
    else {
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
        if (c[field] !== undefined)
          out.push(forbidden(`${at}.${field}`, "may not be set for init containers without restartPolicy=Always"));
      }
    }
  });
  return out;
}

/** Of an ephemeral container only these may be set. */
const NOT_EPHEMERAL = [
  "ports",
  "resources",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "restartPolicy",
  "resizePolicy",
] as const;

export function validateEphemeralContainers(pod: PodContext, path: string): FieldError[] {
  const out: FieldError[] = [];
  const others = new Set([...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].map((c) => c.name));
  const names = new Set(others);
  pod.spec.ephemeralContainers?.forEach((c: EphemeralContainer, i) => {
    const at = `${path}[${i}]`;
    out.push(...validateContainer(c as Container, pod, at));
    if (names.has(c.name)) out.push(duplicate(`${at}.name`, c.name));
    names.add(c.name);
    if (c.targetContainerName && !others.has(c.targetContainerName)) out.push(notFound(`${at}.targetContainerName`, c.targetContainerName));
    for (const field of NOT_EPHEMERAL) {
      const value = c[field];
      if (value !== undefined && Object.keys(value as object).length > 0)
        out.push(forbidden(`${at}.${field}`, "cannot be set for an Ephemeral Container"));
    }
    c.volumeMounts?.forEach((m, k) => {
      for (const field of ["subPath", "subPathExpr"] as const) {
        if (m[field]) out.push(forbidden(`${at}.volumeMounts[${k}].${field}`, "cannot be set for an Ephemeral Container"));
      }
    });
  });
  return out;
}

function validateContainer(c: Container, pod: PodContext, path: string): FieldError[] {
  return [
    ...(c.name ? all(`${path}.name`, c.name, dnsLabel(c.name)) : [required(`${path}.name`)]),
    ...(c.image ? [] : [required(`${path}.image`)]),
    ...oneOf(`${path}.terminationMessagePolicy`, c.terminationMessagePolicy, ["File", "FallbackToLogsOnError"]),
    ...validatePorts(c.ports, `${path}.ports`),
    ...validateEnv(c.env, `${path}.env`),
    ...validateEnvFrom(c.envFrom, `${path}.envFrom`),
    ...validateVolumeMounts(c, pod.volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(c, pod.volumes, `${path}.volumeDevices`),
    ...oneOf(`${path}.imagePullPolicy`, c.imagePullPolicy, PULL_POLICIES),
    ...validateContainerResources(c.resources, pod.claims, `${path}.resources`),
    ...validateResizePolicies(c.resizePolicy, pod.spec, `${path}.resizePolicy`),
    ...validateSecurityContext(c.securityContext, pod.hostUsers, `${path}.securityContext`),
  ];
}

function validatePorts(ports: readonly ContainerPort[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return (ports ?? []).flatMap((p, i) => {
    const at = `${path}[${i}]`;
    const out: FieldError[] = [];
    if (p.name) {
      const texts = portName(p.name);
      if (texts.length > 0) out.push(...all(`${at}.name`, p.name, texts));
      else if (names.has(p.name)) out.push(duplicate(`${at}.name`, p.name));
      else names.add(p.name);
    }
    if (!p.containerPort) out.push(required(`${at}.containerPort`));
    else for (const text of portNumber(p.containerPort)) out.push(invalidValue(`${at}.containerPort`, p.containerPort, text));
    if (p.hostPort) for (const text of portNumber(p.hostPort)) out.push(invalidValue(`${at}.hostPort`, p.hostPort, text));
    return out.concat(oneOf(`${at}.protocol`, p.protocol, PROTOCOLS));
  });
}

function hostPortConflicts(containers: readonly Container[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((c, i) =>
    (c.ports ?? []).flatMap((p, k) => {
      if (!p.hostPort) return [];
      const key = `${p.protocol ?? ""}/${p.hostIP ?? ""}/${p.hostPort}`;
      if (taken.has(key)) return [duplicate(`${path}[${i}].ports[${k}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

function validateResizePolicies(policies: readonly ContainerResizePolicy[] | undefined, spec: PodSpec, path: string): FieldError[] {
  const seen = new Set<string>();
  return (policies ?? []).flatMap((p, i) => {
    const out: FieldError[] = [];
    if (seen.has(p.resourceName)) out.push(duplicate(`${path}[${i}]`, p.resourceName));
    seen.add(p.resourceName);
    out.push(...oneOf(path, p.resourceName, ["cpu", "memory"]), ...oneOf(path, p.restartPolicy, ["NotRequired", "RestartContainer"]));
    if (spec.restartPolicy === "Never" && p.restartPolicy !== "NotRequired") {
      out.push(invalidValue(path, p.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
    return out;
  });
}
