/**
 * The API server: every read and write of the cluster goes through here, as in a real one.
 *
 * A write passes: decode → defaults → mutating admission → what its kind fills in → validation → validating admission (quota last) → store →
 * watches, at once. Nothing here throws for a refused request: a refusal is an answer.
 * Simplified: requests are never denied for who makes them (no authentication, no RBAC).
 */
import type { Pod, Service } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import type { Kind, KubeObject, Unchecked } from "../../api/object.ts";
import { invariant } from "../../lib/invariant.ts";
import { type Answer, isRefused, type Refused } from "../../sim/answer.ts";
import type { Client, DeleteOptions, WatchHandler, WriteOptions } from "../../sim/client.ts";
import type { Loop } from "../../sim/loop.ts";
import type { ServiceAddresses } from "../../sim/network.ts";
import { admitDelete } from "./admit.ts";
import { type ApplyOptions, applyObject } from "./apply-request.ts";
import { bindPod } from "./bind.ts";
import { belongsToFreshCluster, bootstrapObjects } from "./bootstrap.ts";
import { applyClientSide } from "./client-side-apply.ts";
import { Core, type Request } from "./core.ts";
import { createObject } from "./create.ts";
import { fillDefaults } from "./defaults/index.ts";
import { decideDelete } from "./delete.ts";
import { withGivenEmpties } from "./given-empties.ts";
import { inNamespace, requestNamespace } from "./metadata.ts";
import { type PatchOptions, patchObject } from "./patch-request.ts";
import { type Read, readObject, withWarnings } from "./read-object.ts";
import type { KnownKind, Registered } from "./registry.ts";
import { tooLargeBody, tooLargeForEtcd } from "./request-size.ts";
import { reserve } from "./service-allocation.ts";
import { badRequest, conflict, NO_SUCH_RESOURCE, noMatch, notFound } from "./status.ts";
import { strategyOf } from "./strategy/index.ts";
import { updateObject, updateStatusOf } from "./update.ts";
import { collectWarnings, type Warn } from "./warnings/collect.ts";

export interface ApiServerOptions {
  readonly loop: Loop;
  readonly addresses: ServiceAddresses;
  /** Admission plugins that are left out, as by kube-apiserver's `--disable-admission-plugins`; default none. */
  readonly disabledPlugins?: readonly string[];
  /** Whether it is noted who wrote which field, in managed fields; default true. Nothing but server-side apply reads them. */
  readonly tracksFields?: boolean;
}

/** The manager of fields that are written without naming one. */
const DEFAULT_MANAGER = "seatrial";
/** How much later than what a component does next its event is written, in milliseconds. @see kubernetes client-go tools/record (the broadcaster) */
const BROADCAST_MS = 5;

export class ApiServer implements Client {
  readonly #core: Core;
  /** What the bootstrap made, as it was made. */
  readonly #bootstrap = new WeakSet<KubeObject>();

  constructor({ loop, addresses, disabledPlugins = [], tracksFields = true }: ApiServerOptions) {
    this.#core = new Core(loop, addresses, disabledPlugins, tracksFields);
    for (const object of bootstrapObjects(addresses)) {
      const answer = this.#createTrusted(object, {});
      invariant(!isRefused(answer), `the bootstrap is accepted: ${answer.message}`);
      this.#bootstrap.add(answer.object);
    }
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    return this.#core.store.get(this.#core.idOf(kind), name, namespace) as T | undefined;
  }

  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    return this.#core.store.list(this.#core.idOf(kind), namespace) as unknown as readonly T[];
  }

  watch<T extends KubeObject>(kind: Kind<T>, handler: WatchHandler<T>): () => void {
    for (const object of this.list(kind)) handler("ADDED", object, undefined);
    return this.#core.watches.add(this.#core.idOf(kind), handler as unknown as WatchHandler);
  }

  /** Told of every write to come, of all kinds. */
  onWrite(handler: WatchHandler): () => void {
    return this.#core.watches.addToAll(handler);
  }

  /** An event is written: it takes a revision, as in etcd, a moment later, since a broadcaster of its own writes it. */
  countEvent(): void {
    this.#core.store.countWrite(this.#core.loop.now() + BROADCAST_MS);
  }

  kinds(): readonly KnownKind[] {
    return this.#core.registry.kinds();
  }

  /** A kind by its name, plural, singular or short name, with its group behind a dot where it is ambiguous. */
  resolveKind(text: string): KnownKind | undefined {
    return this.#core.registry.resolve(text);
  }

  /** Whether a fresh cluster has the object by itself, and nobody has touched it. */
  isPristine(object: KubeObject): boolean {
    return belongsToFreshCluster(object, (o) => this.#bootstrap.has(o));
  }

  create<T extends KubeObject>(object: T | Unchecked, options: WriteOptions = {}): Answer<T> {
    const read = readObject(this.#core, object as Unchecked, options.fieldValidation ?? "Warn", tooLargeBody);
    if ("refused" in read) return read.refused;
    return (read.isSmall ? this.#create(read, object, options, false) : this.#createLarge(read, object, options)) as Answer<T>;
  }

  update<T extends KubeObject>(object: T, options: WriteOptions = {}): Answer<T> {
    return this.#sized(object, options.dryRun, (dryRun) => this.#update(object, { ...options, dryRun }, false)) as Answer<T>;
  }

  updateStatus<T extends KubeObject>(object: T, options: WriteOptions = {}): Answer<T> {
    return this.#sized(object, options.dryRun, (dryRun) => this.#updateStatus(object, { ...options, dryRun }, false)) as Answer<T>;
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: string,
    namespace: string | undefined,
    patch: unknown,
    options: PatchOptions = {},
  ): Answer<T> {
    return (tooLargeBody(patch) ?? this.#patch(kind, name, namespace, patch, options, false)) as Answer<T>;
  }

  /** Server-side apply: creates the object when it is not there. The default manager is `kubectl`. */
  apply(object: Unchecked, options: ApplyOptions = {}): Answer {
    return this.#sized(object, options.dryRun, (dryRun) => applyObject(this.#core, object, { ...options, dryRun }));
  }

  /** As `kubectl apply` would send it: a patch where kubectl has applied the object before, else as `apply`. */
  applyAsKubectl(object: Unchecked, options: ApplyOptions = {}): Answer {
    return applyClientSide(this.#core, object) ?? this.apply(object, options);
  }

  delete<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string, options: DeleteOptions = {}): Answer<T> {
    return this.#remove(kind, name, namespace, options, false) as Answer<T>;
  }

  #remove(kind: Kind, name: string, namespace: string | undefined, options: DeleteOptions = {}, trusted: boolean): Answer {
    const registered = this.#core.registry.find(kind.apiVersion, kind.kind);
    if (!registered) return noMatch(kind.apiVersion, kind.kind, name, namespace ?? "");
    const old = this.#core.store.get(registered.id, name, namespace);
    if (!old) return notFound(registered.info, name);
    return collectWarnings(
      { trusted },
      (warn) => this.#refuseDelete(registered, old, options, warn) ?? this.#delete(registered, old, options),
    );
  }

  bind(podName: string, namespace: string, nodeName: string): Answer {
    const registered = this.#core.registry.find(POD.apiVersion, POD.kind)!;
    const pod = this.#core.store.get(registered.id, podName, namespace) as Pod | undefined;
    return pod ? bindPod(this.#core, registered, pod, nodeName) : notFound(registered.info, podName);
  }

  /**
   * Puts an object of a running cluster in as it is there: status, uid, times and owners are kept, admission is not asked. An object that is
   * there already is replaced.
   */
  load(given: Unchecked): Answer {
    const read = readObject(this.#core, given, "Ignore");
    if ("refused" in read) return read.refused;
    const { registered } = read;
    if (!read.object.metadata.name) return badRequest("name must be provided");
    const namespace = requestNamespace(registered.info, undefined, read.object.metadata.namespace);
    const placed = inNamespace(fillDefaults(read.object), namespace) as KubeObject;
    const old = this.#core.stored(registered, placed);
    const { name } = placed.metadata;
    const object: KubeObject = {
      ...placed,
      metadata: {
        ...placed.metadata,
        uid: placed.metadata.uid ?? this.#core.store.table(registered.id).newUid(registered.info.kind, name, namespace),
        creationTimestamp: placed.metadata.creationTimestamp ?? this.#core.now(),
      },
    };
    if (registered.id === "/Service") reserve(object as Service, this.#core.addresses);
    return { code: old ? 200 : 201, object: this.#core.put(registered, object, old) };
  }

  /**
   * The client of a component of the control plane: its writes are known to have the right shape, so they are not decoded, and what it
   * creates is not tracked in managed fields.
   */
  trustedClient(component: string): Client {
    const plain = { fieldManager: component };
    const as = <T extends WriteOptions>(options: T | undefined): T => (options ? Object.assign({}, plain, options) : plain) as T;
    return {
      get: (kind, name, namespace) => this.get(kind, name, namespace),
      list: (kind, namespace) => this.list(kind, namespace),
      watch: (kind, handler) => this.watch(kind, handler),
      kinds: () => this.kinds(),
      create: (object, options) => this.#createTrusted(object as KubeObject, as(options)) as never,
      update: (object, options) => this.#update(object, as(options), true) as never,
      updateStatus: (object, options) => this.#updateStatus(object, as(options), true) as never,
      patch: (kind, name, namespace, patch, options) => this.#patch(kind, name, namespace, patch, as(options), true) as never,
      delete: (kind, name, namespace, options) => this.#remove(kind, name, namespace, options, true) as never,
      bind: (podName, namespace, nodeName) => this.bind(podName, namespace, nodeName),
    };
  }

  /** A request may be too large to be read, or what is right in it too large to be kept. */
  #sized(object: unknown, dryRun = false, write: (dryRun: boolean) => Answer): Answer {
    return tooLargeBody(object) ?? this.#kept(object, dryRun, write);
  }

  #kept(object: unknown, dryRun = false, write: (dryRun: boolean) => Answer): Answer {
    if (dryRun) return write(true);
    const { apiVersion = "", kind = "" } = (object ?? {}) as Partial<KubeObject>;
    const isCustom = kind === "CustomResourceDefinition" || this.#core.registry.find(apiVersion, kind)?.custom !== undefined;
    const unkept = tooLargeForEtcd(object, isCustom);
    if (!unkept) return write(false);
    const answer = write(true);
    return isRefused(answer) ? answer : unkept;
  }

  /** For a component of ours, whose objects are known to have the right shape. */
  #createTrusted(given: KubeObject, options: WriteOptions): Answer {
    const read = this.#known(given);
    return "refused" in read ? read.refused : this.#create(read, given, options, true);
  }

  /** `given` as it was handed in, `read` as it is understood. */
  #create(read: Read, given: unknown, options: WriteOptions, trusted: boolean): Answer {
    const { registered } = read;
    const placed = inNamespace(read.object, requestNamespace(registered.info, options.namespace, read.object.metadata.namespace));
    if ("code" in placed) return placed;
    const filled = trusted ? this.#core.templates.withDefaults(placed) : fillDefaults(placed);
    const request = requestOf(options, trusted);
    const answer = createObject(this.#core, registered, filled, request);
    const told = trusted || !isRefused(answer) ? answer : this.#inGivenWords(answer, given, filled, registered, request);
    return withWarnings(told, read.warnings);
  }

  #createLarge(read: Read, given: unknown, options: WriteOptions): Answer {
    return this.#kept(given, options.dryRun, (dryRun) => this.#create(read, given, { ...options, dryRun }, false));
  }

  #inGivenWords(answer: Answer, given: unknown, filled: KubeObject, registered: Registered, request: Request): Answer {
    const again = (object: KubeObject): Answer => createObject(this.#core, registered, object, { ...request, dryRun: true });
    return withGivenEmpties(answer, given, filled, registered, again);
  }

  /** A stored object of the same kind and name, to be replaced or patched. */
  #find(registered: Registered, object: KubeObject, options: WriteOptions): { placed: KubeObject; old: KubeObject } | { refused: Refused } {
    const placed = inNamespace(object, requestNamespace(registered.info, options.namespace, object.metadata.namespace));
    if ("code" in placed) return { refused: placed };
    if (!placed.metadata.name) return { refused: badRequest("name must be provided") };
    const old = this.#core.stored(registered, placed);
    return old ? { placed, old } : { refused: notFound(registered.info, placed.metadata.name) };
  }

  #update(given: KubeObject, options: WriteOptions, trusted: boolean): Answer {
    const read = trusted ? this.#known(given) : readObject(this.#core, given as unknown as Unchecked, options.fieldValidation ?? "Warn");
    if ("refused" in read) return read.refused;
    const { registered } = read;
    const found = this.#find(registered, read.object, options);
    if ("refused" in found) return found.refused;
    const object = trusted ? found.placed : fillDefaults(found.placed);
    const request = requestOf(options, trusted);
    const answer = updateObject(this.#core, registered, object, found.old, request);
    const again = (stated: KubeObject): Answer => updateObject(this.#core, registered, stated, found.old, { ...request, dryRun: true });
    const told = trusted ? answer : withGivenEmpties(answer, given, object, registered, again);
    return withWarnings(told, read.warnings);
  }

  #updateStatus(given: KubeObject, options: WriteOptions, trusted: boolean): Answer {
    const read = trusted ? this.#known(given) : readObject(this.#core, given as unknown as Unchecked, options.fieldValidation ?? "Warn");
    if ("refused" in read) return read.refused;
    const { registered } = read;
    if (!registered.hasStatus) return NO_SUCH_RESOURCE;
    const found = this.#find(registered, read.object, options);
    if ("refused" in found) return found.refused;
    const { placed, old } = found;
    return withWarnings(updateStatusOf(this.#core, registered, placed, old, requestOf(options, trusted)), read.warnings);
  }

  #patch(kind: Kind, name: string, namespace: string | undefined, patch: unknown, options: PatchOptions, trusted: boolean): Answer {
    const registered = this.#core.registry.find(kind.apiVersion, kind.kind);
    if (!registered) return noMatch(kind.apiVersion, kind.kind, name, namespace ?? "");
    const old = this.#core.store.get(registered.id, name, namespace);
    if (!old) return notFound(registered.info, name);
    return patchObject(this.#core, registered, old, patch, options, requestOf(options, trusted));
  }

  #refuseDelete(registered: Registered, old: KubeObject, options: DeleteOptions, warn: Warn): Refused | undefined {
    const { info } = registered;
    const { name, namespace, uid = "", resourceVersion = "" } = old.metadata;
    const wanted = options.preconditions ?? {};
    if (wanted.uid !== undefined && wanted.uid !== uid)
      return conflict(
        { group: info.group, resource: info.kind },
        name,
        `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      );
    if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion)
      return conflict(
        { group: info.group, resource: info.kind },
        name,
        `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      );
    const request = { operation: "DELETE", resource: info, namespace, name, old, dryRun: options.dryRun ?? false, warn } as const;
    return admitDelete(request, this.#core.admissionContext);
  }

  #delete(registered: Registered, old: KubeObject, options: DeleteOptions): Answer {
    const deletion = decideDelete(old, strategyOf(registered), options, this.#core.loop);
    if (deletion.action === "nothing" || options.dryRun) return { code: 200, object: deletion.object };
    const object =
      deletion.action === "remove" ? this.#core.remove(registered, deletion.object) : this.#core.put(registered, deletion.object, old);
    return { code: 200, object };
  }

  /** An object whose shape is known to be right. */
  #known(object: KubeObject): Read | { refused: Refused } {
    const registered = this.#core.registry.find(object.apiVersion, object.kind);
    if (registered) return { registered, object, warnings: [], isSmall: false };
    return { refused: noMatch(object.apiVersion, object.kind, object.metadata.name, object.metadata.namespace ?? "") };
  }
}

function requestOf(options: WriteOptions, trusted: boolean): Request {
  return { dryRun: options.dryRun ?? false, trusted, manager: options.fieldManager ?? DEFAULT_MANAGER };
}
