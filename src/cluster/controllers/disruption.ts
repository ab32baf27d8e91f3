/**
 * PodDisruptionBudgets: how many Pods may be evicted now.
 * @see kubernetes pkg/controller/disruption/disruption.go
 */
import type { Condition, OwnerReference, Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { controllerOf, groupOf, type Kind, type KubeObject, keyOf, kindOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { goQuote, goSelector } from "../../lib/go-text.ts";
import { scaledValue } from "../../lib/int-or-percent.ts";
import { matchesSelector } from "../../lib/labels.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { isPodReady } from "./pods.ts";

const NAME = "controllermanager";
const BUDGET: Kind<PodDisruptionBudget> = kindOf("policy/v1", "PodDisruptionBudget");
/** An eviction that was allowed and does not show within this time is forgotten, in milliseconds. */
const DISRUPTED_TIMEOUT_MS = 120_000;
/** The counts before anything could be counted. */
const NOTHING = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } as const;
/** Kinds that have a size. */
const SCALED: ReadonlySet<string> = new Set(["apps Deployment", "apps ReplicaSet", "apps StatefulSet", " ReplicationController"]);

/**
 * How many Pods must stay healthy.
 *
 * | budget | expected | → desired |
 * |---|---|---|
 * | minAvailable 2 | any | 2 |
 * | minAvailable 50% | 5 | 3 |
 * | maxUnavailable 1 | 3 | 2 |
 * | maxUnavailable 30% | 5 | 3 |
 */
export function desiredHealthy(spec: PodDisruptionBudget["spec"], expected: number): number {
  if (spec.maxUnavailable !== undefined) return Math.max(0, expected - (scaledValue(spec.maxUnavailable, expected, "up") ?? 0));
  return scaledValue(spec.minAvailable ?? 1, expected, "up") ?? 0;
}

/** The size of what manages the Pods, and how many Pods nobody manages; or why the size is not known. */
function expectedScale(
  context: ComponentContext,
  pods: readonly Pod[],
): { readonly scale: number; readonly unmanaged: number } | { readonly error: string } {
  const scales = new Map<string, number>();
  const seen = new Set<string>();
  let unmanaged = 0;
  for (const pod of pods) {
    const ref = controllerOf(pod);
    if (!ref) unmanaged++;
    if (!ref || seen.has(ref.uid)) continue;
    const owner = scaledOwner(context, pod, ref);
    if (!owner) return { error: `found no controllers for pod ${goQuote(pod.metadata.name)}` };
    if (!SCALED.has(`${groupOf(owner.apiVersion)} ${owner.kind}`) && !isScalable(owner))
      return { error: `${resourceOf(context, owner)} does not implement the scale subresource` };
    seen.add(ref.uid);
    scales.set(owner.metadata.uid ?? "", (owner as unknown as { spec?: { replicas?: number } }).spec?.replicas ?? 1);
  }
  return { scale: [...scales.values()].reduce((a, b) => a + b, 0), unmanaged };
}

/** What manages a Pod: of a Deployment's ReplicaSet, the Deployment as long as it is there. */
function scaledOwner({ client }: ComponentContext, { metadata: { namespace } }: Pod, ref: OwnerReference): KubeObject | undefined {
  const owner = client.get<KubeObject>(kindOf(ref.apiVersion, ref.kind), ref.name, namespace);
  if (owner?.metadata.uid !== ref.uid) return undefined;
  const above = ref.kind === "ReplicaSet" ? controllerOf(owner) : undefined;
  if (above?.kind !== "Deployment") return owner;
  const deployment = client.get<KubeObject>(kindOf(above.apiVersion, above.kind), above.name, namespace);
  return deployment?.metadata.uid === above.uid ? deployment : owner;
}

/** Objects of other kinds count as scalable when they have a size. */
function isScalable(owner: KubeObject): boolean {
  return typeof (owner as unknown as { spec?: { replicas?: unknown } }).spec?.replicas === "number";
}

function resourceOf(context: ComponentContext, owner: KubeObject): string {
  const known = context.client.kinds().find((k) => k.kind.kind === owner.kind && groupOf(k.kind.apiVersion) === groupOf(owner.apiVersion));
  const group = groupOf(owner.apiVersion);
  return `${known?.resource ?? owner.kind.toLowerCase()}${group === "" ? "" : `.${group}`}`;
}

function withCondition(
  before: readonly Condition[] | undefined,
  now: Omit<Condition, "lastTransitionTime">,
  timestamp: string,
): readonly Condition[] {
  const known = before?.find((c) => c.type === now.type);
  const lastTransitionTime = known?.status === now.status ? known.lastTransitionTime : timestamp;
  const next = { ...now, lastTransitionTime };
  return known ? (before ?? []).map((c) => (c === known ? next : c)) : [...(before ?? []), next];
}

function reconcile(context: ComponentContext, budget: PodDisruptionBudget): ReconcileResult {
  const { loop, recorder, informers, client } = context;
  const pods = informers
    .for(POD)
    .inNamespace(budget.metadata.namespace ?? "")
    .filter((p) => matchesSelector(budget.spec.selector, p.metadata.labels));
  if (pods.length === 0) recorder.report(NAME, budget, "Normal", "NoPods", "No matching pods found");
  const generation = budget.metadata.generation ?? 0;
  const condition = (status: string, reason: string, message = "", observedGeneration = generation): readonly Condition[] =>
    withCondition(
      budget.status?.conditions,
      { type: "DisruptionAllowed", status, reason, message, ...(observedGeneration > 0 && { observedGeneration }) },
      loop.timestamp(),
    );
  const scale = needsScale(budget) ? expectedScale(context, pods) : { scale: pods.length, unmanaged: 0 };
  if ("error" in scale) {
    const text = `Failed to calculate the number of expected pods: ${scale.error}`;
    recorder.report(NAME, budget, "Warning", "CalculateExpectedPodCountFailed", text);
    const observed = budget.status?.observedGeneration ?? 0;
    const failed = {
      ...NOTHING,
      ...budget.status,
      disruptionsAllowed: 0,
      conditions: condition("False", "SyncFailed", scale.error, observed),
    };
    return !deepEqual(failed, budget.status) && mustRetry(client.updateStatus({ ...budget, status: failed })) ? "retry" : undefined;
  }
  if (scale.unmanaged > 0) recorder.report(NAME, budget, "Warning", "UnmanagedPods", unmanagedText(budget));
  const disrupted = Object.entries(budget.status?.disruptedPods ?? {}).filter(([name, since]) => {
    const pod = pods.find((p) => p.metadata.name === name);
    return pod && pod.metadata.deletionTimestamp === undefined && loop.now() < loop.instantOf(since) + DISRUPTED_TIMEOUT_MS;
  });
  const going = new Set(disrupted.map(([name]) => name));
  const healthy = pods.filter((p) => isPodReady(p) && p.metadata.deletionTimestamp === undefined && !going.has(p.metadata.name)).length;
  const expected = scale.scale;
  const desired = desiredHealthy(budget.spec, expected);
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
  const status: PodDisruptionBudgetStatus = {
    conditions: allowed > 0 ? condition("True", "SufficientPods") : condition("False", "InsufficientPods"),
    currentHealthy: healthy,
    desiredHealthy: desired,
    ...(disrupted.length > 0 && { disruptedPods: Object.fromEntries(disrupted) }),
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: generation,
  };
  if (!deepEqual(status, budget.status) && mustRetry(client.updateStatus({ ...budget, status }))) return "retry";
  const next = disrupted.map(([, since]) => loop.instantOf(since) + DISRUPTED_TIMEOUT_MS - loop.now());
  if (next.length > 0) return { afterMs: Math.min(...next) };
}

function unmanagedText({ spec }: PodDisruptionBudget): string {
  return [
    `Pods selected by this PodDisruptionBudget (selector: ${goSelector(spec.selector)}) were found to be unmanaged.`,
    "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior.",
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.',
  ].join(" ");
}

/** A number of available Pods needs no total; all else is a share of what should be there. */
function needsScale({ spec }: PodDisruptionBudget): boolean {
  return spec.maxUnavailable !== undefined || typeof spec.minAvailable === "string";
}

export const disruptionController: Controller = {
  name: "disruption-controller",
  start(context) {
    const budgets = context.informers.for(BUDGET);
    const pods = context.informers.for(POD);
    const podsOf = (budget: PodDisruptionBudget): number => pods.inNamespace(budget.metadata.namespace ?? "").length;
    const queue = pacedQueueFor(context, budgets, podsOf, (budget) => reconcile(context, budget));
    budgets.on((_type, budget) => queue.add(keyOf(budget)));
    pods.on((_type, pod, before) => {
      for (const budget of budgets.inNamespace(pod.metadata.namespace ?? "")) {
        const matches = matchesSelector(budget.spec.selector, pod.metadata.labels);
        if (matches || (before && matchesSelector(budget.spec.selector, before.metadata.labels))) queue.add(keyOf(budget));
      }
    });
  },
};
