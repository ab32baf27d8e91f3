/** Topology domains: the groups of nodes that share a value of a label. */
import type { NodeInfo } from "./node-info.ts";

export interface Domains {
  /** By node slot: the number of its domain, or -1 for a node without the label. */
  readonly ids: Int32Array;
  readonly count: number;
}

export function domainsOf(topologyKey: string, nodes: readonly NodeInfo[], slots: number): Domains {
  const ids = new Int32Array(slots).fill(-1);
  const byValue = new Map<string, number>();
  for (const node of nodes) {
    const value = node.labels[topologyKey];
    if (value === undefined) continue;
    let id = byValue.get(value);
    if (id === undefined) {
      id = byValue.size;
      byValue.set(value, id);
    }
    ids[node.slot] = id;
  }
  return { ids, count: byValue.size };
}
