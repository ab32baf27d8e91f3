/**
 * Ranges of the host-local plugin, and sets of them: one address is given from each set.
 * @see containernetworking plugins/ipam/host-local/backend/allocator/range.go, range_set.go
 */
import { bitsOf, type Cidr, containsIp, formatIp, type Ip } from "../../../lib/cidr.ts";
import { pluginError } from "./cni-error.ts";

/** As written in the configuration. */
export interface RangeConfig {
  readonly subnet: Subnet | undefined;
  readonly rangeStart: Ip | undefined;
  readonly rangeEnd: Ip | undefined;
  readonly gateway: Ip | undefined;
}

/** A CIDR, or an IPv4 one written as if it were IPv6 (`::ffff:10.0.0.0/120`), which no range can have. */
export type Subnet = Cidr | "mapped";

export interface Range {
  readonly subnet: Cidr;
  readonly start: bigint;
  readonly end: bigint;
  readonly gateway: Ip;
}

export type RangeSet = readonly Range[];

/** Fills in what is left out and refuses what makes no sense: a gateway may lie anywhere, the bounds of the range may not. */
function rangeOf(config: RangeConfig): Range {
  const { subnet } = config;
  if (subnet === undefined) throw pluginError("IP <nil> not v4 nor v6");
  if (subnet === "mapped") throw pluginError("IPNet IP and Mask version mismatch");
  const { family, network, prefix } = subnet;
  const asWritten = `${formatIp(family, subnet.address)}/${prefix}`;
  if (prefix > bitsOf(family) - 2) throw pluginError(`Network ${asWritten} too small to allocate from`);
  if (subnet.address !== network)
    throw pluginError(
      `Network has host bits set. For a subnet mask of length ${prefix} the network address is ${formatIp(family, network)}`,
    );
  const bound = (name: string, ip: Ip | undefined, fits: (ip: Ip) => boolean): bigint | undefined => {
    if (!ip) return undefined;
    if (!containsIp(subnet, ip) || !fits(ip)) throw pluginError(`${name} ${formatIp(ip.family, ip.value)} not in network ${asWritten}`);
    return ip.value;
  };
  const { rangeEnd } = config;
  // A start behind the end is told as one outside the network, as the plugin does.
  const start =
    bound("RangeStart", config.rangeStart, (ip) => rangeEnd?.family !== ip.family || ip.value <= rangeEnd.value) ?? network + 1n;
  const end = bound("RangeEnd", rangeEnd, (ip) => ip.value >= start) ?? (family === "IPv4" ? subnet.last - 1n : subnet.last);
  return { subnet, start, end, gateway: config.gateway ?? { family, value: network + 1n } };
}

/** The set of ranges: of one family, none overlapping another. */
export function rangeSetOf(configs: readonly RangeConfig[]): RangeSet {
  if (configs.length === 0) throw pluginError("empty range set");
  const set: Range[] = [];
  for (const config of configs) {
    const range = rangeOf(config);
    if (set[0] && set[0].subnet.family !== range.subnet.family) throw pluginError("mixed address families");
    set.push(range);
  }
  for (const [i, a] of set.entries())
    for (const b of set.slice(i + 1)) if (rangesOverlap(a, b)) throw pluginError(`subnets ${rangeText(a)} and ${rangeText(b)} overlap`);
  return set;
}

export function setsOverlap(a: RangeSet, b: RangeSet): boolean {
  return a.some((x) => b.some((y) => rangesOverlap(x, y)));
}

function rangesOverlap(a: Range, b: Range): boolean {
  return a.subnet.family === b.subnet.family && a.start <= b.end && b.start <= a.end;
}

/** The range of the set that an address belongs to. */
export function rangeFor(set: RangeSet, ip: Ip): Range | undefined {
  return set.find((range) => range.subnet.family === ip.family && ip.value >= range.start && ip.value <= range.end);
}

function rangeText(range: Range): string {
  const { family } = range.subnet;
  return `${formatIp(family, range.start)}-${formatIp(family, range.end)}`;
}

export function rangeSetText(set: RangeSet): string {
  return set.map(rangeText).join(",");
}
