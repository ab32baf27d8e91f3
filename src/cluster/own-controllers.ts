/**
 * Controllers of one's own: what `createCluster({ controllers: [mine] })` takes. One file defines the controller, one entry in that list registers it.
 *
 * It is level-based, as every Kubernetes controller: `reconcile` is called when something it depends on has changed, however often, looks at how
 * things are now, and writes what is missing. Nothing runs beside it: virtual time stands still meanwhile, and what it wrote is in all caches at once.
 */
import { controllerOf, groupOf, type Kind, type KubeObject, keyOf, splitKey, type Unchecked } from "../api/object.ts";
import type { Answer } from "../sim/answer.ts";
import type { Client } from "../sim/client.ts";
import type { ComponentContext } from "../sim/component.ts";
import type { Informers } from "../sim/informer.ts";
import type { Loop } from "../sim/loop.ts";
import { type ReconcileResult, WorkQueue } from "../sim/work-queue.ts";

/** The client of a controller. Its writes are checked as those of any user, and carry the controller's name as field manager. */
export interface ControllerClient extends Client {
  /**
   * Server-side apply: creates the object, or changes the fields named here and leaves the others alone; nothing is written when nothing differs.
   * Fields that others own are taken from them.
   */
  apply<T extends KubeObject = KubeObject>(object: T | Unchecked): Answer<T>;
}

/** Virtual time. */
export type Clock = Pick<Loop, "now" | "timestamp" | "microTimestamp" | "unixMs" | "instantOf">;

/** Keys to look at, each at most once: `namespace/name`, or `name` for a cluster-scoped object. */
export type ControllerQueue = Pick<WorkQueue, "add" | "addAfter" | "addRateLimited" | "failuresOf">;

export interface ReconcileContext {
  /** `namespace/name`, or `name` for a cluster-scoped object. */
  readonly key: string;
  readonly name: string;
  /** `undefined` for a cluster-scoped object. */
  readonly namespace: string | undefined;
  readonly client: ControllerClient;
  /** Caches with indexes, shared with the built-in controllers: `informers.for(kinds.POD).controlledBy(uid)`. They lag behind nothing. */
  readonly informers: Informers;
  readonly queue: ControllerQueue;
  readonly clock: Clock;
  /** Reports an event about an object, by default the reconciled one; `reason` is CamelCase. */
  readonly report: (type: "Normal" | "Warning", reason: string, message: string, about?: KubeObject) => void;
}

/** Objects of another kind that matter to the reconciled ones. */
export interface Watch {
  readonly kind: Kind;
  /** The keys to reconcile when this object has changed: its state before and its state now are both asked. */
  // A method, so that the parameter may have the type of the kind's objects.
  keysOf(object: KubeObject, informers: Informers): readonly string[];
}

export interface ControllerSpec<T extends KubeObject> {
  /** The controller's name, in events and as field manager: `website-controller`. */
  readonly name: string;
  /** The kind it reconciles. It may come later, by a CustomResourceDefinition. */
  readonly for: Kind<T>;
  /** Kinds of which it makes objects: a change of one reconciles the object that its controlling owner reference names. Default: none. */
  readonly owns?: readonly Kind[];
  /** Other kinds to look at. Default: none. */
  readonly watches?: readonly Watch[];
  /**
   * Makes what is there like what is wanted. Returns nothing when done, `"retry"` to be called again after a back-off (5 ms doubling to 1000 s), or
   * `{ afterMs }` to be called again after so many virtual milliseconds.
   */
  reconcile(object: T, context: ReconcileContext): ReconcileResult;
  /** Called when the object is gone. What it owns is deleted by the garbage collector, so most need none. Default: nothing. */
  gone?(context: ReconcileContext): ReconcileResult;
}

/** What the cluster starts: made by `defineController`, or by hand where that is not enough. */
export interface OwnController {
  readonly name: string;
  /** Called once, before anything is in the cluster. May only take informers and register handlers. */
  start(context: ComponentContext & { readonly client: ControllerClient }): void;
}

/** How often one key may be reconciled at one instant of virtual time: more is a controller that answers its own writes for ever. */
const RECONCILES_AT_ONCE_MAX = 10_000;

/**
 * A controller of the common shape.
 * @throws TypeError when the specification lacks something. An error that `reconcile` throws comes out of the `settle` or `advance` during which
 * it ran, with the controller and the key named.
 */
export function defineController<T extends KubeObject>(spec: ControllerSpec<T>): OwnController {
  checkSpec(spec);
  return {
    name: spec.name,
    start(context) {
      const { client, informers, loop, recorder } = context;
      const objects = informers.for(spec.for);
      const guard = new HotLoopGuard(spec.name, loop);
      const queue = new WorkQueue(loop, (key) => {
        guard.count(key);
        const object = objects.get(key);
        const { name, namespace } = splitKey(key);
        const report: ReconcileContext["report"] = (type, reason, message, about = object) => {
          if (about) recorder.report(spec.name, about, type, reason, message);
        };
        const given: ReconcileContext = { key, name, namespace, client, informers, queue, clock: loop, report };
        return checked(spec.name, key, () => (object ? spec.reconcile(object, given) : spec.gone?.(given)));
      });
      objects.on((_type, object) => queue.add(keyOf(object)));
      for (const kind of spec.owns ?? [])
        informers.for(kind).on((_type, object, before) => {
          for (const owned of before ? [before, object] : [object]) {
            const key = ownerKey(owned, spec.for, (k) => objects.get(k));
            if (key !== undefined) queue.add(key);
          }
        });
      for (const watch of spec.watches ?? [])
        informers.for(watch.kind).on((_type, object, before) => {
          for (const seen of before ? [before, object] : [object]) for (const key of watch.keysOf(seen, informers)) queue.add(key);
        });
    },
  };
}

/** The key of the object of the kind that manages this one, as long as it is there. */
function ownerKey(owned: KubeObject, kind: Kind, get: (key: string) => KubeObject | undefined): string | undefined {
  const owner = controllerOf(owned);
  if (owner?.kind !== kind.kind || groupOf(owner.apiVersion) !== groupOf(kind.apiVersion)) return undefined;
  const { namespace } = owned.metadata;
  // The owner is in the same namespace or in none.
  const keys = namespace === undefined ? [owner.name] : [`${namespace}/${owner.name}`, owner.name];
  return keys.find((key) => get(key)?.metadata.uid === owner.uid);
}

/** Names the controller in what its code throws, and refuses what cannot be waited for. */
function checked(name: string, key: string, run: () => ReconcileResult): ReconcileResult {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    throw new Error(`controller ${name}: reconciling ${key} threw: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (result === undefined || result === "retry") return result as ReconcileResult;
  const { then, afterMs } = (result ?? {}) as { readonly then?: unknown; readonly afterMs?: unknown };
  if (typeof then === "function")
    throw new TypeError(`controller ${name}: reconcile returned a promise; it must not be async, since virtual time does not wait`);
  if (typeof afterMs === "number" && Number.isFinite(afterMs) && afterMs >= 0) return { afterMs };
  throw new TypeError(
    `controller ${name}: reconcile returns nothing, "retry" or { afterMs: milliseconds, 0 or more }, not ${JSON.stringify(result)}`,
  );
}

/** Counts what a key costs at one instant. */
class HotLoopGuard {
  readonly #name: string;
  readonly #loop: Loop;
  readonly #counts = new Map<string, number>();
  #atMs = -1;

  constructor(name: string, loop: Loop) {
    this.#name = name;
    this.#loop = loop;
  }

  /** @throws Error when the key has been reconciled too often while no time passed */
  count(key: string): void {
    if (this.#loop.now() !== this.#atMs) {
      this.#atMs = this.#loop.now();
      this.#counts.clear();
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > RECONCILES_AT_ONCE_MAX)
      throw new Error(
        `controller ${this.#name}: ${key} was reconciled ${RECONCILES_AT_ONCE_MAX} times at one instant: each reconcile writes something that differs from what the one before wrote`,
      );
  }
}

function checkSpec<T extends KubeObject>(spec: ControllerSpec<T>): void {
  if (spec === null || typeof spec !== "object") throw new TypeError("defineController takes { name, for, reconcile }");
  if (typeof spec.name !== "string" || spec.name === "")
    throw new TypeError('a controller has a name, by which it reports events: "website-controller"');
  const kinds = [spec.for, ...(spec.owns ?? []), ...(spec.watches ?? []).map((w) => w?.kind)];
  for (const kind of kinds)
    if (typeof kind?.apiVersion !== "string" || typeof kind.kind !== "string")
      throw new TypeError(`controller ${spec.name}: a kind is { apiVersion, kind }, as kindOf("example.com/v1", "Website") makes it`);
  if (typeof spec.reconcile !== "function") throw new TypeError(`controller ${spec.name} has no reconcile function`);
  for (const watch of spec.watches ?? [])
    if (typeof watch.keysOf !== "function")
      throw new TypeError(`controller ${spec.name}: a watch of ${watch.kind.kind} says with keysOf which keys to reconcile`);
}

/** The controllers of one's own among the options, checked. @throws TypeError for what is no controller, or two of one name */
export function ownControllers(
  given: boolean | readonly OwnController[] | undefined,
  builtIn: readonly string[],
): readonly OwnController[] {
  if (given === undefined || typeof given === "boolean") return [];
  if (!Array.isArray(given)) throw new TypeError("controllers is true, false or a list of controllers of your own");
  const names = new Set(builtIn);
  for (const controller of given as readonly (OwnController | undefined)[]) {
    if (typeof controller?.name !== "string" || typeof controller.start !== "function")
      throw new TypeError("a controller of your own is what defineController returns");
    if (names.has(controller.name)) throw new TypeError(`there is a controller ${controller.name} already`);
    names.add(controller.name);
  }
  return given;
}

/** What the API server gives a controller: its writes are decoded, defaulted and checked as those of any user. */
export function controllerClient(
  server: Client & { apply(object: Unchecked, options: { readonly fieldManager: string; readonly force: boolean }): Answer },
  name: string,
): ControllerClient {
  const as = <O extends object>(options: O | undefined): O & { readonly fieldManager: string } =>
    ({ fieldManager: name, ...options }) as never;
  return {
    get: (kind, object, namespace) => server.get(kind, object, namespace),
    list: (kind, namespace) => server.list(kind, namespace),
    watch: (kind, handler) => server.watch(kind, handler),
    kinds: () => server.kinds(),
    create: (object, options) => server.create(object, as(options)),
    update: (object, options) => server.update(object, as(options)),
    updateStatus: (object, options) => server.updateStatus(object, as(options)),
    patch: (kind, object, namespace, patch, options) => server.patch(kind, object, namespace, patch, as(options)),
    delete: (kind, object, namespace, options) => server.delete(kind, object, namespace, options),
    bind: (pod, namespace, node) => server.bind(pod, namespace, node),
    apply: (object) => server.apply(object as Unchecked, { fieldManager: name, force: true }) as never,
  };
}
