/** What all requests share: the store with its watchers, the kinds, the clock; and the last step of every write. */
import type { CustomResourceDefinition, ObjectMeta, Service } from "../../../generated/v1.36/model.ts";
import { groupOf, type Kind, type KubeObject } from "../../api/object.ts";
import { copied } from "../../lib/changed.ts";
import { nameSuffix } from "../../lib/random.ts";
import type { Loop } from "../../sim/loop.ts";
import type { ServiceAddresses } from "../../sim/network.ts";
import type { AdmissionContext } from "./admission/plugin.ts";
import { PodTemplates } from "./pod-templates.ts";
import { type Registered, Registry, tableId } from "./registry.ts";
import { releaseAll } from "./service-allocation.ts";
import { Store } from "./store.ts";
import { WatchHub } from "./watch.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Who asks, and how. */
export interface Request {
  readonly dryRun: boolean;
  /** Of a component of ours: shapes are known, fields need not be tracked. */
  readonly trusted: boolean;
  /** Whose the written fields are. */
  readonly manager: string;
}

/** A generated name is the prefix, cut to this many letters, and five random ones. @see apiserver pkg/storage/names/generate.go */
const GENERATED_PREFIX_MAX = 58;

const SERVICE = tableId("", "Service");
const DEFINITION = tableId("apiextensions.k8s.io", "CustomResourceDefinition");

export class Core {
  readonly store: Store = new Store();
  readonly registry: Registry = new Registry();
  readonly watches: WatchHub = new WatchHub();
  readonly loop: Loop;
  readonly addresses: ServiceAddresses;
  /** How many names were generated from a prefix. */
  readonly #generated = new Map<string, number>();
  readonly templates: PodTemplates = new PodTemplates();
  #nowMs = -1;
  #nowText = "";
  readonly admissionContext: AdmissionContext;
  readonly tracksFields: boolean;

  /** @param tracksFields whether managed fields are kept */
  constructor(loop: Loop, addresses: ServiceAddresses, disabledPlugins: readonly string[], tracksFields: boolean) {
    this.tracksFields = tracksFields;
    this.loop = loop;
    this.addresses = addresses;
    this.admissionContext = {
      loop,
      disabled: new Set(disabledPlugins),
      get: (kind, name, namespace) => this.store.get(this.idOf(kind), name, namespace) as never,
      list: (kind, namespace) => this.store.list(this.idOf(kind), namespace) as never,
      isNamespaced: ({ apiVersion, kind }) => this.registry.find(apiVersion, kind)?.info.namespaced,
      typeOf: (object) => this.registry.find(object.apiVersion, object.kind),
      updateStatus: (object) => {
        const registered = this.registry.find(object.apiVersion, object.kind)!;
        this.put(registered, object, this.stored(registered, object));
      },
    };
  }

  /** RFC 3339 of now. */
  now(): string {
    const atMs = this.loop.now();
    if (atMs !== this.#nowMs) {
      this.#nowMs = atMs;
      this.#nowText = this.loop.timestamp();
    }
    return this.#nowText;
  }

  /** The table of a kind; also of one that is not served (yet). */
  idOf({ apiVersion, kind }: Kind): string {
    return this.registry.find(apiVersion, kind)?.id ?? tableId(groupOf(apiVersion), kind);
  }

  stored(registered: Registered, { metadata }: KubeObject): KubeObject | undefined {
    return this.store.get(registered.id, metadata.name, metadata.namespace);
  }

  /** Stores an object under a new revision and tells the watchers. `own`: it was made for this write, nobody else has it; nor, of a new one, its metadata. */
  put(registered: Registered, object: KubeObject, before: KubeObject | undefined, own = false): KubeObject {
    const stored = own ? this.#revise(object, before === undefined) : this.#revised(object);
    this.store.table(registered.id).put(stored);
    this.templates.noteWrite(registered.id);
    if (registered.id === DEFINITION) this.registry.register(stored as CustomResourceDefinition);
    this.watches.deliver(registered.id, before ? "MODIFIED" : "ADDED", stored, before);
    return stored;
  }

  /** The object as the next write leaves it: a copy. */
  #revised(object: KubeObject): KubeObject {
    return this.#revise(copied(object), false);
  }

  /** Puts the next revision into an object that nobody else has; `isNew`: nor its metadata. */
  #revise(object: Mutable<KubeObject>, isNew: boolean): KubeObject {
    const metadata: Mutable<ObjectMeta> = isNew ? object.metadata : copied(object.metadata);
    metadata.resourceVersion = this.store.nextRevision(this.loop.now());
    object.metadata = metadata;
    return object;
  }

  /** Takes an object out of the store; what it had allocated is free again. */
  remove(registered: Registered, object: KubeObject): KubeObject {
    const { name, namespace } = object.metadata;
    if (registered.id === DEFINITION) this.#removeCustomResources(object as CustomResourceDefinition);
    const last = this.#revised(object);
    const before = this.store.get(registered.id, name, namespace);
    this.store.table(registered.id).remove(name, namespace);
    this.templates.noteWrite(registered.id);
    if (registered.id === SERVICE) releaseAll((before ?? object) as Service, this.addresses);
    this.watches.deliver(registered.id, "DELETED", last, before);
    return last;
  }

  /**
   * The objects of a kind go with its definition.
   * Simplified: at once; the real server holds the definition by a finalizer until a controller has deleted them.
   */
  #removeCustomResources(crd: CustomResourceDefinition): void {
    const { group, names, versions } = crd.spec ?? {};
    const served = versions?.find((v) => v.served);
    const registered = served && this.registry.find(`${group}/${served.name}`, names?.kind ?? "");
    if (registered) for (const object of this.store.list(registered.id, undefined)) this.remove(registered, object);
    this.registry.unregister(crd);
  }

  /** A free name for `generateName`; undefined when all that were tried are taken. A dry run leaves the stream where it is. */
  generateName(registered: Registered, prefix: string, namespace: string | undefined, attempt: number, dryRun: boolean): string {
    const base = prefix.slice(0, GENERATED_PREFIX_MAX);
    const key = `${registered.info.kind} ${namespace ?? ""}/${prefix}`;
    const count = this.#generated.get(key) ?? 0;
    if (!dryRun) this.#generated.set(key, count + 1);
    return base + nameSuffix(`${key} ${count + (dryRun ? attempt : 0)}`);
  }
}
