/**
 * What each metric of an autoscaler says: a number of replicas and a status, or what is wrong with it.
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go (computeReplicasForMetric and the functions below it)
 */
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
  Pod,
} from "../../../generated/v1.36/model.ts";
import { goSelector } from "../../lib/go-text.ts";
import { formatQuantity } from "../../lib/quantity.ts";
import type { MetricsSource, PodMeasures, Unmeasured } from "../../sim/metrics.ts";
import {
  type Clock,
  groupPods,
  milli,
  type Proposal,
  podRequests,
  replicasForAverage,
  replicasForShare,
  replicasForUtilization,
  replicasForValue,
  type Tolerance,
} from "./hpa.ts";
import { isPodReady } from "./pods.ts";

export interface MetricView {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly pods: readonly Pod[];
  /** Of the target's spec, and of its status. */
  readonly current: number;
  readonly observed: number;
  readonly tolerance: Tolerance;
  readonly clock: Clock;
  readonly source: MetricsSource;
}

export type MetricResult =
  | { readonly replicas: number; readonly name: string; readonly status: MetricStatus }
  /** `cause`: as the condition and the event of the metric say it; `error`: as it is passed on. */
  | { readonly error: string; readonly cause: string; readonly reason: string };

const NO_PODS = "no pods returned by selector while calculating replica count";

export function evaluateMetric(spec: MetricSpec, view: MetricView): MetricResult {
  if (spec.type === "Resource" && spec.resource) {
    const { name, target } = spec.resource;
    const found = evaluateResource(name, undefined, target, view);
    if ("error" in found) return failed("FailedGetResourceMetric", found.error, `failed to get ${name} resource metric value`);
    return { ...found, status: { type: "Resource", resource: { name, current: found.current } } };
  }
  if (spec.type === "ContainerResource" && spec.containerResource) {
    const { name, container, target } = spec.containerResource;
    const found = evaluateResource(name, container, target, view);
    if ("error" in found) return failed("FailedGetContainerResourceMetric", found.error, `failed to get ${name} container metric value`);
    return { ...found, status: { type: "ContainerResource", containerResource: { name, container, current: found.current } } };
  }
  if (spec.type === "Pods" && spec.pods) return evaluatePods(spec.pods, view);
  if (spec.type === "Object" && spec.object) return evaluateObject(spec.object, view);
  if (spec.type === "External" && spec.external) return evaluateExternal(spec.external, view);
  const error = `unknown metric source type ${JSON.stringify(spec.type)}`;
  return { error, cause: error, reason: "InvalidMetricSourceType" };
}

function failed(reason: string, cause: string, context: string): MetricResult {
  return { reason, cause, error: `${context}: ${cause}` };
}

interface Evaluated {
  readonly replicas: number;
  readonly name: string;
  readonly current: MetricValueStatus;
}

/** Thousandths as a quantity. */
function quantity(thousandths: number): string {
  return formatQuantity({ nano: BigInt(Math.round(thousandths)) * 1_000_000n, format: "DecimalSI" });
}

function isUnmeasured(found: PodMeasures | number | Unmeasured): found is Unmeasured {
  return typeof found === "object" && "error" in found;
}

function evaluateResource(
  resource: string,
  container: string | undefined,
  target: MetricTarget,
  view: MetricView,
): Evaluated | { readonly error: string } {
  const { autoscaler, pods, current, clock, source, tolerance } = view;
  const measure = (): PodMeasures | Unmeasured => {
    const found = source.resource({ autoscaler, pods, resource, container });
    if (isUnmeasured(found)) return { error: `unable to get metrics for resource ${resource}: ${found.error}` };
    return pods.length === 0 ? { error: NO_PODS } : found;
  };
  if (target.averageValue !== undefined) {
    const found = measure();
    const proposal: Proposal = isUnmeasured(found)
      ? found
      : replicasForAverage(current, milli(target.averageValue), groupPods(pods, found, resource, clock), tolerance);
    if ("error" in proposal) return { error: `failed to get ${resource} usage: ${proposal.error}` };
    return { replicas: proposal.replicas, name: `${resource} resource`, current: { averageValue: quantity(proposal.average) } };
  }
  if (target.averageUtilization === undefined)
    return { error: "invalid resource metric source: neither an average utilization target nor an average value (usage) target was set" };
  const proposal = utilization(resource, container, target.averageUtilization, measure(), view);
  if ("error" in proposal) return { error: `failed to get ${resource} utilization: ${proposal.error}` };
  return {
    replicas: proposal.replicas,
    name: `${resource} ${container === undefined ? "" : "container "}resource utilization (percentage of request)`,
    current: { averageUtilization: proposal.utilization ?? 0, averageValue: quantity(proposal.average) },
  };
}

function utilization(
  resource: string,
  container: string | undefined,
  target: number,
  found: PodMeasures | Unmeasured,
  { pods, current, clock, tolerance }: MetricView,
): Proposal {
  if (isUnmeasured(found)) return found;
  const groups = groupPods(pods, found, resource, clock);
  if (groups.ready.size === 0) return replicasForUtilization(current, target, groups, new Map(), tolerance);
  const requests = podRequests(pods, resource, container);
  if ("error" in requests) return { error: String(requests.error) };
  return replicasForUtilization(current, target, groups, requests as ReadonlyMap<string, number>, tolerance);
}

function evaluatePods({ metric, target }: NonNullable<MetricSpec["pods"]>, view: MetricView): MetricResult {
  const { autoscaler, pods, current, clock, source, tolerance } = view;
  const { name, selector } = metric;
  const reason = "FailedGetPodsMetric";
  const fail = (cause: string): MetricResult => failed(reason, cause, "failed to get pods metric value");
  const found = source.pods({ autoscaler, pods, metric: name, selector });
  if (isUnmeasured(found)) return fail(`unable to get metric ${name}: ${found.error}`);
  if (pods.length === 0) return fail(NO_PODS);
  const proposal = replicasForAverage(current, milli(target.averageValue ?? 0), groupPods(pods, found, "", clock), tolerance);
  if ("error" in proposal) return fail(proposal.error);
  const status: MetricStatus = { type: "Pods", pods: { metric, current: { averageValue: quantity(proposal.average) } } };
  return { replicas: proposal.replicas, name: `pods metric ${name}`, status };
}

/** Replicas for one value: as a whole, or so much for each replica. */
function evaluateValue(
  usage: number,
  target: MetricTarget,
  { current, observed, pods, tolerance }: MetricView,
): { readonly replicas: number; readonly current: MetricValueStatus } | { readonly error: string } | undefined {
  if (target.averageValue !== undefined) {
    const replicas = replicasForShare(observed, usage, milli(target.averageValue), tolerance);
    return { replicas, current: { averageValue: quantity(Math.ceil(usage / Math.max(1, observed))) } };
  }
  if (target.value === undefined) return undefined;
  if (pods.length === 0 && current !== 0) return { error: `unable to calculate ready pods: ${NO_PODS}` };
  const ready = pods.filter((p) => p.status?.phase === "Running" && isPodReady(p)).length;
  return { replicas: replicasForValue(current, ready, usage, milli(target.value), tolerance), current: { value: quantity(usage) } };
}

function evaluateObject({ metric, target, describedObject }: NonNullable<MetricSpec["object"]>, view: MetricView): MetricResult {
  const { autoscaler, pods, source } = view;
  const { name, selector } = metric;
  const shared = target.averageValue !== undefined;
  const context = `failed to get object metric value${shared ? `: failed to get ${name} object metric` : ""}`;
  const fail = (cause: string): MetricResult => failed("FailedGetObjectMetric", cause, context);
  const usage = source.object({ autoscaler, pods, metric: name, selector, object: describedObject });
  if (isUnmeasured(usage)) {
    const where = `${describedObject.kind} on ${autoscaler.metadata.namespace} ${describedObject.name}`;
    return fail(`unable to get metric ${name}: ${where}/${usage.error}`);
  }
  const found = evaluateValue(usage, target, view);
  if (!found) return fail("invalid object metric source: neither a value target nor an average value target was set");
  if ("error" in found) return fail(found.error);
  return {
    replicas: found.replicas,
    name: shared ? `external metric ${name}(${goSelector(selector)})` : `${describedObject.kind} metric ${name}`,
    status: { type: "Object", object: { describedObject, metric, current: found.current } },
  };
}

function evaluateExternal({ metric, target }: NonNullable<MetricSpec["external"]>, view: MetricView): MetricResult {
  const { autoscaler, pods, source } = view;
  const { name, selector } = metric;
  const context = target.averageValue === undefined ? `failed to get external metric ${name}` : `failed to get ${name} external metric`;
  const fail = (cause: string): MetricResult => failed("FailedGetExternalMetric", cause, `failed to get external metric value: ${context}`);
  const usage = source.external({ autoscaler, pods, metric: name, selector });
  if (isUnmeasured(usage)) {
    const where = `${autoscaler.metadata.namespace}/${name}/${goSelector(selector)}`;
    return fail(`unable to get external metric ${where}: ${usage.error}`);
  }
  const found = evaluateValue(usage, target, view);
  if (!found) return fail("invalid external metric source: neither a value target nor an average value target was set");
  if ("error" in found) return fail(found.error);
  const status: MetricStatus = { type: "External", external: { metric, current: found.current } };
  return { replicas: found.replicas, name: `external metric ${name}(${goSelector(selector)})`, status };
}
