/**
 * Informers: one cache per kind, shared by all who watch it, with indexes kept as objects come and go.
 * Simplified: a cache is never behind the store, since watch events are delivered at once (the real ones lag by milliseconds).
 */
import { controllerOf, type Kind, type KubeObject, keyOf } from "../api/object.ts";
import type { Client, WatchHandler } from "./client.ts";

type IndexFunction<T> = (object: T) => readonly string[];

export class Informer<T extends KubeObject = KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, { of: IndexFunction<T>; entries: Map<string, Map<string, T>> }>();
  readonly #handlers: WatchHandler<T>[] = [];

  constructor(client: Client, kind: Kind<T>) {
    this.addIndex("namespace", (o) => [o.metadata.namespace ?? ""]);
    this.addIndex("controller", (o) => {
      const owner = controllerOf(o);
      return owner ? [owner.uid] : [];
    });
    client.watch(kind, (type, object, before) => this.#take(type, object, before));
  }

  #take(...[type, object, before]: Parameters<WatchHandler<T>>): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    for (const index of this.#indexes.values()) {
      const values = type === "DELETED" ? [] : index.of(object);
      if (old) for (const value of index.of(old)) if (!values.includes(value)) drop(index.entries, value, key);
      for (const value of values) put(index.entries, value, key, object);
    }
    if (type === "DELETED") this.#objects.delete(key);
    else this.#objects.set(key, object);
    for (const handler of this.#handlers) handler(type, object, before ?? old);
  }

  /** By `namespace/name`, or `name` for a cluster-scoped kind. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** In the order in which they came. */
  list(): IterableIterator<T> {
    return this.#objects.values();
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
    return found ? [...found.values()] : [];
  }

  /** Adds an index, filled from what is there; a second one of the same name is left out. */
  addIndex(name: string, of: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return;
    const entries = new Map<string, Map<string, T>>();
    for (const [key, object] of this.#objects) for (const value of of(object)) put(entries, value, key, object);
    this.#indexes.set(name, { of, entries });
  }

  /** Calls `handler` for every object there is, as ADDED, and for every change to come. */
  on(handler: WatchHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.#objects.values()) handler("ADDED", object, undefined);
  }
}

function put<T>(entries: Map<string, Map<string, T>>, value: string, key: string, object: T): void {
  let bucket = entries.get(value);
  if (!bucket) {
    bucket = new Map();
    entries.set(value, bucket);
  }
  bucket.set(key, object);
}

function drop<T>(entries: Map<string, Map<string, T>>, value: string, key: string): void {
  const bucket = entries.get(value);
  if (!bucket) return;
  bucket.delete(key);
  if (bucket.size === 0) entries.delete(value);
}

/** The shared informers of one cluster, made on first use. */
export class Informers {
  readonly #client: Client;
  readonly #made = new Map<string, Informer>();

  constructor(client: Client) {
    this.#client = client;
  }

  for<T extends KubeObject>(kind: Kind<T>): Informer<T> {
    const id = `${kind.apiVersion} ${kind.kind}`;
    let informer = this.#made.get(id) as Informer<T> | undefined;
    if (!informer) {
      informer = new Informer(this.#client, kind);
      this.#made.set(id, informer as unknown as Informer);
    }
    return informer;
  }
}
