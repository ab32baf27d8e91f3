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
  readonly #onFailure: (reservation: Reservation, failed: PreBinding, why: string) => void;
  readonly #held = new Map<string, { readonly reservation: Reservation; readonly cancel: Cancel }>();

  #isChecking = false;

  constructor(
    loop: Loop,
    onReady: (reservation: Reservation) => void,
    onFailure: (reservation: Reservation, failed: PreBinding, why: string) => void,
  ) {
    this.#loop = loop;
    this.#onReady = onReady;
    this.#onFailure = onFailure;
  }

  get(key: string): Reservation | undefined {
    return this.#held.get(key)?.reservation;
  }

  add(reservation: Reservation): void {
    const { key } = reservation.waiting.info;
    const first = reservation.works.reduce((a, b) => (b.timeoutMs < a.timeoutMs ? b : a));
    const cancel = this.#loop.after(first.timeoutMs, () => {
      this.delete(key);
      const late = reservation.works.find((work) => !work.isDone()) ?? first;
      this.#onFailure(reservation, late, late.timeoutMessage);
    });
    this.#held.set(key, { reservation, cancel });
  }

  delete(key: string): void {
    this.#held.get(key)?.cancel();
    this.#held.delete(key);
  }

  /** Looks, after what is due now, which have come about: once, however often it is asked for until then. */
  check(): void {
    if (this.#held.size === 0 || this.#isChecking) return;
    this.#isChecking = true;
    this.#loop.after(0, () => {
      this.#isChecking = false;
      for (const [key, { reservation }] of [...this.#held]) {
        const failed = reservation.works.find((work) => work.failure?.() !== undefined);
        if (!failed && !reservation.works.every((work) => work.isDone())) continue;
        this.delete(key);
        if (failed) this.#onFailure(reservation, failed, failed.failure?.() ?? "");
        else this.#onReady(reservation);
      }
    });
  }
}
