/**
 * Pods that have their place on a node and wait for what must come about before they are bound: their volumes.
 * @see kubernetes pkg/scheduler/schedule_one.go (bindingCycle), plugins/volumebinding (PreBind)
 */
import type { Cancel, Loop } from "../../sim/loop.ts";
import type { PreBinding } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Waiting } from "./queue.ts";

export interface Reservation {
  readonly waiting: Waiting;
  readonly node: NodeInfo;
  readonly works: readonly PreBinding[];
}

export class Reservations {
  readonly #loop: Loop;
  readonly #onReady: (reservation: Reservation) => void;
  readonly #onTimeout: (reservation: Reservation) => void;
  readonly #held = new Map<string, { readonly reservation: Reservation; readonly cancel: Cancel }>();

  constructor(loop: Loop, onReady: (reservation: Reservation) => void, onTimeout: (reservation: Reservation) => void) {
    this.#loop = loop;
    this.#onReady = onReady;
    this.#onTimeout = onTimeout;
  }

  get(key: string): Reservation | undefined {
    return this.#held.get(key)?.reservation;
  }

  add(reservation: Reservation): void {
    const { key } = reservation.waiting.info;
    const timeoutMs = Math.min(...reservation.works.map((work) => work.timeoutMs));
    const cancel = this.#loop.after(timeoutMs, () => {
      this.delete(key);
      this.#onTimeout(reservation);
    });
    this.#held.set(key, { reservation, cancel });
  }

  delete(key: string): void {
    this.#held.get(key)?.cancel();
    this.#held.delete(key);
  }

  /** Looks, after what is due now, which have come about. */
  check(): void {
    if (this.#held.size === 0) return;
    this.#loop.after(0, () => {
      for (const [key, { reservation }] of [...this.#held]) {
        if (!reservation.works.every((work) => work.isDone())) continue;
        this.delete(key);
        this.#onReady(reservation);
      }
    });
  }
}
