/**
 * Scenarios: what-if stories, played step by step on virtual time.
 * This is the player; reading a scenario file and the manifests it names is `sdk/scenario-file.ts`.
 */
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import { NODE } from "../api/kinds.ts";
import { groupOf, type KubeObject, type Unchecked } from "../api/object.ts";
import { type Answer, isRefused } from "../sim/answer.ts";
import type { Cascade } from "../sim/client.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import { refusalText, warningText } from "./apiserver/kubectl-text.ts";
import { type Cluster, type ClusterOptions, createCluster } from "./cluster.ts";
import { drain } from "./drain.ts";
import { rollback } from "./rollback.ts";
import { type Timeline, TimelineLog } from "./timeline.ts";

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** One verb and what it is done to. */
export type Action =
  | { readonly verb: "apply"; readonly objects: readonly Unchecked[] }
  | { readonly verb: "scale"; readonly target: Target; readonly replicas: number }
  | { readonly verb: "delete"; readonly target: Target; readonly cascade?: Cascade }
  | { readonly verb: "cordon" | "uncordon" | "drain" | "nodeDown" | "nodeUp"; readonly node: string }
  | { readonly verb: "rollback"; readonly target: Target; readonly toRevision?: number }
  | { readonly verb: "restart"; readonly target: Target }
  | { readonly verb: "advance"; readonly seconds: number };

export interface ScenarioStep {
  readonly action: Action;
  /** Seconds without a change after which the step is over. */
  readonly settleSeconds: number;
  /** The step as it is written, for the report. */
  readonly written: unknown;
}

export interface Scenario {
  readonly about: string;
  readonly startsAtSecond?: number;
  readonly steps: readonly ScenarioStep[];
}

/** One request's outcome, in the words of kubectl. */
export interface StepAnswer {
  readonly ok: boolean;
  readonly message?: string;
  readonly warnings?: readonly string[];
}

export interface PlayedStep {
  readonly step: unknown;
  readonly answers: readonly StepAnswer[];
  /** Everything in the cluster but what a fresh cluster has by itself and nobody touched; of the kinds that Kubernetes itself has. */
  readonly objects: readonly KubeObject[];
  /** The same of the kinds that CustomResourceDefinitions brought. Apart from the others, since the recordings we are held against leave them out. */
  readonly customResources: readonly KubeObject[];
  readonly events: readonly ClusterEvent[];
  /** Virtual seconds at the beginning and at the end of the step. */
  readonly fromSeconds: number;
  readonly atSeconds: number;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  readonly timeline: Timeline;
}

export interface PlayOptions extends ClusterOptions {
  /** Called before each step. */
  readonly onStep?: (index: number, step: ScenarioStep) => void;
}

/** What one request of kubectl takes, in virtual seconds: what the controllers do meanwhile is done before the next one. */
export const REQUEST_SECONDS = 0.1;
const STEPS_MAX = 10_000;

/** Plays a scenario from its beginning. */
export function play(scenario: Scenario, options: PlayOptions = {}): Played {
  if (scenario.steps.length > STEPS_MAX)
    throw new TypeError(`a scenario has at most ${STEPS_MAX} steps, this one has ${scenario.steps.length}`);
  const cluster = createCluster({
    ...options,
    ...(scenario.startsAtSecond === undefined ? {} : { startsAtSecond: scenario.startsAtSecond }),
  });
  cluster.settle();
  const log = new TimelineLog(cluster.informers, cluster.loop);
  const steps = scenario.steps.map((step, i): PlayedStep => {
    options.onStep?.(i, step);
    const fromSeconds = cluster.now();
    const answers = act(cluster, step.action);
    cluster.settle({ quietSeconds: step.settleSeconds });
    const all = cluster.objects();
    return {
      step: step.written,
      answers,
      objects: all.filter((o) => !isCustom(o)),
      customResources: all.filter(isCustom),
      events: cluster.events(),
      fromSeconds,
      atSeconds: cluster.now(),
    };
  });
  return { steps, timeline: log.timeline() };
}

const BUILT_IN: ReadonlySet<string> = new Set(RESOURCES.map((r) => `${r.group} ${r.kind}`));

function isCustom({ apiVersion, kind }: KubeObject): boolean {
  return !BUILT_IN.has(`${groupOf(apiVersion)} ${kind}`);
}

function act(cluster: Cluster, action: Action): readonly StepAnswer[] {
  switch (action.verb) {
    case "apply":
      return action.objects.map((object) => {
        const answer = cluster.apply(object, { force: true });
        cluster.advance(REQUEST_SECONDS);
        return told(answer);
      });
    case "scale":
      return [told(patch(cluster, action.target, { spec: { replicas: action.replicas } }))];
    case "delete":
      if (!cluster.server.resolveKind(action.target.kind)) return [told(noSuchKind(action.target.kind))];
      return [told(cluster.delete({ ...action.target, cascade: action.cascade ?? "background" }))];
    case "cordon":
      return [told(setUnschedulable(cluster, action.node, true))];
    case "uncordon":
      return [told(setUnschedulable(cluster, action.node, false))];
    case "drain": {
      const cordoned = setUnschedulable(cluster, action.node, true);
      return [isRefused(cordoned) ? told(cordoned) : drain(cluster, action.node)];
    }
    case "nodeDown":
    case "nodeUp":
      return [setDown(cluster, action.node, action.verb === "nodeDown")];
    case "rollback":
      return [undone(cluster, action.target, action.toRevision ?? 0)];
    case "restart":
      return [
        told(
          patch(cluster, action.target, {
            spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": cluster.loop.timestamp() } } } },
          }),
        ),
      ];
    case "advance":
      cluster.advance(action.seconds);
      return [];
  }
}

function told(answer: Answer): StepAnswer {
  const warnings = answer.warnings?.length ? { warnings: answer.warnings.map(warningText) } : {};
  return isRefused(answer) ? { ok: false, message: refusalText(answer), ...warnings } : { ok: true, ...warnings };
}

function patch(cluster: Cluster, target: Target, change: Unchecked): Answer {
  const kind = cluster.server.resolveKind(target.kind);
  if (!kind) return noSuchKind(target.kind);
  return cluster.server.patch(kind.kind, target.name, kind.namespaced ? (target.namespace ?? "default") : undefined, change, {
    fieldManager: "kubectl",
  });
}

function noSuchKind(kind: string): Answer {
  return { code: 404, reason: "NotFound", message: `the server doesn't have a resource type "${kind.toLowerCase()}"` };
}

function setUnschedulable(cluster: Cluster, node: string, unschedulable: boolean): Answer {
  return cluster.server.patch(
    NODE,
    node,
    undefined,
    { spec: { unschedulable: unschedulable || null } },
    { fieldManager: "kubectl-cordon" },
  );
}

function setDown(cluster: Cluster, node: string, down: boolean): StepAnswer {
  if (!cluster.server.get(NODE, node)) return { ok: false, message: `Error from server (NotFound): nodes "${node}" not found` };
  cluster.kubelets?.setDown(node, down);
  return { ok: true };
}

function undone(cluster: Cluster, target: Target, toRevision: number): StepAnswer {
  const kind = cluster.server.resolveKind(target.kind);
  const answer = kind ? rollback(cluster.server, kind, target.name, target.namespace ?? "default", toRevision) : noSuchKind(target.kind);
  return "error" in answer ? { ok: false, message: `error: ${answer.error}` } : told(answer);
}
