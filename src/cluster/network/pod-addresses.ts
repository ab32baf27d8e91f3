/**
 * Addresses of Pods, given from the ranges of their nodes as the host-local plugin gives them behind a bridge: the first address is the
 * bridge's, then one after the other; what was given back comes round again only after the end of the range.
 * @see containernetworking plugins/ipam/host-local
 */
import { type Cidr, formatIp, type IpFamily, parseCidr, parseIp } from "../../lib/cidr.ts";
import { invariant } from "../../lib/invariant.ts";
import type { PodAddresses } from "../../sim/network.ts";

/** kubeadm's usual `--pod-network-cidr`: where the addresses of Pods come from whose node has no range of its own. */
const POD_NETWORK_DEFAULT = "10.244.0.0/16";
/** Offsets are kept as numbers: of a larger range (IPv6) only this many addresses are used. */
const RANGE_SIZE_MAX = 2 ** 32;

interface Range {
  readonly cidr: Cidr;
  readonly taken: Set<number>;
  /** The offset of the address given last; the search goes on after it. */
  lastGiven: number;
  /** Offsets: the first that may be given (after the bridge's), and the last (IPv4: before the broadcast address). */
  readonly first: number;
  readonly last: number;
}

interface Held {
  readonly range: Range;
  readonly offset: number;
}

/**
 * @param podNetwork where Pods get addresses whose node has no `podCIDRs` (nodes of networks with an address management of their own):
 * one range, or several separated by commas.
 */
export function createPodAddresses(podNetwork: string = POD_NETWORK_DEFAULT): PodAddresses {
  const ranges = new Map<string, Range>();
  const held = new Map<string, readonly Held[]>();
  const fallback = podNetwork.split(",").map((text) => text.trim());
  for (const text of fallback)
    if (!parseCidr(text)) throw new TypeError(`podNetwork: "${text}" is not an address range such as ${POD_NETWORK_DEFAULT}`);

  const rangeOf = (text: string): Range => {
    let range = ranges.get(text);
    if (!range) {
      range = newRange(text);
      ranges.set(text, range);
    }
    return range;
  };

  return {
    allocate(podUid, nodeRanges) {
      const known = held.get(podUid);
      if (known) return { ips: known.map(textOf) };
      const given: Held[] = [];
      const texts = nodeRanges.length > 0 ? nodeRanges : fallback;
      for (const [index, text] of texts.entries()) {
        const range = rangeOf(text);
        const offset = takeNext(range);
        if (offset === undefined) {
          for (const { range, offset } of given) range.taken.delete(offset);
          return { error: `failed to allocate for range ${index}: no IP addresses available in range set: ${bounds(range)}` };
        }
        given.push({ range, offset });
      }
      held.set(podUid, given);
      return { ips: given.map(textOf) };
    },
    adopt(podUid, ips, nodeRanges) {
      if (held.has(podUid)) return;
      const given: Held[] = [];
      for (const text of ips) {
        const ip = parseIp(text);
        for (const rangeText of ip ? [...nodeRanges, ...fallback] : []) {
          const range = rangeOf(rangeText);
          if (range.cidr.family !== ip?.family || ip.value < range.cidr.network || ip.value > range.cidr.last) continue;
          const offset = Number(ip.value - range.cidr.network);
          range.taken.add(offset);
          given.push({ range, offset });
          break;
        }
      }
      held.set(podUid, given);
    },
    release(podUid) {
      for (const { range, offset } of held.get(podUid) ?? []) range.taken.delete(offset);
      held.delete(podUid);
    },
  };
}

function newRange(text: string): Range {
  const cidr = parseCidr(text);
  invariant(cidr, `${text} is an address range: the API server has validated it`);
  const size = Math.min(Number(cidr.last - cidr.network) + 1, RANGE_SIZE_MAX);
  return { cidr, taken: new Set(), lastGiven: 1, first: 2, last: cidr.family === "IPv4" ? size - 2 : size - 1 };
}

/** The next free offset after the one given last, round the range once. */
function takeNext(range: Range): number | undefined {
  const count = range.last - range.first + 1;
  if (count < 1 || range.taken.size >= RANGE_SIZE_MAX) return undefined;
  let offset = range.lastGiven;
  for (let tried = 0; tried < count; tried++) {
    offset = offset >= range.last ? range.first : offset + 1;
    if (range.taken.has(offset)) continue;
    range.taken.add(offset);
    range.lastGiven = offset;
    return offset;
  }
  return undefined;
}

function textOf({ range, offset }: Held): string {
  return textAt(range.cidr.family, range.cidr.network, offset);
}

function textAt(family: IpFamily, network: bigint, offset: number): string {
  return formatIp(family, network + BigInt(offset));
}

/** The range as the plugin names it: all but the network and the broadcast address. */
function bounds(range: Range): string {
  const { family, network } = range.cidr;
  return `${textAt(family, network, 1)}-${textAt(family, network, range.last)}`;
}
