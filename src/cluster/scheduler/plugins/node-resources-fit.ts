/**
 * Requests must fit into what is left; by default the emptier the node will be (CPU and memory alike), the better.
 * @see kubernetes pkg/scheduler/framework/plugins/noderesources/fit.go
 */
import { isExtendedResource } from "../devices/extended-resources.ts";
import type { Plugin, Refusal } from "../framework.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import { type Allocatable, allocatableOf, type Requests } from "../requests.ts";
import { CPU_AND_MEMORY, type ScoringStrategy, strategyScore } from "./resource-scoring.ts";

const NAME = "NodeResourcesFit";

export interface FitOptions {
  readonly strategy: ScoringStrategy;
  /** Extended resources that do not keep a Pod from a node: by name, and by what stands before the slash. */
  readonly ignored: ReadonlySet<string>;
  readonly ignoredGroups: ReadonlySet<string>;
}

const DEFAULTS: FitOptions = {
  strategy: { type: "LeastAllocated", resources: CPU_AND_MEMORY },
  ignored: new Set(),
  ignoredGroups: new Set(),
};

interface Needed {
  readonly requests: Requests;
  /** Resources that devices stand behind: not looked for on nodes that have none of them. */
  readonly fromDevices: ReadonlySet<string>;
}

export function nodeResourcesFit({ strategy, ignored, ignoredGroups }: FitOptions = DEFAULTS): Plugin<Needed, Requests> {
  const scored = strategyScore(strategy);
  const isIgnored = (name: string): boolean => isExtendedResource(name) && (ignored.has(name) || ignoredGroups.has(name.split("/")[0]!));
  const needed = (requests: Requests): Requests =>
    requests.scalars.some(([name]) => isIgnored(name))
      ? { ...requests, scalars: requests.scalars.filter(([name]) => !isIgnored(name)) }
      : requests;
  return {
    name: NAME,
    local: true,
    preFilter: ({ pod: { shape }, listers }) => ({
      state: { requests: needed(shape.requests), fromDevices: backed(shape.requests, listers) },
    }),
    filter({ requests, fromDevices }, _, node) {
      const asked = fromDevices.size === 0 ? requests : withoutDevices(requests, fromDevices, node.allocatable);
      return fits(asked, node) ? undefined : refuse(asked, node);
    },
    preScore: ({ pod: { shape } }) => shape.requests,
    score: (requests, _, node) => scored(requests, node),
    wakes(event, { shape }, { listers }) {
      if (event.type === "pod-removed") return true;
      // Devices may stand behind what was short.
      if (event.type === "object") return event.object.kind === "DeviceClass" && shape.requests.scalars.length > 0;
      const { requests } = shape;
      if (event.type === "pod-updated") return gives(requests, event.pod.shape.requests, event.before.shape.requests);
      if (event.type !== "node-added" && event.type !== "node-updated") return false;
      const all = allocatableOf(event.node);
      const asked = withoutDevices(requests, backed(requests, listers), all);
      if (!fitsEmpty(asked, all)) return false;
      return event.type === "node-added" || asked !== requests || isMore(requests, all, allocatableOf(event.before));
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

function backed({ scalars }: Requests, listers: Listers): ReadonlySet<string> {
  return scalars.length === 0 ? NONE : new Set(scalars.map(([name]) => name).filter((name) => listers.deviceClassOf(name)));
}

/** What no device plugin of the node offers comes from claims, which DynamicResources looks after. */
function withoutDevices(requests: Requests, fromDevices: ReadonlySet<string>, allocatable: Allocatable): Requests {
  const scalars = requests.scalars.filter(([name]) => !fromDevices.has(name) || (allocatable.scalars.get(name) ?? 0) > 0);
  return scalars.length === requests.scalars.length ? requests : { ...requests, scalars };
}

function fits(requests: Requests, node: NodeInfo): boolean {
  const { allocatable } = node;
  if (node.pods.size + 1 > allocatable.pods) return false;
  if (requests.milliCpu > 0 && requests.milliCpu > allocatable.milliCpu - node.milliCpu) return false;
  if (requests.memory > 0 && requests.memory > allocatable.memory - node.memory) return false;
  if (requests.ephemeralStorage > 0 && requests.ephemeralStorage > allocatable.ephemeralStorage - node.ephemeralStorage) return false;
  for (const [name, amount] of requests.scalars)
    if (amount > (allocatable.scalars.get(name) ?? 0) - (node.scalars.get(name) ?? 0)) return false;
  return true;
}

/** All shortages, not only the first; more than the node has at all cannot be helped by preemption. */
function shortages(requests: Requests, node: NodeInfo): { readonly reasons: readonly string[]; readonly preemptionMayHelp: boolean } {
  const { allocatable } = node;
  const reasons: string[] = [];
  let preemptionMayHelp = true;
  const check = (name: string, wanted: number, used: number, all: number): void => {
    if (wanted === 0 || wanted <= all - used) return;
    reasons.push(`Insufficient ${name}`);
    if (wanted > all) preemptionMayHelp = false;
  };
  if (node.pods.size + 1 > allocatable.pods) reasons.push("Too many pods");
  check("cpu", requests.milliCpu, node.milliCpu, allocatable.milliCpu);
  check("memory", requests.memory, node.memory, allocatable.memory);
  check("ephemeral-storage", requests.ephemeralStorage, node.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, amount] of requests.scalars) check(name, amount, node.scalars.get(name) ?? 0, allocatable.scalars.get(name) ?? 0);
  return { reasons, preemptionMayHelp };
}

/** Refusals of one and the same content are one object; of these there are few (the names of resources are the cluster's). */
const refusals = new Map<string, Refusal>();
const REFUSALS_MAX = 10_000;
/** Those without scalar resources, by bits: Pod count, CPU, memory, ephemeral storage, beyond the node's size. */
const plain: (Refusal | undefined)[] = [];

function refuse(requests: Requests, node: NodeInfo): Refusal {
  const { allocatable } = node;
  if (requests.scalars.length > 0) return shared(shortages(requests, node));
  let bits = node.pods.size + 1 > allocatable.pods ? 1 : 0;
  bits |= shortage(requests.milliCpu, node.milliCpu, allocatable.milliCpu, 2);
  bits |= shortage(requests.memory, node.memory, allocatable.memory, 4);
  bits |= shortage(requests.ephemeralStorage, node.ephemeralStorage, allocatable.ephemeralStorage, 8);
  const known = plain[bits] ?? shared(shortages(requests, node));
  plain[bits] = known;
  return known;
}

/** `bit`, with 16 when it is more than the node has at all; a request of nothing always fits. */
function shortage(wanted: number, used: number, all: number, bit: number): number {
  if (wanted === 0 || wanted <= all - used) return 0;
  return wanted > all ? bit | 16 : bit;
}

function shared({ reasons, preemptionMayHelp }: ReturnType<typeof shortages>): Refusal {
  const key = `${preemptionMayHelp} ${reasons.join(",")}`;
  let known = refusals.get(key);
  if (!known) {
    if (refusals.size >= REFUSALS_MAX) refusals.clear();
    known = { plugin: NAME, reasons, preemptionMayHelp };
    refusals.set(key, known);
  }
  return known;
}

/** Whether another Pod asks for less of something that is wanted. */
function gives(wanted: Requests, now: Requests, before: Requests): boolean {
  const of = ({ scalars }: Requests, name: string): number => scalars.find(([scalar]) => scalar === name)?.[1] ?? 0;
  return (
    (wanted.milliCpu > 0 && now.milliCpu < before.milliCpu) ||
    (wanted.memory > 0 && now.memory < before.memory) ||
    (wanted.ephemeralStorage > 0 && now.ephemeralStorage < before.ephemeralStorage) ||
    wanted.scalars.some(([name]) => of(now, name) < of(before, name))
  );
}

/** Whether a node has got more of something that is wanted, or takes more Pods. */
function isMore(wanted: Requests, now: Allocatable, before: Allocatable): boolean {
  return (
    now.pods > before.pods ||
    (wanted.milliCpu > 0 && now.milliCpu > before.milliCpu) ||
    (wanted.memory > 0 && now.memory > before.memory) ||
    (wanted.ephemeralStorage > 0 && now.ephemeralStorage > before.ephemeralStorage) ||
    wanted.scalars.some(([name]) => (now.scalars.get(name) ?? 0) > (before.scalars.get(name) ?? 0))
  );
}

function fitsEmpty(requests: Requests, all: Allocatable): boolean {
  return (
    all.pods >= 1 &&
    requests.milliCpu <= all.milliCpu &&
    requests.memory <= all.memory &&
    requests.ephemeralStorage <= all.ephemeralStorage &&
    requests.scalars.every(([name, amount]) => amount <= (all.scalars.get(name) ?? 0))
  );
}
