/** Who is told of writes: at once, in order of writes. A handler notes things and enqueues keys; it never writes. */
import type { KubeObject } from "../../api/object.ts";
import { invariant } from "../../lib/invariant.ts";
import type { WatchEventType, WatchHandler } from "../../sim/client.ts";

export class WatchHub {
  readonly #handlers = new Map<string, Set<WatchHandler>>();
  readonly #everything = new Set<WatchHandler>();
  #delivering = false;

  /** Watches one kind, by table id. Returns the cancellation. */
  add(id: string, handler: WatchHandler): () => void {
    let handlers = this.#handlers.get(id);
    if (!handlers) {
      handlers = new Set();
      this.#handlers.set(id, handlers);
    }
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Watches all kinds. */
  addToAll(handler: WatchHandler): () => void {
    this.#everything.add(handler);
    return () => this.#everything.delete(handler);
  }

  deliver(id: string, type: WatchEventType, object: KubeObject, before: KubeObject | undefined): void {
    invariant(!this.#delivering, `no handler of a watch writes (${type} ${object.kind} ${object.metadata.name})`);
    const handlers = this.#handlers.get(id);
    if (!handlers && this.#everything.size === 0) return;
    this.#delivering = true;
    try {
      if (handlers) for (const handler of handlers) handler(type, object, before);
      for (const handler of this.#everything) handler(type, object, before);
    } finally {
      this.#delivering = false;
    }
  }
}
