/**
 * HorizontalPodAutoscalers: every 15 seconds, the size that the measured load asks for, within the bounds and not too fast.
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go
 */
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
  MetricStatus,
  Pod,
} from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { type Kind, keyOf, kindOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { type LabelSelectorShape, matchesSelector } from "../../lib/labels.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import { type MetricsSource, NO_METRICS } from "../../sim/metrics.ts";
import type { ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { milli } from "./hpa.ts";
import { type Dated, type History, limit, type Reason, type Rules, stabilize } from "./hpa-behavior.ts";
import { withLoads } from "./hpa-load.ts";
import { evaluateMetric, type MetricResult, type MetricView } from "./hpa-metrics.ts";
import { type ScaleTarget, scaleTarget, selectorText } from "./scale-target.ts";

const NAME = "horizontal-pod-autoscaler";
const AUTOSCALER: Kind<HorizontalPodAutoscaler> = kindOf("autoscaling/v2", "HorizontalPodAutoscaler");
/** Each autoscaler is looked at so often, the first time after so long, in milliseconds. */
const PERIOD_MS = 15_000;
const TOLERANCE = 0.1;
/** What an autoscaler remembers at most, in milliseconds: the longest period that a policy may have. */
const MEMORY_MS = 3_600_000;
const NO_HISTORY: History = { recommendations: [], ups: [], downs: [] };
/** The status of a metric that could not be had. */
const UNKNOWN_METRIC: MetricStatus = { type: "" };

/** The new state of an autoscaler while one look is being taken at it. */
interface Draft {
  conditions: readonly HorizontalPodAutoscalerCondition[];
}

interface Decision extends Partial<Reason> {
  readonly replicas: number;
  /** Why the size changes, in the words of the event. */
  readonly why?: string;
  readonly metrics?: readonly MetricStatus[] | undefined;
  /** Nothing can be decided: the size stays. */
  readonly error?: string;
}

class Autoscalers {
  readonly #context: ComponentContext;
  readonly #source: MetricsSource;
  readonly #autoscalers: Informer<HorizontalPodAutoscaler>;
  readonly #queue: WorkQueue;
  readonly #histories = new Map<string, History>();
  /** The selectors of the targets, as far as they have been looked at. */
  readonly #selectors = new Map<string, LabelSelectorShape>();

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#source = withLoads(context.metrics ?? NO_METRICS, context.loop);
    this.#autoscalers = context.informers.for(AUTOSCALER);
    this.#queue = queueFor(context, this.#autoscalers, (autoscaler) => this.#look(autoscaler));
    this.#autoscalers.on((type, autoscaler) => {
      const key = keyOf(autoscaler);
      if (type === "DELETED") {
        this.#histories.delete(key);
        this.#selectors.delete(key);
      } else if (type === "ADDED") this.#queue.addAfter(key, PERIOD_MS);
    });
  }

  #look(autoscaler: HorizontalPodAutoscaler): ReconcileResult {
    const { client, loop, recorder } = this.#context;
    const { namespace = "" } = autoscaler.metadata;
    const draft: Draft = { conditions: autoscaler.status?.conditions ?? [] };
    const target = scaleTarget(client, autoscaler.spec.scaleTargetRef, namespace);
    if ("error" in target) {
      recorder.report(NAME, autoscaler, "Warning", "FailedGetScale", target.error);
      this.#condition(draft, "AbleToScale", "False", {
        reason: "FailedGetScale",
        message: `the HPA controller was unable to get the target's current scale: ${target.error}`,
      });
      return this.#write(autoscaler, { ...autoscaler.status, conditions: draft.conditions });
    }
    this.#condition(draft, "AbleToScale", "True", {
      reason: "SucceededGetScale",
      message: "the HPA controller was able to get the target's current scale",
    });
    const history = this.#remember(autoscaler, target.replicas);
    const decision = this.#decide(autoscaler, target, history, draft);
    if (decision.error !== undefined) {
      const status = { ...autoscaler.status, currentReplicas: target.replicas, conditions: draft.conditions };
      const result = this.#write(autoscaler, { ...status, currentMetrics: decision.metrics });
      recorder.report(NAME, autoscaler, "Warning", "FailedComputeMetricsReplicas", decision.error);
      return result;
    }
    const rescaled = decision.replicas !== target.replicas;
    if (rescaled && !this.#resize(autoscaler, target, decision, draft))
      return this.#write(autoscaler, { ...autoscaler.status, currentReplicas: target.replicas, conditions: draft.conditions });
    return this.#write(autoscaler, {
      ...autoscaler.status,
      currentReplicas: target.replicas,
      desiredReplicas: decision.replicas,
      currentMetrics: decision.metrics,
      conditions: draft.conditions,
      ...(rescaled ? { lastScaleTime: loop.timestamp() } : {}),
    });
  }

  /** What is remembered of the autoscaler; the first time, the size it has counts as recommended. */
  #remember(autoscaler: HorizontalPodAutoscaler, current: number): History {
    const key = keyOf(autoscaler);
    const nowMs = this.#context.loop.now();
    const recent = (list: readonly Dated[]): readonly Dated[] => list.filter((d) => d.atMs > nowMs - MEMORY_MS);
    const known = this.#histories.get(key);
    const { recommendations, ups, downs } = known ?? { ...NO_HISTORY, recommendations: [{ atMs: nowMs, replicas: current }] };
    const history = { recommendations: recent(recommendations), ups: recent(ups), downs: recent(downs) };
    this.#histories.set(key, history);
    return history;
  }

  #decide(autoscaler: HorizontalPodAutoscaler, target: ScaleTarget, history: History, draft: Draft): Decision {
    const { minReplicas: min = 1, maxReplicas: max, behavior } = autoscaler.spec;
    const current = target.replicas;
    if (current === 0 && min !== 0) {
      const message = "scaling is disabled since the replica count of the target is zero";
      this.#condition(draft, "ScalingActive", "False", { reason: "ScalingDisabled", message });
      return { replicas: 0 };
    }
    if (current > max) return { replicas: max, why: "Current number of replicas above Spec.MaxReplicas" };
    if (current < min) return { replicas: min, why: "Current number of replicas below Spec.MinReplicas" };
    const measured = this.#measure(autoscaler, target, draft);
    if ("error" in measured) return { replicas: current, error: measured.error, metrics: measured.metrics };
    const nowMs = this.#context.loop.now();
    const rules: Rules | undefined = behavior && { up: behavior.scaleUp ?? {}, down: behavior.scaleDown ?? {} };
    const stable = stabilize(measured.replicas, current, history.recommendations, rules, nowMs);
    this.#histories.set(keyOf(autoscaler), {
      ...history,
      recommendations: [...history.recommendations, { atMs: nowMs, replicas: measured.replicas }],
    });
    this.#condition(draft, "AbleToScale", "True", stable);
    const limited = limit(stable.replicas, { current, min, max }, history, rules, nowMs);
    this.#condition(draft, "ScalingLimited", limited.replicas === stable.replicas ? "False" : "True", limited);
    const why =
      measured.replicas > current ? `${measured.name} above target` : measured.replicas < current ? "All metrics below target" : "";
    return { replicas: limited.replicas, why, metrics: measured.metrics };
  }

  /** The largest of what the metrics ask for. One that cannot be had keeps the size from going down. */
  #measure(
    autoscaler: HorizontalPodAutoscaler,
    target: ScaleTarget,
    draft: Draft,
  ):
    | { readonly replicas: number; readonly name: string; readonly metrics: readonly MetricStatus[] }
    | { readonly error: string; readonly metrics?: readonly MetricStatus[] } {
    const pods = this.#podsOf(autoscaler, target, draft);
    if ("error" in pods) return { error: String(pods.error) };
    const specs = autoscaler.spec.metrics ?? [];
    const results = specs.map((spec) => this.#evaluate(spec, autoscaler, target, pods as readonly Pod[]));
    const metrics = results.map((r) => ("error" in r ? UNKNOWN_METRIC : r.status));
    let best: Extract<MetricResult, { status: MetricStatus }> | undefined;
    for (const r of results) if (!("error" in r) && (!best || r.replicas > best.replicas)) best = r;
    const invalid = results.filter((r) => "error" in r);
    const [first] = invalid;
    if (first && (!best || best.replicas < target.replicas)) {
      this.#condition(draft, "ScalingActive", "False", {
        reason: first.reason,
        message: `the HPA was unable to compute the replica count: ${first.cause}`,
      });
      return { error: `invalid metrics (${invalid.length} invalid out of ${specs.length}), first error is: ${first.error}`, metrics };
    }
    const name = best?.name ?? "";
    const message = `the HPA was able to successfully calculate a replica count from ${name}`;
    this.#condition(draft, "ScalingActive", "True", { reason: "ValidMetricFound", message });
    return { replicas: best?.replicas ?? 0, name, metrics };
  }

  #evaluate(spec: MetricSpec, autoscaler: HorizontalPodAutoscaler, target: ScaleTarget, pods: readonly Pod[]): MetricResult {
    const { loop, recorder } = this.#context;
    const { scaleUp, scaleDown } = autoscaler.spec.behavior ?? {};
    const part = (text: string | number | undefined): number => (text === undefined ? TOLERANCE : milli(text) / 1000);
    const view: MetricView = {
      autoscaler,
      pods,
      current: target.replicas,
      observed: target.observed,
      tolerance: { up: part(scaleUp?.tolerance), down: part(scaleDown?.tolerance) },
      clock: { nowMs: loop.now(), instantOf: (text) => loop.instantOf(text) },
      source: this.#source,
    };
    const result = evaluateMetric(spec, view);
    if ("error" in result) recorder.report(NAME, autoscaler, "Warning", result.reason, result.cause);
    return result;
  }

  /** The Pods of the target, unless another autoscaler has them too. */
  #podsOf(autoscaler: HorizontalPodAutoscaler, target: ScaleTarget, draft: Draft): readonly Pod[] | { readonly error: string } {
    const { informers, recorder } = this.#context;
    const { namespace = "" } = autoscaler.metadata;
    const refuse = (type: string, reason: string, error: string, message = error): { readonly error: string } => {
      recorder.report(NAME, autoscaler, "Warning", type, error);
      this.#condition(draft, "ScalingActive", "False", { reason, message });
      return { error };
    };
    const { selector } = target;
    if (!selector)
      return refuse("SelectorRequired", "InvalidSelector", "selector is required", "the HPA target's scale is missing a selector");
    const pods = informers
      .for(POD)
      .inNamespace(namespace)
      .filter((p) => matchesSelector(selector, p.metadata.labels));
    this.#selectors.set(keyOf(autoscaler), selector);
    const others = this.#autoscalers.inNamespace(namespace).filter((other) => {
      const its = this.#selectors.get(keyOf(other));
      return its !== undefined && pods.some((p) => matchesSelector(its, p.metadata.labels));
    });
    if (others.length <= 1) return pods;
    const names = others.map(keyOf).sort().join(" ");
    const error = `pods by selector ${selectorText(selector)} are controlled by multiple HPAs: [${names}]`;
    return refuse("AmbiguousSelector", "AmbiguousSelector", error);
  }

  /** True when the target has the new size. */
  #resize(autoscaler: HorizontalPodAutoscaler, target: ScaleTarget, { replicas, why = "" }: Decision, draft: Draft): boolean {
    const { loop, recorder } = this.#context;
    const answer = target.resize(replicas);
    if (isRefused(answer)) {
      const text = `New size: ${replicas}; reason: ${why}; error: ${answer.message}`;
      recorder.report(NAME, autoscaler, "Warning", "FailedRescale", text);
      const message = `the HPA controller was unable to update the target scale: ${answer.message}`;
      this.#condition(draft, "AbleToScale", "False", { reason: "FailedUpdateScale", message });
      return false;
    }
    const message = `the HPA controller was able to update the target scale to ${replicas}`;
    this.#condition(draft, "AbleToScale", "True", { reason: "SucceededRescale", message });
    recorder.report(NAME, autoscaler, "Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${why}`);
    const key = keyOf(autoscaler);
    const history = this.#histories.get(key) ?? NO_HISTORY;
    const change = { atMs: loop.now(), replicas: Math.abs(replicas - target.replicas) };
    if (replicas > target.replicas) this.#histories.set(key, { ...history, ups: [...history.ups, change] });
    else this.#histories.set(key, { ...history, downs: [...history.downs, change] });
    return true;
  }

  #condition(draft: Draft, type: string, status: "True" | "False", { reason, message }: Reason): void {
    const old = draft.conditions.find((c) => c.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : this.#context.loop.timestamp();
    const condition: HorizontalPodAutoscalerCondition = { type, status, reason, message, lastTransitionTime };
    draft.conditions = old ? draft.conditions.map((c) => (c === old ? condition : c)) : [...draft.conditions, condition];
  }

  #write(autoscaler: HorizontalPodAutoscaler, wanted: Partial<HorizontalPodAutoscalerStatus>): ReconcileResult {
    const { currentMetrics, ...rest } = { desiredReplicas: 0, ...wanted };
    const status: HorizontalPodAutoscalerStatus = { ...rest, ...(currentMetrics ? { currentMetrics } : {}) };
    if (!deepEqual(status, autoscaler.status) && mustRetry(this.#context.client.updateStatus({ ...autoscaler, status }))) return "retry";
    return { afterMs: PERIOD_MS };
  }
}

export const horizontalPodAutoscalerController: Controller = {
  name: NAME,
  start(context) {
    new Autoscalers(context);
  },
};
