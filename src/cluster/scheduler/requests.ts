/**
 * What a Pod asks of a node, and what a node has to give, as plain numbers: milli-CPU, bytes, counts.
 * @see kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go (PodRequests)
 * @see kubernetes pkg/scheduler/util/pod_resources.go (non-zero defaults)
 */
import type { Container, ContainerStatus, Node, Pod } from "../../../generated/v1.36/model.ts";
import { milliOf, parseQuantity, type Quantity, unitsOf } from "../../lib/quantity.ts";

type QuantityList = Readonly<Record<string, string | number>> | undefined;
/** Resource name → nano-units. */
type Sums = Map<string, bigint>;

/** Amounts of the resources that every node has. */
export interface Requests {
  readonly milliCpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly ephemeralStorage: number;
  /** Extended resources, huge pages: by name, in order of name. Zero amounts are left out. */
  readonly scalars: readonly (readonly [name: string, amount: number])[];
  /** For scoring, of a Pod on the node: a container without a CPU request counts 100m, one without a memory request 200Mi. */
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemory: number;
  /** For scoring, of the Pod to be placed: the same, but for Pods that ask for one of both as a whole. */
  readonly scoredMilliCpu: number;
  readonly scoredMemory: number;
}

/** Assumed for scoring when a container asks for no CPU: 100m. */
const DEFAULT_CPU_NANO = 100_000_000n;
/** Assumed for scoring when a container asks for no memory: 200Mi, in bytes. */
const DEFAULT_MEMORY_NANO = 200n * 1024n * 1024n * 1_000_000_000n;
const POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

export function podRequests(pod: Pod): Requests {
  const real = sumOf(pod, false, false);
  const podLevel = pod.spec.resources?.requests;
  const scored = sumOf(pod, true, true);
  // With pod-level resources the defaults only fill in what is asked for nowhere.
  const nonZero = hasPodLevel(podLevel) ? sumOf(pod, (real.get("cpu") ?? 0n) === 0n, (real.get("memory") ?? 0n) === 0n) : scored;
  const scalars: [string, number][] = [];
  for (const [name, nano] of real) if (isScalar(name) && nano > 0n) scalars.push([name, units(nano)]);
  scalars.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return {
    milliCpu: milli(real.get("cpu")),
    memory: units(real.get("memory")),
    ephemeralStorage: units(real.get("ephemeral-storage")),
    scalars,
    nonZeroMilliCpu: milli(nonZero.get("cpu")),
    nonZeroMemory: units(nonZero.get("memory")),
    scoredMilliCpu: milli(scored.get("cpu")),
    scoredMemory: units(scored.get("memory")),
  };
}

function hasPodLevel(requests: QuantityList): boolean {
  return requests !== undefined && Object.keys(requests).some((name) => POD_LEVEL.test(name));
}

/** max(all containers and sidecars together, each init container with the sidecars before it), then pod-level requests, then overhead. */
function sumOf(pod: Pod, defaultCpu: boolean, defaultMemory: boolean): Sums {
  const { spec, status } = pod;
  const total: Sums = new Map();
  for (const c of spec.containers) add(total, requestsOf(pod, c, status?.containerStatuses, defaultCpu, defaultMemory));
  const sidecars: Sums = new Map();
  const peak: Sums = new Map();
  for (const c of spec.initContainers ?? []) {
    // Who ends before the others begin is not resized.
    const statuses = c.restartPolicy === "Always" ? status?.initContainerStatuses : undefined;
    const asked = requestsOf(pod, c, statuses, defaultCpu, defaultMemory);
    if (c.restartPolicy === "Always") {
      add(total, asked);
      add(sidecars, asked);
      raise(peak, sidecars);
    } else {
      add(asked, sidecars);
      raise(peak, asked);
    }
  }
  raise(total, peak);
  const podLevel = sumsOf(spec.resources?.requests);
  if (status?.resources) resized(pod, podLevel, status.resources.requests, status.allocatedResources);
  for (const name in spec.resources?.requests) if (POD_LEVEL.test(name)) total.set(name, podLevel.get(name) ?? 0n);
  for (const [name, value] of Object.entries(spec.overhead ?? {})) total.set(name, (total.get(name) ?? 0n) + nanoOf(value));
  return total;
}

/** While a Pod is being resized, the larger of what is asked, allocated and in effect counts; what is asked not when it cannot be had. */
function resized({ status }: Pod, asked: Sums, actual: QuantityList, allocated: QuantityList): void {
  const pending = status?.conditions?.find((c) => c.type === "PodResizePending");
  if (pending?.reason === "Infeasible") asked.clear();
  raise(asked, sumsOf(actual));
  raise(asked, sumsOf(allocated));
}

/** A container's requests. */
function requestsOf(
  pod: Pod,
  container: Container,
  statuses: readonly ContainerStatus[] | undefined,
  defaultCpu: boolean,
  defaultMemory: boolean,
): Sums {
  const sums = sumsOf(container.resources?.requests);
  const status = statuses?.find((s) => s.name === container.name);
  if (status?.resources) resized(pod, sums, status.resources.requests, status.allocatedResources);
  if (defaultCpu && !sums.has("cpu")) sums.set("cpu", DEFAULT_CPU_NANO);
  if (defaultMemory && !sums.has("memory")) sums.set("memory", DEFAULT_MEMORY_NANO);
  return sums;
}

function sumsOf(list: QuantityList): Sums {
  const sums: Sums = new Map();
  for (const name in list) sums.set(name, nanoOf(list[name]!));
  return sums;
}

function add(to: Sums, from: Sums): void {
  for (const [name, nano] of from) to.set(name, (to.get(name) ?? 0n) + nano);
}

function raise(to: Sums, from: Sums): void {
  for (const [name, nano] of from) if (nano > (to.get(name) ?? -1n)) to.set(name, nano);
}

const nanoOf = (value: string | number): bigint => parseQuantity(value)?.nano ?? 0n;
const asQuantity = (nano: bigint): Quantity => ({ nano, format: "DecimalSI" });
const milli = (nano: bigint | undefined): number => (nano ? Number(milliOf(asQuantity(nano))) : 0);
const units = (nano: bigint | undefined): number => (nano ? Number(unitsOf(asQuantity(nano))) : 0);

/** Everything but CPU, memory, ephemeral storage and the Pod count. */
function isScalar(name: string): boolean {
  return name !== "cpu" && name !== "memory" && name !== "ephemeral-storage" && name !== "pods";
}

export interface Allocatable {
  readonly milliCpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  readonly pods: number;
  readonly scalars: ReadonlyMap<string, number>;
}

/** What a node can give to Pods. */
export function allocatableOf(node: Node): Allocatable {
  const list = node.status?.allocatable;
  const scalars = new Map<string, number>();
  for (const name in list) if (isScalar(name)) scalars.set(name, units(nanoOf(list[name]!)));
  const of = (name: string): bigint => nanoOf(list?.[name] ?? 0);
  return {
    milliCpu: milli(of("cpu")),
    memory: units(of("memory")),
    ephemeralStorage: units(of("ephemeral-storage")),
    pods: units(of("pods")),
    scalars,
  };
}
