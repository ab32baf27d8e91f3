/**
 * Every Node gets a range of Pod addresses out of the cluster's: the next free one in turn, a /24 (IPv4) or /64 (IPv6).
 * @see kubernetes pkg/controller/nodeipam/ipam/range_allocator.go, cidrset/cidr_set.go
 */
import type { Node } from "../../../generated/v1.36/model.ts";
import { NODE } from "../../api/kinds.ts";
import { type Cidr, formatIp, parseCidr } from "../../lib/cidr.ts";
import { invariant } from "../../lib/invariant.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const NAME = "cidrAllocator";
const DEFAULT_NETWORK = "10.244.0.0/16";
const NODE_PREFIX = { IPv4: 24, IPv6: 64 } as const;

/** The ranges of one network, handed out in turn: one that came back is used again only after the others. */
export class CidrSet {
  readonly #network: Cidr;
  readonly #prefix: number;
  readonly #count: number;
  readonly #used = new Set<number>();
  #next = 0;

  /** A network smaller than a Node's range is handed out whole, once. */
  constructor(network: Cidr) {
    this.#network = network;
    this.#prefix = Math.max(NODE_PREFIX[network.family], network.prefix);
    this.#count = 2 ** Math.min(this.#prefix - network.prefix, 16);
  }

  /** The next free range; `undefined` when there is none. */
  allocate(): string | undefined {
    for (let i = 0; i < this.#count; i++) {
      const at = (this.#next + i) % this.#count;
      if (this.#used.has(at)) continue;
      this.#used.add(at);
      this.#next = (at + 1) % this.#count;
      return this.#range(at);
    }
    return undefined;
  }

  /** Marks the ranges that `cidr` touches as used, or as free again. */
  mark(cidr: string, used: boolean): void {
    const parsed = parseCidr(cidr);
    if (!parsed || parsed.family !== this.#network.family) return;
    const size = this.#size();
    const first = Number((parsed.network - this.#network.network) / size);
    const last = Number((parsed.last - this.#network.network) / size);
    for (let at = Math.max(0, first); at <= Math.min(last, this.#count - 1); at++) {
      if (used) this.#used.add(at);
      else this.#used.delete(at);
    }
  }

  #size(): bigint {
    const bits = this.#network.family === "IPv4" ? 32 : 128;
    return 1n << BigInt(bits - this.#prefix);
  }

  #range(at: number): string {
    return `${formatIp(this.#network.family, this.#network.network + BigInt(at) * this.#size())}/${this.#prefix}`;
  }
}

export const nodeIpamController: Controller = {
  name: NAME,
  start(context) {
    const nodes = context.informers.for(NODE);
    const sets = (context.podNetwork ?? DEFAULT_NETWORK).split(",").map((text) => {
      const network = parseCidr(text.trim());
      invariant(network, `the Pod network ${text} is a CIDR`);
      return new CidrSet(network);
    });
    const mark = (node: Node, used: boolean): void => {
      for (const cidr of node.spec?.podCIDRs ?? []) for (const set of sets) set.mark(cidr, used);
    };
    const queue = queueFor(context, nodes, (node, key) => {
      if ((node.spec?.podCIDRs ?? []).length > 0) return;
      const podCIDRs: string[] = [];
      for (const set of sets) {
        const cidr = set.allocate();
        if (cidr !== undefined) podCIDRs.push(cidr);
      }
      const undo = (): void => {
        for (const cidr of podCIDRs) for (const set of sets) set.mark(cidr, false);
      };
      if (podCIDRs.length < sets.length) {
        undo();
        context.recorder.report(NAME, node, "Normal", "CIDRNotAvailable", `Node ${key} status is now: CIDRNotAvailable`);
        return "retry";
      }
      const answer = context.client.patch(NODE, key, undefined, { spec: { podCIDR: podCIDRs[0], podCIDRs } });
      if (!mustRetry(answer)) return;
      undo();
      return "retry";
    });
    nodes.on((type, node, before) => {
      if (before) mark(before, false);
      mark(node, type !== "DELETED");
      if (type !== "DELETED") queue.add(node.metadata.name);
    });
  },
};
