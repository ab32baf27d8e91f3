/** What the stories of `rules*.test.ts` are told with: objects, steps, and what is read from a step. */
import type { Pod, ReplicaSet } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import { type Action, type PlayedStep, play } from "../../src/cluster/scenario.ts";

export const node = (name: string, cpu = "8"): Unchecked => {
  const size = { cpu, memory: "16Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    status: { capacity: size, allocatable: size },
  };
};
export const NODES: readonly Unchecked[] = [node("n1"), node("n2")];

interface Workload {
  readonly replicas: number;
  readonly image?: string;
  readonly spec?: Unchecked;
  readonly annotations?: Unchecked;
  /** Of the Pods: `seatrial.dev/ready: "false"` keeps them from becoming ready. */
  readonly ready?: boolean;
  readonly pod?: Unchecked;
}
export const workload = (
  kind: string,
  { replicas, image = "i:1", spec = {}, annotations, ready = true, pod = {} }: Workload,
): Unchecked => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web", namespace: "default", ...(annotations ? { annotations } : {}) },
  spec: {
    ...(kind === "DaemonSet" ? {} : { replicas }),
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" }, ...(ready ? {} : { annotations: { "seatrial.dev/ready": "false" } }) },
      spec: { containers: [{ name: "c", image }], ...pod },
    },
    ...(kind === "StatefulSet" ? { serviceName: "web" } : {}),
    ...spec,
  },
});
export const deployment = (w: Workload): Unchecked => workload("Deployment", w);
export const apply = (...objects: readonly Unchecked[]): Action => ({ verb: "apply", objects });
export const WEB: { readonly kind: string; readonly name: string } = { kind: "Deployment", name: "web" };

/** Plays the actions, each with its settle time in seconds (default 3). */
export function played(...actions: readonly (Action | [Action, number])[]): readonly PlayedStep[] {
  const steps = actions.map((a) => (Array.isArray(a) ? a : ([a, 3] as const)));
  return play({ about: "", steps: steps.map(([action, settleSeconds]) => ({ action, settleSeconds, written: {} })) }).steps;
}
export const of = <T>(step: PlayedStep | undefined, kind: string): readonly T[] =>
  (step?.objects ?? []).filter((o) => o.kind === kind) as unknown as readonly T[];
export const pods = (step: PlayedStep | undefined): readonly Pod[] => of<Pod>(step, "Pod");
/** `revision replicas/ready image`, by revision. */
export const sets = (step: PlayedStep | undefined): readonly string[] =>
  of<ReplicaSet>(step, "ReplicaSet")
    .map((rs) => {
      const revision = rs.metadata.annotations?.["deployment.kubernetes.io/revision"];
      return `${revision}: ${rs.spec.replicas}/${rs.status?.readyReplicas ?? 0} ${rs.spec.template?.spec?.containers[0]?.image}`;
    })
    .sort();
export const the = <T>(step: PlayedStep | undefined, kind: string): T => of<T>(step, kind)[0]!;
export const said = (step: PlayedStep | undefined): readonly (string | true)[] =>
  step!.answers.map((a) => (a.ok ? true : (a.message ?? "")));
/** `Type Reason: message` of the events so far about objects of a kind, each once. */
export const events = (step: PlayedStep | undefined, kind: string): readonly string[] => [
  ...new Set(step!.events.filter((e) => e.object.startsWith(`${kind} `)).map((e) => `${e.type} ${e.reason}: ${e.message}`)),
];
/** `type status reason` of an object's conditions, by type. */
export const conditions = (object: {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}): readonly string[] => (object.status?.conditions ?? []).map((c) => `${c.type} ${c.status} ${c.reason}`).sort();
/** A Pod of one container. */
export const pod = (name: string, requests: Unchecked | undefined, rest: Unchecked = {}, labels?: Unchecked): Unchecked => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", ...(labels ? { labels } : {}) },
  spec: { containers: [{ name: "c", image: "i:1", ...(requests ? { resources: { requests } } : {}) }], ...rest },
});

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
}
