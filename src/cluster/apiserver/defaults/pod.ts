/** Pods and Pod templates. @see kubernetes pkg/apis/core/v1/defaults.go; the declarative defaults of staging/src/k8s.io/api/core/v1/types.go */
import type { Container, EnvVar, LifecycleHandler, Pod, PodSpec, PodTemplateSpec, Probe } from "../../../../generated/v1.36/model.ts";
import type { Draft } from "./fill.ts";
import { defaultPullPolicy } from "./image.ts";
import { requestsFromLimits, resourceList, resourceRequirements } from "./resources.ts";
import { volume } from "./volumes.ts";

/** The actions that probes and life cycle hooks share. */
function handler({ httpGet }: Draft<LifecycleHandler>): void {
  if (!httpGet) return;
  httpGet.path ??= "/";
  httpGet.scheme ??= "HTTP";
}

function probe(p: Draft<Probe>): void {
  p.timeoutSeconds ??= 1;
  p.periodSeconds ??= 10;
  p.successThreshold ??= 1;
  p.failureThreshold ??= 3;
  if (p.grpc) p.grpc.service ??= "";
  handler(p);
}

function envVar({ valueFrom }: Draft<EnvVar>): void {
  if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ??= "v1";
  if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ??= "0";
}

function container(c: Draft<Container>): void {
  c.imagePullPolicy ??= defaultPullPolicy(c.image);
  c.terminationMessagePath ??= "/dev/termination-log";
  c.terminationMessagePolicy ??= "File";
  c.resources ??= {};
  for (const port of c.ports ?? []) port.protocol ??= "TCP";
  c.env?.forEach(envVar);
  resourceRequirements(c.resources);
  if (c.livenessProbe) probe(c.livenessProbe);
  if (c.readinessProbe) probe(c.readinessProbe);
  if (c.startupProbe) probe(c.startupProbe);
  if (c.lifecycle?.postStart) handler(c.lifecycle.postStart);
  if (c.lifecycle?.preStop) handler(c.lifecycle.preStop);
}

/** What a Pod and a template have in common. */
export function podSpec(s: Draft<PodSpec>): void {
  s.dnsPolicy ??= "ClusterFirst";
  s.restartPolicy ??= "Always";
  s.securityContext ??= {};
  s.terminationGracePeriodSeconds ??= 30;
  s.schedulerName ??= "default-scheduler";
  // The deprecated name is kept equal to the new one.
  if (s.serviceAccountName === undefined && s.serviceAccount !== undefined) s.serviceAccountName = s.serviceAccount;
  if (s.serviceAccountName !== s.serviceAccount) s.serviceAccount = s.serviceAccountName;
  s.containers?.forEach(container);
  s.initContainers?.forEach(container);
  for (const c of s.ephemeralContainers ?? []) container(c as Draft<Container>);
  s.volumes?.forEach(volume);
  if (s.resources) resourceRequirements(s.resources);
  if (s.overhead) resourceList(s.overhead);
}

export function podTemplateSpec({ spec }: Draft<PodTemplateSpec>): void {
  if (spec) podSpec(spec);
}

/** What only a Pod itself gets: requests from limits, host ports of the host's network, service links. */
export function pod({ spec: s }: Draft<Pod>): void {
  if (!s) return;
  s.enableServiceLinks ??= true;
  podSpec(s);
  for (const c of [...(s.containers ?? []), ...(s.initContainers ?? [])]) {
    if (c.resources) requestsFromLimits(c.resources);
    if (s.hostNetwork === true) for (const port of c.ports ?? []) port.hostPort ??= port.containerPort;
  }
  if (s.resources) requestsFromLimits(s.resources);
}
