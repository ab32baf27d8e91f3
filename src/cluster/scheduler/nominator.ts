/** Pods that wait for room made for them: where others must reckon with them. @see kubernetes pkg/scheduler/backend/queue/nominator.go */
import type { PodInfo } from "./pod-info.ts";

export class Nominator {
  /** Called with the name of a node whose nominated Pods change. */
  readonly #changed: (nodeName: string) => void;
  readonly #nodeOf = new Map<string, string>();
  readonly #byNode = new Map<string, Map<string, PodInfo>>();

  constructor(changed: (nodeName: string) => void) {
    this.#changed = changed;
  }

  set(info: PodInfo, nodeName: string): void {
    this.delete(info.key);
    this.#changed(nodeName);
    this.#nodeOf.set(info.key, nodeName);
    const pods = this.#byNode.get(nodeName) ?? new Map<string, PodInfo>();
    pods.set(info.key, info);
    this.#byNode.set(nodeName, pods);
  }

  delete(key: string): void {
    const nodeName = this.#nodeOf.get(key);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(key);
    this.#changed(nodeName);
    const pods = this.#byNode.get(nodeName);
    pods?.delete(key);
    if (pods?.size === 0) this.#byNode.delete(nodeName);
  }

  get size(): number {
    return this.#nodeOf.size;
  }

  nodeOf(key: string): string | undefined {
    return this.#nodeOf.get(key);
  }

  on(nodeName: string): readonly PodInfo[] {
    const pods = this.#byNode.get(nodeName);
    return pods ? [...pods.values()] : [];
  }
}
