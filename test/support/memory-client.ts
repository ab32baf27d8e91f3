/** The least that the scheduler needs of an API server: objects in maps, no validation, no history. */

import type { Pod } from "../../generated/v1.36/model.ts";
import { type Kind, type KubeObject, keyOf } from "../../src/api/object.ts";
import type { Answer } from "../../src/sim/answer.ts";
import type { Client, WatchHandler } from "../../src/sim/client.ts";

const MISSING: Answer<never> = { code: 404, reason: "NotFound", message: "not found" };

export class MemoryClient implements Client {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #handlers = new Map<string, WatchHandler[]>();
  /** Whether a deletion only begins: the object is marked and stays. */
  graceful = false;
  refusesBindings = false;
  /** Pods bound so far. */
  bound = 0;

  put(object: KubeObject): void {
    const objects = this.#of(object.kind);
    const key = keyOf(object);
    const before = objects.get(key);
    objects.set(key, object);
    for (const handler of this.#handlers.get(object.kind) ?? []) handler(before ? "MODIFIED" : "ADDED", object, before);
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined {
    return this.#of(kind.kind).get(namespace ? `${namespace}/${name}` : name) as T | undefined;
  }

  list<T extends KubeObject>(kind: Kind<T>): readonly T[] {
    return [...this.#of(kind.kind).values()] as T[];
  }

  bind(podName: string, namespace: string, nodeName: string): Answer {
    const pod = this.#of("Pod").get(`${namespace}/${podName}`) as Pod | undefined;
    if (!pod) return MISSING;
    if (this.refusesBindings) return { code: 409, reason: "Conflict", message: "no" };
    this.bound++;
    const bound = { ...pod, spec: { ...pod.spec, nodeName } };
    this.put(bound);
    return { code: 201, object: bound };
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: string,
    namespace: string | undefined,
    patch: Readonly<Record<string, unknown>>,
  ): Answer<T> {
    const old = this.get(kind, name, namespace);
    if (!old) return MISSING;
    const object = merge(old, patch) as T;
    this.put(object);
    return { code: 200, object };
  }

  delete<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): Answer<T> {
    const key = namespace ? `${namespace}/${name}` : name;
    const old = this.#of(kind.kind).get(key) as T | undefined;
    if (!old) return MISSING;
    if (this.graceful) {
      this.put({ ...old, metadata: { ...old.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } });
      return { code: 200, object: old };
    }
    this.#of(kind.kind).delete(key);
    for (const handler of this.#handlers.get(kind.kind) ?? []) handler("DELETED", old, old);
    return { code: 200, object: old };
  }

  watch<T extends KubeObject>(kind: Kind<T>, handler: WatchHandler<T>): () => void {
    const handlers = this.#handlers.get(kind.kind) ?? [];
    this.#handlers.set(kind.kind, [...handlers, handler as unknown as WatchHandler]);
    for (const object of this.#of(kind.kind).values()) handler("ADDED", object as T, undefined);
    return () => {};
  }

  create(): Answer<never> {
    return MISSING;
  }

  update(): Answer<never> {
    return MISSING;
  }

  updateStatus(): Answer<never> {
    return MISSING;
  }

  kinds(): [] {
    return [];
  }

  #of(kind: string): Map<string, KubeObject> {
    let objects = this.#objects.get(kind);
    if (!objects) {
      objects = new Map();
      this.#objects.set(kind, objects);
    }
    return objects;
  }
}

/** RFC 7386. */
function merge(old: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const out: Record<string, unknown> = { ...(old as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}
