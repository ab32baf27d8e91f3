/**
 * What the scheduler knows of the cluster: nodes with their totals, in the order in which they are looked at, and counts of Pods by
 * predicate. Everything is kept up as Pods and nodes come and go; nothing is recounted per decision.
 * @see kubernetes pkg/scheduler/backend/cache/cache.go, node_tree.go
 */
import type { Node, Pod } from "../../../generated/v1.36/model.ts";
import { keyOf } from "../../api/object.ts";
import { invariant } from "../../lib/invariant.ts";
import type { Labels } from "../../lib/labels.ts";
import { ChangeLog } from "./change-log.ts";
import { NodeInfo } from "./node-info.ts";
import { PodCounts } from "./pod-counts.ts";
import { type PodInfo, PodShapes } from "./pod-info.ts";
import { ShapeTables } from "./shape-table.ts";
import { type Domains, domainsOf } from "./topology.ts";

/** Results by node set kept at most. */
const BY_NODES_MAX = 5_000;

export class SchedulerCache {
  readonly shapes: PodShapes = new PodShapes();
  readonly counts: PodCounts;
  readonly tables: ShapeTables = new ShapeTables();
  readonly changes: ChangeLog = new ChangeLog();
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #pods = new Map<string, { info: PodInfo; node: NodeInfo }>();
  /** Zone key → its nodes in the order in which they came. */
  readonly #zones = new Map<string, NodeInfo[]>();
  /** Image name → its size in bytes (as first reported) and the nodes that have it. */
  readonly #images = new Map<string, { readonly size: number; readonly nodes: Set<string> }>();
  #order: readonly NodeInfo[] | undefined;
  #places: Int32Array | undefined;
  #topology = new Map<string, Domains>();
  #byNodes = new Map<string, unknown>();
  #slots = 0;
  readonly #freeSlots: number[] = [];

  constructor(namespaceLabels: (namespace: string) => Labels) {
    this.counts = new PodCounts(namespaceLabels);
  }

  /** One more than the highest slot in use: the length of tables by node. */
  get slots(): number {
    return this.#slots;
  }

  /** The nodes: one of each zone in turn, each zone in the order in which its nodes came. */
  order(): readonly NodeInfo[] {
    if (this.#order) return this.#order;
    const order: NodeInfo[] = [];
    const zones = [...this.#zones.values()];
    const longest = zones.reduce((n, zone) => Math.max(n, zone.length), 0);
    for (let i = 0; i < longest; i++) {
      for (const zone of zones) {
        const node = zone[i];
        if (node) order.push(node);
      }
    }
    this.#order = order;
    this.#places = undefined;
    return order;
  }

  /** By node slot: the node's place in the order; -1 for a slot of no node. */
  places(): Int32Array {
    const order = this.order();
    if (this.#places?.length === this.#slots) return this.#places;
    const places = new Int32Array(this.#slots).fill(-1);
    order.forEach((node, place) => {
      places[node.slot] = place;
    });
    this.#places = places;
    return places;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#nodes.get(name);
    return info?.node ? info : undefined;
  }

  pod(key: string): PodInfo | undefined {
    return this.#pods.get(key)?.info;
  }

  /** Which nodes share a value of a label. */
  domains(topologyKey: string): Domains {
    let domains = this.#topology.get(topologyKey);
    if (!domains) {
      domains = domainsOf(topologyKey, this.order(), this.#slots);
      this.#topology.set(topologyKey, domains);
    }
    return domains;
  }

  /** What depends on the set of nodes, their labels and taints alone: worked out once until these change. */
  byNodes<T>(key: string, make: () => T): T {
    let known = this.#byNodes.get(key) as T | undefined;
    if (known === undefined) {
      if (this.#byNodes.size >= BY_NODES_MAX) this.#byNodes.clear();
      known = make();
      this.#byNodes.set(key, known);
    }
    return known;
  }

  image(name: string): { readonly size: number; readonly nodes: ReadonlySet<string> } | undefined {
    return this.#images.get(name);
  }

  /** Takes a node in, new or changed; false when nothing changed that scheduling depends on (a heartbeat). */
  setNode(node: Node): boolean {
    const info = this.#infoOf(node.metadata.name);
    const before = info.node;
    const samePlace = before !== undefined && sameForPlacement(before, node);
    if (samePlace && sameStatus(before, node)) {
      info.node = node;
      return false;
    }
    const oldZone = before && zoneOf(before);
    const zone = zoneOf(node);
    info.setNode(node);
    if (!before || !same(before.status?.images, node.status?.images)) {
      if (before) this.#dropImages(before);
      this.#takeImages(node);
      this.tables.clear();
    }
    if (oldZone !== zone) {
      if (oldZone !== undefined) this.#leaveZone(oldZone, info);
      const members = this.#zones.get(zone);
      if (members) members.push(info);
      else this.#zones.set(zone, [info]);
      this.#order = undefined;
    }
    if (!samePlace) this.#nodesChanged();
    return true;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info?.node) return;
    this.#dropImages(info.node);
    this.#leaveZone(zoneOf(info.node), info);
    info.setNode(undefined);
    this.#order = undefined;
    this.#nodesChanged();
    this.#forgetIfEmpty(info);
  }

  /** A Pod that takes room on a node: bound, or about to be. A Pod known already is replaced; `before`: what is known of it otherwise. */
  setPod(pod: Pod, before?: PodInfo): PodInfo {
    const nodeName = pod.spec.nodeName;
    invariant(nodeName, "only Pods with a node are counted");
    const key = keyOf(pod);
    const known = this.#pods.get(key);
    const info = this.shapes.infoOf(pod, known?.info ?? before);
    if (known) {
      const { info: old, node } = known;
      if (node.name === nodeName && old.shape === info.shape && old.terminating === info.terminating) {
        node.pods.set(key, info);
        known.info = info;
        // Who runs longer is spared longer.
        if (old.pod.status?.startTime !== pod.status?.startTime) node.touch();
        return info;
      }
      this.removePod(key);
    }
    const node = this.#infoOf(nodeName);
    node.add(info);
    this.#pods.set(key, { info, node });
    this.counts.add(info, node);
    return info;
  }

  removePod(key: string): void {
    const known = this.#pods.get(key);
    if (!known) return;
    this.#pods.delete(key);
    known.node.remove(known.info);
    this.counts.remove(known.info, known.node);
    this.#forgetIfEmpty(known.node);
  }

  #infoOf(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (!info) {
      info = new NodeInfo(name, this.#freeSlots.pop() ?? this.#slots++, this.changes);
      this.#nodes.set(name, info);
      this.#nodesChanged();
    }
    return info;
  }

  #forgetIfEmpty(info: NodeInfo): void {
    if (info.node || info.pods.size > 0) return;
    this.#nodes.delete(info.name);
    this.#freeSlots.push(info.slot);
  }

  #leaveZone(zone: string, info: NodeInfo): void {
    const members = (this.#zones.get(zone) ?? []).filter((n) => n !== info);
    if (members.length > 0) this.#zones.set(zone, members);
    else this.#zones.delete(zone);
    this.#order = undefined;
  }

  #nodesChanged(): void {
    this.#topology = new Map();
    this.#byNodes = new Map();
    this.tables.clear();
  }

  #takeImages(node: Node): void {
    for (const image of node.status?.images ?? []) {
      for (const name of image.names ?? []) {
        const known = this.#images.get(name);
        if (known) known.nodes.add(node.metadata.name);
        else this.#images.set(name, { size: image.sizeBytes ?? 0, nodes: new Set([node.metadata.name]) });
      }
    }
  }

  #dropImages(node: Node): void {
    for (const image of node.status?.images ?? []) {
      for (const name of image.names ?? []) {
        const known = this.#images.get(name);
        known?.nodes.delete(node.metadata.name);
        if (known?.nodes.size === 0) this.#images.delete(name);
      }
    }
  }
}

function sameForPlacement(a: Node, b: Node): boolean {
  return same(a.metadata.labels, b.metadata.labels) && same(a.spec, b.spec);
}

function sameStatus(a: Node, b: Node): boolean {
  return (
    same(a.status?.allocatable, b.status?.allocatable) &&
    same(a.status?.images, b.status?.images) &&
    same(a.status?.declaredFeatures, b.status?.declaredFeatures)
  );
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Region and zone together; `""` for a node with neither. @see kubernetes component-helpers/node/topology/helpers.go (GetZoneKey) */
function zoneOf(node: Node): string {
  const labels = node.metadata.labels;
  const zone = labels?.["failure-domain.beta.kubernetes.io/zone"] ?? labels?.["topology.kubernetes.io/zone"] ?? "";
  const region = labels?.["failure-domain.beta.kubernetes.io/region"] ?? labels?.["topology.kubernetes.io/region"] ?? "";
  return zone === "" && region === "" ? "" : `${region}:\0:${zone}`;
}
