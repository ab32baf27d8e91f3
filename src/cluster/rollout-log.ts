/** Watches the workloads and notes every state their rollouts go through. */
import type { DaemonSet, Deployment, StatefulSet } from "../../generated/v1.36/model.ts";
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from "../api/kinds.ts";
import type { KubeObject } from "../api/object.ts";
import type { Informers } from "../sim/informer.ts";
import type { Loop } from "../sim/loop.ts";
import type { Rollout, RolloutStep } from "./snapshot.ts";

/** States kept for one workload at most; a rollout of 5,000 Pods one by one has about as many. */
const STEPS_MAX = 20_000;

interface Entry {
  readonly object: KubeObject;
  readonly steps: RolloutStep[];
}

export class RolloutLog {
  readonly #loop: Loop;
  readonly #entries = new Map<string, Entry>();

  constructor(informers: Informers, loop: Loop) {
    this.#loop = loop;
    informers.for(DEPLOYMENT).on((type, o) => this.#note(type === "DELETED", o, replicaNumbers(o)));
    informers.for(STATEFUL_SET).on((type, o) => this.#note(type === "DELETED", o, replicaNumbers(o)));
    informers.for(DAEMON_SET).on((type, o) => this.#note(type === "DELETED", o, daemonSetNumbers(o)));
  }

  #note(deleted: boolean, object: KubeObject, numbers: Omit<RolloutStep, "atMs">): void {
    const id = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
    if (deleted) {
      this.#entries.delete(id);
      return;
    }
    const steps = this.#entries.get(id)?.steps ?? [];
    this.#entries.set(id, { object, steps });
    const step: RolloutStep = { atMs: this.#loop.now(), ...numbers };
    const last = steps.at(-1);
    if (last && same(last, step)) return;
    if (last && last.atMs === step.atMs) steps[steps.length - 1] = step;
    else if (steps.length < STEPS_MAX) steps.push(step);
  }

  /** Forgets the steps so far: what comes next is the change. The state that each workload is in stays as its first step. */
  restart(): void {
    for (const entry of this.#entries.values()) entry.steps.splice(0, entry.steps.length - 1);
  }

  /** When a workload that is not complete last moved; undefined when all are. */
  lastStepOfWaitingMs(): number | undefined {
    let last: number | undefined;
    for (const { object, steps } of this.#entries.values()) if (!isComplete(object)) last = Math.max(last ?? 0, steps.at(-1)?.atMs ?? 0);
    return last;
  }

  /** In order of kind, namespace and name. Workloads in which nothing moved have no steps. */
  rollouts(): readonly Rollout[] {
    return [...this.#entries.keys()].sort().map((id) => {
      const { object, steps } = this.#entries.get(id)!;
      const { namespace = "", name } = object.metadata;
      return { kind: object.kind, namespace, name, steps: steps.length > 1 ? [...steps] : [], complete: isComplete(object) };
    });
  }
}

function same(a: RolloutStep, b: RolloutStep): boolean {
  return a.desired === b.desired && a.updated === b.updated && a.old === b.old && a.ready === b.ready && a.available === b.available;
}

function replicaNumbers(workload: Deployment | StatefulSet): Omit<RolloutStep, "atMs"> {
  const { spec, status } = workload;
  const updated = status?.updatedReplicas ?? 0;
  return {
    desired: spec.replicas ?? 1,
    updated,
    old: Math.max(0, (status?.replicas ?? 0) - updated),
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

function daemonSetNumbers(d: DaemonSet): Omit<RolloutStep, "atMs"> {
  const updated = d.status?.updatedNumberScheduled ?? 0;
  return {
    desired: d.status?.desiredNumberScheduled ?? 0,
    updated,
    old: Math.max(0, (d.status?.currentNumberScheduled ?? 0) - updated),
    ready: d.status?.numberReady ?? 0,
    available: d.status?.numberAvailable ?? 0,
  };
}

/** All replicas are of the newest revision and available, and nothing older is left. @see kubernetes deployment_util.go DeploymentComplete */
function isComplete(object: KubeObject): boolean {
  const { status } = object as Deployment;
  if ((status?.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) return false;
  if (object.kind === "DaemonSet") {
    const n = daemonSetNumbers(object as DaemonSet);
    return n.updated === n.desired && n.available === n.desired;
  }
  const n = replicaNumbers(object as Deployment | StatefulSet);
  return n.updated === n.desired && n.available === n.desired && n.old === 0;
}
