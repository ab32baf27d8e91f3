/**
 * What the EndpointSlice controller knows of its own writes. Until the watch has brought them back, its cache is stale, and a sync of that Service is
 * put off: so several Pods that become ready shortly after one another share an update of the slice.
 * @see kubernetes staging/src/k8s.io/endpointslice/util/endpointslice_tracker.go, pkg/controller/endpointslice/endpointslice_controller.go
 */
import type { EndpointSlice } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";

/**
 * Virtual milliseconds until the controller's informer has its own write: longer than from one kubelet's turn to the next (`kubelet/turns.ts`),
 * shorter than two of them.
 */
const WATCH_DELAY_MS = 30;
/** The first back-off of a sync that failed, for stale caches too, in milliseconds. @see defaultSyncBackOff */
export const SYNC_BACKOFF_MS = 1000;

interface Written {
  /** Virtual milliseconds of the last write. */
  atMs: number;
  /** By uid of the slice: the generation that was written. */
  readonly generations: Map<string, number>;
}

/** By Service (`namespace/name`). */
export class SliceTracker {
  readonly #written = new Map<string, Written>();

  /** A slice as the API server answered it after a create or an update. */
  wrote(service: string, slice: KubeObject, nowMs: number): void {
    let written = this.#written.get(service);
    if (!written) {
      written = { atMs: nowMs, generations: new Map() };
      this.#written.set(service, written);
    }
    written.atMs = nowMs;
    written.generations.set(slice.metadata.uid ?? "", slice.metadata.generation ?? 0);
  }

  /** Whether the last write is not in the cache yet. */
  isStale(service: string, nowMs: number): boolean {
    const written = this.#written.get(service);
    return written !== undefined && nowMs < written.atMs + WATCH_DELAY_MS;
  }

  /** Whether somebody else wrote the slice: it is newer than what the controller wrote, or not the controller's at all. */
  isForeign(service: string, slice: EndpointSlice): boolean {
    const generation = this.#written.get(service)?.generations.get(slice.metadata.uid ?? "");
    return generation === undefined || (slice.metadata.generation ?? 0) > generation;
  }

  /** Whether the controller expects the slice to be there. */
  expects(service: string, slice: EndpointSlice): boolean {
    return this.#written.get(service)?.generations.has(slice.metadata.uid ?? "") === true;
  }

  /** The controller removed a slice itself. */
  removed(service: string, slice: EndpointSlice): void {
    this.#written.get(service)?.generations.delete(slice.metadata.uid ?? "");
  }

  /** The Service is gone. */
  forget(service: string): void {
    this.#written.delete(service);
  }
}
