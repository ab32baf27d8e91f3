/**
 * Pods keep to the Pod Security Standards that the labels of their namespace choose: `enforce` refuses Pods, `warn` tells, also of workloads.
 * Nothing is exempt, and a namespace without labels is privileged, as in a cluster without a configuration of its own.
 * @see kubernetes staging/src/k8s.io/pod-security-admission/admission/admission.go
 */
import type { Namespace, Pod, PodSpec } from "../../../../generated/v1.36/model.ts";
import { NAMESPACE, POD } from "../../../api/kinds.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { goQuote } from "../../../lib/go-text.ts";
import type { Refused } from "../../../sim/answer.ts";
import { invalid } from "../field-error.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, forbid } from "./plugin.ts";
import type { PodLike } from "./pod-security/check.ts";
import { tellDetails, violationsOf } from "./pod-security/evaluate.ts";
import { policyOf, type Standard, strictness, tellStandard } from "./pod-security/labels.ts";
import { warningsOfPods } from "./pod-security/namespace-pods.ts";

const WORKLOADS: ReadonlySet<string> = new Set([
  "/podtemplates",
  "/replicationcontrollers",
  "apps/daemonsets",
  "apps/deployments",
  "apps/replicasets",
  "apps/statefulsets",
  "batch/cronjobs",
  "batch/jobs",
]);

export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  resources: ["/namespaces", "/pods", ...WORKLOADS],
  validate(request, context) {
    if (request.operation === "DELETE" || !request.object) return undefined;
    const { group, resource } = request.resource;
    const id = `${group}/${resource}`;
    if (id === "/namespaces") return request.subresource === undefined ? judgeNamespace(request, context) : undefined;
    if (id === "/pods") return judgePod(request, context);
    if (WORKLOADS.has(id) && request.subresource === undefined) warnOfWorkload(request, context);
    return undefined;
  },
};

/** Subresources that do not change what a Pod may do. */
const IGNORED: ReadonlySet<string> = new Set(["binding", "eviction", "status"]);

function judgeNamespace(request: AdmissionRequest, context: AdmissionContext): Refused | undefined {
  const namespace = request.object as Namespace;
  const { name } = namespace.metadata;
  const policy = policyOf(namespace.metadata.labels);
  const before = request.old && policyOf(request.old.metadata.labels);
  if (policy.errors.length > 0 && !deepEqual(policy.errors, before?.errors)) return invalid(request.resource, name, policy.errors);
  if (before && request.warn && isTightened(before.enforce, policy.enforce))
    for (const warning of warningsOfPods(name, policy.enforce, context.list(POD, name))) request.warn(warning);
  return undefined;
}

function isTightened(before: Standard, after: Standard): boolean {
  if (after.level === "privileged") return false;
  return before.version !== after.version || strictness(after) > strictness(before);
}

function judgePod(request: AdmissionRequest, context: AdmissionContext): Refused | undefined {
  if (IGNORED.has(request.subresource ?? "")) return undefined;
  const pod = request.object as Pod;
  if (!pod.spec) return undefined;
  if (request.old && !changesImages(pod.spec, (request.old as Pod).spec ?? { containers: [] })) return undefined;
  const { enforce, warn } = policyOf(labelsOf(request, context));
  const violations = violationsOf(enforce, pod as PodLike);
  if (violations.length > 0) return forbid(request, `violates PodSecurity ${goQuote(tellStandard(enforce))}: ${tellDetails(violations)}`);
  tell(request, warn, pod as PodLike);
  return undefined;
}

function warnOfWorkload(request: AdmissionRequest, context: AdmissionContext): void {
  const pod = request.warn && templateOf(request.object as unknown as Workload);
  if (pod?.spec) tell(request, policyOf(labelsOf(request, context)).warn, pod as PodLike);
}

function tell(request: AdmissionRequest, standard: Standard, pod: PodLike): void {
  const violations = request.warn ? violationsOf(standard, pod) : [];
  if (violations.length > 0) request.warn?.(`would violate PodSecurity ${goQuote(tellStandard(standard))}: ${tellDetails(violations)}`);
}

interface Workload {
  readonly kind: string;
  /** Of a PodTemplate. */
  readonly template?: Partial<PodLike>;
  readonly spec?: {
    readonly template?: Partial<PodLike>;
    readonly jobTemplate?: { readonly spec?: { readonly template?: Partial<PodLike> } };
  };
}

function templateOf({ template, spec }: Workload): Partial<PodLike> | undefined {
  return template ?? spec?.template ?? spec?.jobTemplate?.spec?.template;
}

function labelsOf(request: AdmissionRequest, context: AdmissionContext): Readonly<Record<string, string>> | undefined {
  return context.get(NAMESPACE, request.namespace ?? "")?.metadata.labels;
}

/** Of a running Pod, only new containers and new images can make it worse. */
function changesImages(spec: PodSpec, old: PodSpec): boolean {
  for (const list of ["containers", "initContainers"] as const) {
    const now = spec[list] ?? [];
    const before = old[list] ?? [];
    if (now.length !== before.length || now.some((c, i) => c.image !== before[i]?.image)) return true;
  }
  const before = new Map((old.ephemeralContainers ?? []).map((c) => [c.name, c.image]));
  return (spec.ephemeralContainers ?? []).some((c) => !before.has(c.name) || before.get(c.name) !== c.image);
}
