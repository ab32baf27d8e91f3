/** Containers. @see kubernetes pkg/apis/core/validation/validation.go (validateContainers, validateInitContainers, validateContainerCommon) */
import type { Container, ContainerPort, ContainerResizePolicy, EphemeralContainer, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { dnsLabel, portName, portNumber } from "../meta/formats.ts";
import { checkOneOf, note } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { Seen } from "../seen.ts";
import { checkEnv, checkEnvFrom } from "./env.ts";
import { checkLifecycle, checkProbe } from "./handlers.ts";
import { checkContainerResources } from "./resources.ts";
import { checkSecurityContext } from "./security-context.ts";
import { checkVolumeDevices, checkVolumeMounts, type Volumes } from "./volume-mounts.ts";

/** What a container's rules look at beside it. */
export interface PodContext {
  readonly spec: PodSpec;
  readonly volumes: Volumes;
  readonly claims: ReadonlySet<string>;
  readonly hostUsers: boolean;
}

export const PROTOCOLS = ["SCTP", "TCP", "UDP"] as const;
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"] as const;

export function checkContainers(pod: PodContext, path: Path, out: FieldError[]): void {
  const containers = pod.spec.containers ?? [];
  if (containers.length === 0) {
    out.push(required(path));
    return;
  }
  const names = new Seen();
  for (let i = 0; i < containers.length; i++) {
    const c = containers[i]!;
    const item = at(path, "", i);
    checkContainer(c, pod, item, out);
    if (names.repeats(c.name)) out.push(duplicate(`${item}.name`, c.name));
    checkRunning(c, pod, item, out);
    checkRestartPolicy(c, item, out);
  }
  checkHostPorts(containers, path, out);
}

const RESTART_POLICIES = ["Always", "Never", "OnFailure"] as const;

function checkRestartPolicy({ restartPolicy }: Container, path: Path, out: FieldError[]): void {
  if (restartPolicy !== undefined && !(RESTART_POLICIES as readonly string[]).includes(restartPolicy))
    out.push(notSupported(`${path}.restartPolicy`, restartPolicy, RESTART_POLICIES));
}

/** What only containers that keep running have. */
function checkRunning(c: Container, pod: PodContext, path: Path, out: FieldError[]): void {
  const grace = pod.spec.terminationGracePeriodSeconds;
  if (c.lifecycle) checkLifecycle(c.lifecycle, grace, at(path, "lifecycle"), out);
  if (c.livenessProbe) checkProbe(c.livenessProbe, grace, false, at(path, "livenessProbe"), out);
  if (c.readinessProbe) checkProbe(c.readinessProbe, grace, true, at(path, "readinessProbe"), out);
  if (c.startupProbe) checkProbe(c.startupProbe, grace, false, at(path, "startupProbe"), out);
}

export function checkInitContainers(pod: PodContext, path: Path, out: FieldError[]): void {
  const { containers, initContainers } = pod.spec;
  if (!initContainers) return;
  const names = new Set<string>();
  if (containers) for (const c of containers) names.add(c.name);
  initContainers.forEach((c, i) => {
    const item = at(path, "", i);
    checkContainer(c, pod, item, out);
    checkRestartPolicy(c, item, out);
    if (names.has(c.name)) out.push(duplicate(`${item}.name`, c.name));
    else if (c.name) names.add(c.name);
    if (c.ports) checkHostPorts([c], path, out);
    if (c.restartPolicy === "Always") checkRunning(c, pod, item, out);
    else {
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const) {
        if (c[field] !== undefined)
          out.push(forbidden(`${item}.${field}`, "may not be set for init containers without restartPolicy=Always"));
      }
    }
  });
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

export function checkEphemeralContainers(pod: PodContext, path: Path, out: FieldError[]): void {
  const { ephemeralContainers } = pod.spec;
  if (!ephemeralContainers) return;
  const others = new Set([...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].map((c) => c.name));
  const names = new Set(others);
  ephemeralContainers.forEach((c: EphemeralContainer, i) => {
    const item = at(path, "", i);
    checkContainer(c as Container, pod, item, out);
    if (names.has(c.name)) out.push(duplicate(`${item}.name`, c.name));
    names.add(c.name);
    if (c.targetContainerName && !others.has(c.targetContainerName))
      out.push(notFound(`${item}.targetContainerName`, c.targetContainerName));
    for (const field of NOT_EPHEMERAL) {
      const value = c[field];
      if (value !== undefined && Object.keys(value as object).length > 0)
        out.push(forbidden(`${item}.${field}`, "cannot be set for an Ephemeral Container"));
    }
    c.volumeMounts?.forEach((m, k) => {
      for (const field of ["subPath", "subPathExpr"] as const) {
        if (m[field]) out.push(forbidden(`${item}.volumeMounts[${k}].${field}`, "cannot be set for an Ephemeral Container"));
      }
    });
  });
}

function checkContainer(c: Container, pod: PodContext, path: Path, out: FieldError[]): void {
  if (c.name) note(dnsLabel(c.name), c.name, at(path, "name"), out);
  else out.push(required(`${path}.name`));
  if (!c.image) out.push(required(`${path}.image`));
  checkOneOf(c.terminationMessagePolicy, MESSAGE_POLICIES, at(path, "terminationMessagePolicy"), out);
  if (c.ports) checkPorts(c.ports, at(path, "ports"), out);
  if (c.env) checkEnv(c.env, at(path, "env"), out);
  if (c.envFrom) checkEnvFrom(c.envFrom, at(path, "envFrom"), out);
  if (c.volumeMounts) checkVolumeMounts(c.volumeMounts, c, pod.volumes, at(path, "volumeMounts"), out);
  if (c.volumeDevices) checkVolumeDevices(c.volumeDevices, c.volumeMounts ?? [], pod.volumes, at(path, "volumeDevices"), out);
  checkOneOf(c.imagePullPolicy, PULL_POLICIES, at(path, "imagePullPolicy"), out);
  if (c.resources) checkContainerResources(c.resources, pod.claims, at(path, "resources"), out);
  if (c.resizePolicy) checkResizePolicies(c.resizePolicy, pod.spec, at(path, "resizePolicy"), out);
  if (c.securityContext) checkSecurityContext(c.securityContext, pod.hostUsers, at(path, "securityContext"), out);
}
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"] as const;

function checkPorts(ports: readonly ContainerPort[], path: Path, out: FieldError[]): void {
  const names = new Seen();
  for (let i = 0; i < ports.length; i++) {
    const p = ports[i]!;
    const item = at(path, "", i);
    if (p.name) {
      const texts = portName(p.name);
      note(texts, p.name, at(item, "name"), out);
      if (texts.length === 0 && names.repeats(p.name)) out.push(duplicate(`${item}.name`, p.name));
    }
    if (!p.containerPort) out.push(required(`${item}.containerPort`));
    else for (const text of portNumber(p.containerPort)) out.push(invalidValue(`${item}.containerPort`, p.containerPort, text));
    if (p.hostPort) for (const text of portNumber(p.hostPort)) out.push(invalidValue(`${item}.hostPort`, p.hostPort, text));
    checkOneOf(p.protocol, PROTOCOLS, at(item, "protocol"), out);
  }
}

function checkHostPorts(containers: readonly Container[], path: Path, out: FieldError[]): void {
  const taken = new Seen();
  containers.forEach((c, i) => {
    c.ports?.forEach((p, k) => {
      if (!p.hostPort) return;
      const key = `${p.protocol ?? ""}/${p.hostIP ?? ""}/${p.hostPort}`;
      if (taken.repeats(key)) out.push(duplicate(`${path}[${i}].ports[${k}].hostPort`, key));
    });
  });
}

function checkResizePolicies(policies: readonly ContainerResizePolicy[], spec: PodSpec, path: Path, out: FieldError[]): void {
  const seen = new Set<string>();
  policies.forEach((p, i) => {
    if (seen.has(p.resourceName)) out.push(duplicate(`${path}[${i}]`, p.resourceName));
    seen.add(p.resourceName);
    checkOneOf(p.resourceName, ["cpu", "memory"], path, out);
    checkOneOf(p.restartPolicy, ["NotRequired", "RestartContainer"], path, out);
    if (spec.restartPolicy === "Never" && p.restartPolicy !== "NotRequired") {
      out.push(invalidValue(path, p.restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    }
  });
}
