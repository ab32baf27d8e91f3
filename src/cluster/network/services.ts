/**
 * Cluster IPs and node ports. Both ranges are cut in two: addresses picked for a Service come from the upper band first, so that the lower one
 * stays free for those who ask for a certain address.
 * Simplified: the real pick is random; ours starts from a number drawn from a stream keyed by the Service, and goes up from there.
 * @see kubernetes pkg/registry/core/service/ipallocator, pkg/registry/core/service/portallocator
 */
import { type Cidr, formatCidr, formatIp, type IpFamily, parseCidr, parseIp } from "../../lib/cidr.ts";
import { randomStream } from "../../lib/random.ts";
import type { ServiceAddresses, Unallocated } from "../../sim/network.ts";

/** kubeadm's default `--service-cluster-ip-range`. */
const SERVICE_NETWORK_DEFAULT = "10.96.0.0/12";
const NODE_PORT_MIN = 30_000;
const NODE_PORT_MAX = 32_767;
/** Numbers drawn at random are 32 bits; no range of addresses is searched beyond that. */
const SEARCHED_MAX = 2 ** 32 - 1;

const ALLOCATED_IP: Unallocated = { error: "provided IP is already allocated" };
const ALLOCATED_PORT: Unallocated = { error: "provided port is already allocated" };
const FULL: Unallocated = { error: "range is full" };

/** How many addresses at the lower end are kept for static use: a share of the range, within limits; none of a very small range. */
export function staticBand(size: number, share: number, max: number): number {
  if (size <= 16) return 0;
  return Math.min(Math.max(16, Math.floor(size / share)), max);
}

/** Numbers from 0 to `size`−1, of which some are taken; free ones are found from a start that the key decides, upper band first. */
class Band {
  readonly #size: number;
  readonly #static: number;
  readonly #taken = new Set<number>();
  #takenLow = 0;

  constructor(size: number, staticSize: number) {
    this.#size = size;
    this.#static = staticSize;
  }

  has(offset: number): boolean {
    return this.#taken.has(offset);
  }

  take(offset: number): void {
    if (this.#taken.has(offset)) return;
    this.#taken.add(offset);
    if (offset < this.#static) this.#takenLow++;
  }

  free(offset: number): void {
    if (this.#taken.delete(offset) && offset < this.#static) this.#takenLow--;
  }

  /** Takes a free number; `undefined` when there is none. */
  takeNext(key: string): number | undefined {
    const upper = this.#size - this.#static;
    const takenHigh = this.#taken.size - this.#takenLow;
    if (takenHigh < upper) return this.#search(this.#static, upper, key);
    if (this.#takenLow < this.#static) return this.#search(0, this.#static, key);
    return undefined;
  }

  #search(from: number, count: number, key: string): number {
    let offset = randomStream(key).int(count);
    while (this.#taken.has(from + offset)) offset = (offset + 1) % count;
    this.take(from + offset);
    return from + offset;
  }
}

interface Range {
  readonly cidr: Cidr;
  /** The first address that may be given: the network's own is left out. */
  readonly first: bigint;
  /** How many may be given: the broadcast address of IPv4 is left out. */
  readonly size: number;
  readonly band: Band;
}

function rangeOf(text: string): Range {
  const cidr = parseCidr(text);
  if (!cidr) throw new TypeError(`serviceNetwork: "${text}" is not an address range such as ${SERVICE_NETWORK_DEFAULT}`);
  if (cidr.family === "IPv6" && cidr.prefix < 64)
    throw new TypeError(`serviceNetwork: shortest allowed prefix length for service CIDR is 64, got ${cidr.prefix}`);
  const all = Number(cidr.last - cidr.network) + 1;
  const size = Math.min(cidr.family === "IPv4" ? all - 2 : all - 1, SEARCHED_MAX);
  if (size < 1) throw new TypeError(`serviceNetwork: "${text}" has no room for addresses`);
  return { cidr, first: cidr.network + 1n, size, band: new Band(size, Math.min(staticBand(all, 16, 256), size)) };
}

/** `serviceNetwork`: one range, or one of each family separated by a comma, the default family first. Throws TypeError when it is no range. */
export function createServiceAddresses(serviceNetwork: string = SERVICE_NETWORK_DEFAULT): ServiceAddresses {
  const ranges = new Map<IpFamily, Range>();
  for (const text of serviceNetwork.split(",")) {
    const range = rangeOf(text.trim());
    if (ranges.has(range.cidr.family)) throw new TypeError(`serviceNetwork: "${serviceNetwork}" has two ranges of ${range.cidr.family}`);
    ranges.set(range.cidr.family, range);
  }
  const ports = portAllocator();

  return {
    families: [...ranges.keys()],
    allocateIp(key, family, wanted) {
      const range = ranges.get(family);
      if (!range) return { error: `this cluster has no service network of family ${family}` };
      if (wanted !== undefined) return takeWanted(range, wanted);
      const offset = range.band.takeNext(`service ip ${family} ${key}`);
      return offset === undefined ? FULL : { ip: formatIp(family, range.first + BigInt(offset)) };
    },
    releaseIp(text) {
      const ip = parseIp(text);
      const range = ip && ranges.get(ip.family);
      if (range) range.band.free(Number(ip.value - range.first));
    },
    ...ports,
    dryRunIp(family) {
      const range = ranges.get(family);
      return range ? formatIp(family, range.cidr.network) : "";
    },
  };
}

function takeWanted(range: Range, wanted: string): { readonly ip: string } | Unallocated {
  const ip = parseIp(wanted);
  const offset = ip && ip.family === range.cidr.family ? Number(ip.value - range.first) : -1;
  if (!ip || offset < 0 || offset >= range.size)
    return { error: `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${formatCidr(range.cidr)}` };
  if (range.band.has(offset)) return ALLOCATED_IP;
  range.band.take(offset);
  return { ip: formatIp(ip.family, ip.value) };
}

/** A node port belongs to one Service, which may use it once for each protocol. */
function portAllocator(): Pick<ServiceAddresses, "allocatePort" | "releasePort"> {
  const size = NODE_PORT_MAX - NODE_PORT_MIN + 1;
  const band = new Band(size, staticBand(size, 32, 128));
  const holders = new Map<number, { readonly key: string; readonly protocols: Set<string> }>();
  return {
    allocatePort(key, protocol, wanted) {
      if (wanted !== undefined) {
        if (wanted < NODE_PORT_MIN || wanted > NODE_PORT_MAX)
          return {
            error: `provided port is not in the valid range. The range of valid ports is ${NODE_PORT_MIN}-${NODE_PORT_MAX}`,
          };
        const holder = holders.get(wanted);
        if (holder && (holder.key !== key || holder.protocols.has(protocol))) return ALLOCATED_PORT;
        if (holder) holder.protocols.add(protocol);
        else {
          band.take(wanted - NODE_PORT_MIN);
          holders.set(wanted, { key, protocols: new Set([protocol]) });
        }
        return { port: wanted };
      }
      const offset = band.takeNext(`node port ${key}`);
      if (offset === undefined) return FULL;
      holders.set(NODE_PORT_MIN + offset, { key, protocols: new Set([protocol]) });
      return { port: NODE_PORT_MIN + offset };
    },
    releasePort(port, protocol) {
      const holder = holders.get(port);
      if (!holder) return;
      holder.protocols.delete(protocol);
      if (holder.protocols.size > 0) return;
      holders.delete(port);
      band.free(port - NODE_PORT_MIN);
    },
  };
}
