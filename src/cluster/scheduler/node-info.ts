/** A node as the scheduler sees it, with totals that are kept as Pods come and go. */
import type { Node, Taint } from "../../../generated/v1.36/model.ts";
import type { Labels } from "../../lib/labels.ts";
import type { ChangeLog } from "./change-log.ts";
import { HostPortsInUse } from "./host-ports.ts";
import type { PodInfo } from "./pod-info.ts";
import { type Allocatable, allocatableOf } from "./requests.ts";

const NOTHING: Allocatable = { milliCpu: 0, memory: 0, ephemeralStorage: 0, pods: 0, scalars: new Map() };

export class NodeInfo {
  readonly name: string;
  /** Its place in tables by node; stable as long as the node is known. */
  readonly slot: number;
  /** Absent while Pods are bound to a node that is not (or no longer) there. */
  node: Node | undefined = undefined;
  labels: Labels = {};
  taints: readonly Taint[] = [];
  unschedulable = false;
  allocatable: Allocatable = NOTHING;

  readonly pods: Map<string, PodInfo> = new Map();
  readonly ports: HostPortsInUse = new HostPortsInUse();
  milliCpu = 0;
  memory = 0;
  ephemeralStorage = 0;
  nonZeroMilliCpu = 0;
  nonZeroMemory = 0;
  readonly scalars: Map<string, number> = new Map();
  /** Goes up with every change. */
  generation = 0;
  readonly #changes: ChangeLog;
  /** `undefined`: to be looked for. */
  #lowestPriority: number | undefined = Number.POSITIVE_INFINITY;

  constructor(name: string, slot: number, changes: ChangeLog) {
    this.name = name;
    this.slot = slot;
    this.#changes = changes;
  }

  setNode(node: Node | undefined): void {
    this.touch();
    this.node = node;
    this.labels = node?.metadata.labels ?? {};
    this.taints = node?.spec?.taints ?? [];
    this.unschedulable = node?.spec?.unschedulable ?? false;
    this.allocatable = node ? allocatableOf(node) : NOTHING;
  }

  add(info: PodInfo): void {
    this.pods.set(info.key, info);
    if (this.#lowestPriority !== undefined && info.priority < this.#lowestPriority) this.#lowestPriority = info.priority;
    this.#take(info, 1);
    for (const port of info.shape.hostPorts) this.ports.add(port);
  }

  remove(info: PodInfo): void {
    this.pods.delete(info.key);
    if (info.priority === this.#lowestPriority) this.#lowestPriority = undefined;
    this.#take(info, -1);
    for (const port of info.shape.hostPorts) this.ports.remove(port);
  }

  /** Of its Pods; infinite when there is none. */
  get lowestPriority(): number {
    if (this.#lowestPriority === undefined) {
      this.#lowestPriority = Number.POSITIVE_INFINITY;
      for (const { priority } of this.pods.values()) if (priority < this.#lowestPriority) this.#lowestPriority = priority;
    }
    return this.#lowestPriority;
  }

  /** Everything tried since that generation was undone. */
  restored(generation: number): void {
    this.generation = generation;
  }

  /** It changed, or something beside it that matters for it: the Pods nominated to it. */
  touch(): void {
    this.generation++;
    this.#changes.push(this.slot);
  }

  #take({ shape: { requests } }: PodInfo, sign: 1 | -1): void {
    this.touch();
    this.milliCpu += sign * requests.milliCpu;
    this.memory += sign * requests.memory;
    this.ephemeralStorage += sign * requests.ephemeralStorage;
    this.nonZeroMilliCpu += sign * requests.nonZeroMilliCpu;
    this.nonZeroMemory += sign * requests.nonZeroMemory;
    for (const [name, amount] of requests.scalars) {
      const total = (this.scalars.get(name) ?? 0) + sign * amount;
      if (total === 0) this.scalars.delete(name);
      else this.scalars.set(name, total);
    }
  }
}
