/**
 * A cluster: API server, controllers, scheduler, kubelets and network put together on one virtual clock.
 * This is the library's `createCluster`; nothing in it throws for a refused object (a refusal is an answer), only for a caller's own mistake.
 */

import type { Pod } from "../../generated/v1.36/model.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import { type Answer, isRefused } from "../sim/answer.ts";
import type { Cascade, FieldValidation } from "../sim/client.ts";
import type { ComponentContext } from "../sim/component.ts";
import { Informers } from "../sim/informer.ts";
import { Loop } from "../sim/loop.ts";
import type { MetricsSource } from "../sim/metrics.ts";
import { type ClusterEvent, Recorder } from "../sim/recorder.ts";
import { compile } from "./apiserver/cel/program.ts";
import { ApiServer } from "./apiserver/server.ts";
import { CONTROLLERS } from "./controllers/index.ts";
import { type Kubelets, startKubelets } from "./kubelet/kubelets.ts";
import { type CloudOptions, createCloud } from "./network/cloud.ts";
import { createPodAddresses } from "./network/pod-addresses.ts";
import { createServiceAddresses } from "./network/services.ts";
import { controllerClient, type OwnController, ownControllers } from "./own-controllers.ts";
import {
  type KubeSchedulerConfiguration,
  problemText,
  readSchedulerConfig,
  type SchedulerSetup,
} from "./scheduler/config/scheduler-config.ts";
import { type Evaluation, evaluate } from "./scheduler/evaluate.ts";
import { type Scheduler, startScheduler } from "./scheduler/scheduler.ts";

export interface ClusterOptions {
  /** Which Kubernetes to be; default and only one so far: `1.36`. */
  readonly version?: "1.36";
  /** CIDR of the Pods; default `10.244.0.0/16`. */
  readonly podNetwork?: string;
  /** CIDR of the Services, or two of them separated by a comma; default `10.96.0.0/12`. */
  readonly serviceNetwork?: string;
  /**
   * Whether controllers, scheduler and kubelets run; default true. With false there is an API server alone. A list adds controllers of one's own
   * (`defineController`) to the built-in ones.
   */
  readonly controllers?: boolean | readonly OwnController[];
  /** How long containers take, in virtual seconds: to start (default 1), to complete (default 1), to stop (default 1). */
  readonly pods?: { readonly startSeconds?: number; readonly runSeconds?: number; readonly stopSeconds?: number };
  /** KubeSchedulerConfiguration, as `kube-scheduler --config` takes it; default: the default profile. */
  readonly scheduler?: KubeSchedulerConfiguration;
  /**
   * What autoscalers measure by; default: nothing but the load profiles in their annotations (`seatrial.dev/load-cpu: "500m, 60s=4"`), as in a cluster
   * without a metrics server.
   */
  readonly metrics?: MetricsSource;
  /**
   * A cloud to assume, or parts of one: addresses for Services of type LoadBalancer, routes, and what Nodes wait for that are tainted as uninitialized.
   * Default: none, as in a cluster without a cloud controller manager.
   */
  readonly cloud?: boolean | CloudOptions;
  /** Whether it is noted who wrote which field, in managed fields; default true. A cluster that nobody applies to twice is faster without. */
  readonly tracksFields?: boolean;
  /** The second of a minute at which virtual time begins; default 0. */
  readonly startsAtSecond?: number;
}

export interface SettleOptions {
  /** Virtual seconds without a change after which the cluster counts as settled; default 3. */
  readonly quietSeconds?: number;
  /** Virtual seconds after which to stop waiting; default 90. */
  readonly maxSeconds?: number;
  /** Called now and then with the number of tasks done, for progress on a terminal. */
  readonly onProgress?: (tasks: number) => void;
}

export interface DeleteRequest {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly cascade?: Cascade;
}

const QUIET_SECONDS = 3;
const SETTLE_SECONDS_MAX = 90;
/** Tasks in one settling or advance at most: about a minute of a fast machine. Reaching it ends the settling unsettled. */
const TASKS_MAX = 50_000_000;
/** Tasks at one instant of virtual time at most: 150,000 Pods that start at once have about two million; more is a circle of reactions. */
const TASKS_AT_ONCE_MAX = 5_000_000;
const PROGRESS_EVERY_TASKS = 5_000;
/**
 * Objects that a simulation goes on with: a real cluster is tested up to 150,000 Pods. A Deployment of two thousand million replicas ends here,
 * and the settling is unsettled.
 */
const OBJECTS_MAX = 200_000;
/** Where the wanted kubernetes version is none of ours. */
const VERSIONS = ["1.36"];

export class Cluster {
  /** The parts, for the tools in this folder: not for users. */
  readonly server: ApiServer;
  readonly loop: Loop;
  readonly kubelets: Kubelets | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly recorder: Recorder;
  readonly informers: Informers;
  /** Whether it runs in a cloud. */
  readonly assumesCloud: boolean;
  #lastChangeMs = 0;
  #limitReached = false;
  #objects = 0;

  constructor(options: ClusterOptions) {
    const own = ownControllers(
      options.controllers,
      CONTROLLERS.map((c) => c.name),
    );
    this.assumesCloud = options.cloud !== undefined && options.cloud !== false;
    this.loop = new Loop(options.startsAtSecond === undefined ? {} : { startsAtSecond: options.startsAtSecond });
    this.recorder = new Recorder(this.loop, () => this.server.countEvent());
    // The not-ready taint of a new Node is the node controller's to take off: without controllers it would stay for ever.
    const disabledPlugins = options.controllers === false ? ["TaintNodesByCondition"] : [];
    this.server = new ApiServer({
      loop: this.loop,
      addresses: createServiceAddresses(options.serviceNetwork),
      disabledPlugins,
      ...(options.tracksFields === undefined ? {} : { tracksFields: options.tracksFields }),
    });
    this.server.onWrite((type, object) => {
      if (type !== "MODIFIED") this.#objects += type === "ADDED" ? 1 : -1;
      if (!isHeartbeat(object)) this.#lastChangeMs = this.loop.now();
    });
    this.informers = new Informers(this.server);
    if (options.controllers === false) return;
    const cloud = createCloud(options.cloud);
    const context = (component: string): ComponentContext => ({
      client: this.server.trustedClient(component),
      informers: this.informers,
      loop: this.loop,
      recorder: this.recorder,
      ...(options.podNetwork === undefined ? {} : { podNetwork: options.podNetwork }),
      ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
      ...(cloud === undefined ? {} : { cloud }),
    });
    for (const controller of CONTROLLERS) controller.start(context(controller.name));
    for (const controller of own) controller.start({ ...context(controller.name), client: controllerClient(this.server, controller.name) });
    this.scheduler = startScheduler(context("kube-scheduler"), {
      compile,
      ...(options.scheduler === undefined ? {} : { setup: schedulerSetup(options.scheduler) }),
    });
    this.kubelets = startKubelets(context("kubelet"), {
      addresses: createPodAddresses(options.podNetwork),
      ...(options.pods ? { pods: options.pods } : {}),
    });
  }

  /** Creates an object (HTTP POST). */
  create(object: unknown, options: { dryRun?: boolean; fieldValidation?: FieldValidation; namespace?: string } = {}): Answer {
    return this.server.create(objectOf(object), options);
  }

  /** Replaces the stored object (HTTP PUT). */
  update(object: unknown, options: { dryRun?: boolean; fieldValidation?: FieldValidation; namespace?: string } = {}): Answer {
    return this.server.update(objectOf(object) as unknown as KubeObject, options);
  }

  /** Server-side apply. */
  apply(object: unknown, options: { fieldManager?: string; force?: boolean; dryRun?: boolean } = {}): Answer {
    return this.server.apply(objectOf(object), options);
  }

  /** Deletes an object; what it owns goes as `cascade` says (default: background). */
  delete(request: DeleteRequest): Answer {
    const kind = this.#kind(request.kind);
    return this.server.delete(
      kind.kind,
      request.name,
      kind.namespaced ? (request.namespace ?? "default") : undefined,
      request.cascade === undefined ? { cascade: "background" } : { cascade: request.cascade },
    );
  }

  /** Lets virtual time run until nothing but heartbeats has changed for `quietSeconds`, `maxSeconds` at most. */
  settle(options: SettleOptions = {}): void {
    const quietMs = (options.quietSeconds ?? QUIET_SECONDS) * 1000;
    const start = this.loop.now();
    const endMs = start + (options.maxSeconds ?? SETTLE_SECONDS_MAX) * 1000;
    this.#lastChangeMs = start;
    this.#run(() => Math.min(this.#lastChangeMs + quietMs, endMs), options.onProgress);
  }

  /** Lets virtual time run for so many seconds. */
  advance(seconds: number, options: Pick<SettleOptions, "onProgress"> = {}): void {
    if (!Number.isFinite(seconds) || seconds < 0) throw new TypeError(`advance takes a number of seconds, 0 or more, not ${seconds}`);
    const endMs = this.loop.now() + seconds * 1000;
    this.#run(() => endMs, options.onProgress);
  }

  /** Runs what is due up to an instant that may move on while it runs, then moves time there. */
  #run(until: () => number, onProgress?: (tasks: number) => void): void {
    let instant = -1;
    for (let tasks = 0, since = 0; tasks < TASKS_MAX && tasks - since < TASKS_AT_ONCE_MAX && this.#objects <= OBJECTS_MAX; tasks++) {
      if (this.loop.now() !== instant) {
        instant = this.loop.now();
        since = tasks;
      }
      const next = this.loop.nextAt();
      if (next === undefined || next > until()) {
        this.loop.skipTo(until());
        return;
      }
      this.loop.step();
      if (onProgress && tasks % PROGRESS_EVERY_TASKS === 0) onProgress(tasks);
    }
    this.#limitReached = true;
  }

  /** True once a settling or an advance has been cut short by the limit on its tasks. */
  get limitReached(): boolean {
    return this.#limitReached;
  }

  /** When something other than a heartbeat last changed, in virtual milliseconds. */
  get lastChangeMs(): number {
    return this.#lastChangeMs;
  }

  /** Virtual seconds since the cluster began. */
  now(): number {
    return this.loop.now() / 1000;
  }

  /** One object; `kind` is a kind, a plural or a short name, with the group behind a dot where it is ambiguous (`Event.events.k8s.io`). */
  get(kind: string, name: string, namespace?: string): KubeObject | undefined {
    const found = this.#kind(kind);
    return this.server.get(found.kind, name, found.namespaced ? (namespace ?? "default") : undefined);
  }

  /** All objects of a kind, of all namespaces when none is given. */
  list(kind: string, namespace?: string): readonly KubeObject[] {
    return this.server.list(this.#kind(kind).kind, namespace);
  }

  /** Everything in the cluster but what a fresh cluster has by itself and nobody touched. */
  objects(): readonly KubeObject[] {
    return this.everything().filter((o) => !this.server.isPristine(o));
  }

  /** Everything in the cluster, in order of group, kind, namespace and name. */
  everything(): readonly KubeObject[] {
    return this.server.kinds().flatMap(({ kind }) => this.server.list(kind));
  }

  /** What the components reported, in order of first occurrence. */
  events(): readonly ClusterEvent[] {
    return this.recorder.list();
  }

  /** What the scheduler would make of a Pod now, node by node. The Pod goes through admission, and is not kept. */
  evaluate(pod: unknown): Evaluation {
    const answer = this.server.create<Pod>(objectOf(pod), { dryRun: true });
    if (isRefused(answer)) return { nodes: {}, message: answer.message };
    return this.scheduler?.evaluate(answer.object) ?? evaluate(answer.object, this.server);
  }

  #kind(text: string): ReturnType<ApiServer["resolveKind"]> & object {
    if (typeof text !== "string" || text === "") throw new TypeError(`a kind is a text such as "Deployment", not ${JSON.stringify(text)}`);
    const found = this.server.resolveKind(text);
    if (!found)
      throw new TypeError(
        `the cluster has no kind ${JSON.stringify(text)}: it is a kind ("Deployment"), a plural ("deployments") or a short name ("deploy")`,
      );
    return found;
  }
}

/** A new, empty cluster: no nodes, and what a fresh control plane makes by itself (system namespaces, their service accounts, …), which is there at once. @throws TypeError for options it cannot have */
export function createCluster(options: ClusterOptions = {}): Cluster {
  if (options.version !== undefined && !VERSIONS.includes(options.version))
    throw new TypeError(`there is no Kubernetes ${options.version} here: one of ${VERSIONS.join(", ")}`);
  for (const [name, value] of Object.entries(options.pods ?? {}))
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new TypeError(`pods.${name} is a number of seconds, 0 or more, not ${value}`);
  const cluster = new Cluster(options);
  cluster.advance(0);
  return cluster;
}

/** @throws TypeError that names every field that is wrong */
function schedulerSetup(config: KubeSchedulerConfiguration): SchedulerSetup {
  const setup = readSchedulerConfig(config);
  if ("problems" in setup) throw new TypeError(`the scheduler cannot be configured so: ${setup.problems.map(problemText).join("; ")}`);
  return setup;
}

/** What a kubelet renews all the time: not a change that keeps a cluster from being settled. */
function isHeartbeat(object: KubeObject): boolean {
  return object.kind === "Lease" && object.metadata.namespace === "kube-node-lease";
}

function objectOf(value: unknown): Unchecked {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(
      `an object such as { apiVersion, kind, metadata } is expected, not ${Array.isArray(value) ? "a list" : String(value)}`,
    );
  return value as Unchecked;
}
