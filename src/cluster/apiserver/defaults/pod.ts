/** Pods and Pod templates. @see kubernetes pkg/apis/core/v1/defaults.go; the declarative defaults of staging/src/k8s.io/api/core/v1/types.go */
import type { Container, EnvVar, LifecycleHandler, Pod, PodSpec, PodTemplateSpec, Probe } from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";
import { defaultPullPolicy } from "./image.ts";
import { requestsFromLimits, resourceList, resourceRequirements } from "./resources.ts";
import { volume } from "./volumes.ts";

/** The actions that probes and life cycle hooks share. */
function handler<T extends LifecycleHandler>(given: T): T {
  return change(given as LifecycleHandler, "httpGet", (h) => fill(h, { path: "/", scheme: "HTTP" })) as T;
}

function probe(given: Probe): Probe {
  const p = fill(given, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  return handler(change(p, "grpc", (g) => fill(g, { service: "" })));
}

function envVar(given: EnvVar): EnvVar {
  return change(given, "valueFrom", (from) => {
    const v = change(from, "fieldRef", (r) => fill(r, { apiVersion: "v1" }));
    return change(v, "resourceFieldRef", (r) => fill(r, { divisor: "0" }));
  });
}

function container(given: Container): Container {
  let c = fill(given, {
    imagePullPolicy: defaultPullPolicy(given.image),
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    resources: {},
  });
  c = change(
    c,
    "ports",
    each((p) => fill(p, { protocol: "TCP" })),
  );
  c = change(c, "env", each(envVar));
  c = change(c, "resources", resourceRequirements);
  c = change(c, "livenessProbe", probe);
  c = change(c, "readinessProbe", probe);
  c = change(c, "startupProbe", probe);
  return change(c, "lifecycle", (l) => change(change(l, "postStart", handler), "preStop", handler));
}

/** What a Pod and a template have in common. */
export function podSpec(given: PodSpec): PodSpec {
  let s = fill(given, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
    // The deprecated name is kept equal to the new one.
    serviceAccountName: given.serviceAccount,
  });
  if (s.serviceAccountName !== s.serviceAccount) s = { ...s, serviceAccount: s.serviceAccountName };
  s = change(s, "containers", each(container));
  s = change(s, "initContainers", each(container));
  s = change(s, "ephemeralContainers", each(container as never));
  s = change(s, "volumes", each(volume));
  s = change(s, "resources", resourceRequirements);
  return change(s, "overhead", resourceList);
}

export function podTemplateSpec(template: PodTemplateSpec): PodTemplateSpec {
  return change(template, "spec", podSpec);
}

/** What only a Pod itself gets: requests from limits, host ports of the host's network, service links. */
export function pod(given: Pod): Pod {
  return change(given, "spec", (spec) => {
    let s = podSpec(fill(spec, { enableServiceLinks: true }));
    const alone = s.hostNetwork === true ? (c: Container) => hostPorts(requests(c)) : requests;
    s = change(s, "containers", each(alone));
    s = change(s, "initContainers", each(alone));
    return change(s, "resources", requestsFromLimits);
  });
}

function requests(c: Container): Container {
  return change(c, "resources", requestsFromLimits);
}

function hostPorts(c: Container): Container {
  return change(
    c,
    "ports",
    each((p) => fill(p, { hostPort: p.containerPort })),
  );
}
