/**
 * Informers: one cache per kind, shared by all who watch it, with indexes kept as objects come and go.
 * Simplified: a cache is never behind the store, since watch events are delivered at once (the real ones lag by milliseconds).
 */
import { controllerOf, type Kind, type KubeObject, keyOf } from "../api/object.ts";
import type { Client, WatchEventType, WatchHandler } from "./client.ts";

/** The values under which an object is found. Of the metadata it may look at names, labels, annotations and owners; at the status it may not look. */
type IndexFunction<T> = (object: T) => readonly string[];

/** One object of the cache; it stays when the object is replaced, so that indexes need not be touched. */
interface Entry<T> {
  object: T;
}

interface Index<T> {
  readonly of: IndexFunction<T>;
  readonly entries: Map<string, Map<string, Entry<T>>>;
}

export class Informer<T extends KubeObject = KubeObject> {
  readonly #objects = new Map<string, Entry<T>>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #handlers: WatchHandler<T>[] = [];
  /** Those that are told when nothing but a status changed. */
  readonly #ofStatus: WatchHandler<T>[] = [];

  constructor(client: Client, kind: Kind<T>) {
    this.addIndex("namespace", (o) => [o.metadata.namespace ?? ""]);
    this.addIndex("controller", (o) => {
      const owner = controllerOf(o);
      return owner ? [owner.uid] : NOWHERE;
    });
    client.watch(kind, (type, object, before) => this.#take(type, object, before));
  }

  #take(type: WatchEventType, object: T, before: T | undefined): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    const old = known?.object;
    if (type === "DELETED") {
      if (old) for (const { of, entries } of this.#indexes.values()) for (const value of of(old)) drop(entries, value, key);
      this.#objects.delete(key);
    } else if (!known) {
      const entry = { object };
      this.#objects.set(key, entry);
      for (const { of, entries } of this.#indexes.values()) for (const value of of(object)) put(entries, value, key, entry);
    } else {
      known.object = object;
      if (isStatusAlone(object, old as T)) {
        for (const handler of this.#ofStatus) handler(type, object, before ?? old);
        return;
      }
      if (!isIndexedAlike(object, old as T)) this.#move(key, known, old as T);
    }
    for (const handler of this.#handlers) handler(type, object, before ?? old);
  }

  #move(key: string, entry: Entry<T>, old: T): void {
    for (const { of, entries } of this.#indexes.values()) {
      const values = of(entry.object);
      const before = of(old);
      for (const value of before) if (!values.includes(value)) drop(entries, value, key);
      for (const value of values) if (!before.includes(value)) put(entries, value, key, entry);
    }
  }

  /** By `namespace/name`, or `name` for a cluster-scoped kind. */
  get(key: string): T | undefined {
    return this.#objects.get(key)?.object;
  }

  /** In the order in which they came. */
  *list(): IterableIterator<T> {
    for (const { object } of this.#objects.values()) yield object;
  }

  get size(): number {
    return this.#objects.size;
  }

  inNamespace(namespace: string): readonly T[] {
    return this.by("namespace", namespace);
  }

  /** The objects whose managing owner has this uid. */
  controlledBy(uid: string): readonly T[] {
    return this.by("controller", uid);
  }

  by(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index)?.entries.get(value);
    if (!found) return NOTHING;
    const objects: T[] = [];
    for (const { object } of found.values()) objects.push(object);
    return objects;
  }

  /** Adds an index, filled from what is there; a second one of the same name is left out. */
  addIndex(name: string, of: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return;
    const entries = new Map<string, Map<string, Entry<T>>>();
    for (const [key, entry] of this.#objects) for (const value of of(entry.object)) put(entries, value, key, entry);
    this.#indexes.set(name, { of, entries });
  }

  /** Calls `handler` for every object there is, as ADDED, and for every change to come; `spec`: but not where the status alone changes. */
  on(handler: WatchHandler<T>, of: "everything" | "spec" = "everything"): void {
    this.#handlers.push(handler);
    if (of === "everything") this.#ofStatus.push(handler);
    for (const { object } of this.#objects.values()) handler("ADDED", object, undefined);
  }
}

const NOWHERE: readonly string[] = [];
const NOTHING: readonly never[] = [];

/** Whether nothing but the status differs (and what counts writes): parts that did not change are shared. */
function isStatusAlone(a: KubeObject, b: KubeObject): boolean {
  const x = a.metadata;
  const y = b.metadata;
  return (
    x.finalizers === y.finalizers && x.deletionTimestamp === y.deletionTimestamp && x.generation === y.generation && isIndexedAlike(a, b)
  );
}

/** Whether nothing that an index looks at differs. */
function isIndexedAlike(a: KubeObject, b: KubeObject): boolean {
  const x = a.metadata;
  const y = b.metadata;
  if (x.labels !== y.labels || x.annotations !== y.annotations || x.ownerReferences !== y.ownerReferences || x.uid !== y.uid) return false;
  for (const name in a)
    if (name !== "status" && name !== "metadata" && a[name as keyof KubeObject] !== b[name as keyof KubeObject]) return false;
  for (const name in b) if (name !== "status" && name !== "metadata" && !(name in a)) return false;
  return true;
}

function put<E>(entries: Map<string, Map<string, E>>, value: string, key: string, entry: E): void {
  let bucket = entries.get(value);
  if (!bucket) {
    bucket = new Map();
    entries.set(value, bucket);
  }
  bucket.set(key, entry);
}

function drop<E>(entries: Map<string, Map<string, E>>, value: string, key: string): void {
  const bucket = entries.get(value);
  if (!bucket) return;
  bucket.delete(key);
  if (bucket.size === 0) entries.delete(value);
}

/** The shared informers of one cluster, made on first use. */
export class Informers {
  readonly #client: Client;
  readonly #made = new Map<string, Informer>();
  /** The same, by the kinds as they were handed in: nearly all are constants. */
  readonly #byKind = new WeakMap<Kind, Informer>();

  constructor(client: Client) {
    this.#client = client;
  }

  for<T extends KubeObject>(kind: Kind<T>): Informer<T> {
    const known = this.#byKind.get(kind);
    if (known) return known as unknown as Informer<T>;
    const informer = this.#named(kind);
    this.#byKind.set(kind, informer as unknown as Informer);
    return informer;
  }

  #named<T extends KubeObject>(kind: Kind<T>): Informer<T> {
    const id = `${kind.apiVersion} ${kind.kind}`;
    let informer = this.#made.get(id) as Informer<T> | undefined;
    if (!informer) {
      informer = new Informer(this.#client, kind);
      this.#made.set(id, informer as unknown as Informer);
    }
    return informer;
  }
}
