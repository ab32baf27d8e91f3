/**
 * The configuration of the host-local plugin: the network configuration of the plugin that calls it, of which it reads its part.
 * @see containernetworking plugins/ipam/host-local/backend/allocator/config.go; cni pkg/types Route
 */
import { formatIp, type Ip, parseCidr, parseIp } from "../../../lib/cidr.ts";
import { pluginError } from "./cni-error.ts";
import { DecodeError, listOf, type Members, member, membersOf, namesOf, numberOf, type Place, textOf, wrongType } from "./go-json.ts";
import { type RangeConfig, type RangeSet, rangeSetOf, type Subnet, setsOverlap } from "./host-local-range.ts";

/** A route as plugins print it. */
export interface CniRoute {
  readonly dst: string;
  readonly gw?: string;
  readonly mtu?: number;
  readonly advmss?: number;
  readonly priority?: number;
  readonly table?: number;
  readonly scope?: number;
}

export interface HostLocalConfig {
  readonly cniVersion: string;
  readonly sets: readonly RangeSet[];
  readonly routes: readonly CniRoute[];
  /** Addresses asked for, in order. */
  readonly requested: readonly Ip[];
  readonly resolvConf: string;
}

const RANGE_FIELDS = ["rangeStart", "rangeEnd", "subnet", "gateway"] as const;
const ROOT = { struct: "Net", path: "" } as const;

/** Reads the configuration. @throws CniError with the plugin's words */
export function loadConfig(config: Members): HostLocalConfig {
  try {
    return load(config);
  } catch (error) {
    throw error instanceof DecodeError ? pluginError(error.message) : error;
  }
}

interface Ipam {
  readonly range: RangeConfig | undefined;
  readonly ranges: readonly (readonly RangeConfig[])[];
  readonly routes: readonly CniRoute[];
  readonly resolvConf: string;
}

interface Decoded {
  ipam?: Ipam | undefined;
  cniVersion: string;
  runtimeRanges: readonly (readonly RangeConfig[])[];
  runtimeIps: readonly (Ip | undefined)[];
  argumentIps: readonly (Ip | undefined)[];
}

function load(config: Members): HostLocalConfig {
  const net = decode(config);
  const { ipam, cniVersion } = net;
  if (!ipam) throw pluginError("IPAM config missing 'ipam' key");
  const requested = [...net.argumentIps, ...net.runtimeIps].map((ip) => {
    if (!ip) throw pluginError("cannot understand ip: IP <nil> not v4 nor v6");
    return ip;
  });
  const configs = [...net.runtimeRanges, ...(ipam.range?.subnet ? [[ipam.range]] : []), ...ipam.ranges];
  if (configs.length === 0) throw pluginError("no IP ranges specified");
  const sets = configs.map((set, i) => {
    try {
      return rangeSetOf(set);
    } catch (error) {
      throw pluginError(`invalid range set ${i}: ${(error as Error).message}`);
    }
  });
  checkFamilies(sets, cniVersion);
  for (const [i, a] of sets.entries())
    for (const [j, b] of sets.entries()) if (j > i && setsOverlap(a, b)) throw pluginError(`range set ${i} overlaps with ${j}`);
  return { cniVersion, sets, routes: ipam.routes, requested, resolvConf: ipam.resolvConf };
}

/** Results before 0.3.0 have room for one address of each family. */
function checkFamilies(sets: readonly RangeSet[], cniVersion: string): void {
  const count = (family: string): number => sets.filter((set) => set[0]?.subnet.family === family).length;
  if (count("IPv4") <= 1 && count("IPv6") <= 1) return;
  if (["", "0.1.0", "0.2.0"].includes(cniVersion))
    throw pluginError(`CNI version ${cniVersion} does not support more than 1 address per family`);
}

function decode(config: Members): Decoded {
  const net: Decoded = { cniVersion: "", runtimeRanges: [], runtimeIps: [], argumentIps: [] };
  for (const name of namesOf(config, ["cniVersion", "ipam", "runtimeConfig", "args"])) {
    const value = member(config, name);
    const place = { ...ROOT, path: name };
    if (name === "cniVersion") net.cniVersion = textOf(value, place);
    else if (name === "ipam") net.ipam = decodeIpam(membersOf(value, place, "allocator.IPAMConfig"));
    else if (name === "runtimeConfig") decodeRuntime(membersOf(value, place, "struct"), net);
    else {
      const cni = membersOf(member(membersOf(value, place, "struct") ?? {}, "cni"), { struct: "", path: "args.cni" }, "allocator.IPAMArgs");
      net.argumentIps = decodeIps(cni && member(cni, "ips"), { struct: "IPAMArgs", path: "args.cni.ips" });
    }
  }
  return net;
}

function decodeRuntime(runtime: Members | undefined, net: Decoded): void {
  if (!runtime) return;
  for (const name of namesOf(runtime, ["ipRanges", "ips"])) {
    const place = { struct: "", path: `runtimeConfig.${name}` };
    if (name === "ipRanges") net.runtimeRanges = decodeRangeSets(member(runtime, name), place);
    else net.runtimeIps = decodeIps(member(runtime, name), place);
  }
}

function decodeIpam(ipam: Members | undefined): Ipam | undefined {
  if (!ipam) return undefined;
  let ranges: readonly (readonly RangeConfig[])[] = [];
  let routes: readonly CniRoute[] = [];
  let resolvConf = "";
  const range: Partial<Record<keyof RangeConfig, unknown>> = {};
  for (const name of namesOf(ipam, [...RANGE_FIELDS, "type", "dataDir", "routes", "resolvConf", "ranges"])) {
    const value = member(ipam, name);
    const place = { struct: "IPAMConfig", path: `ipam.${name}` };
    if (name === "ranges") ranges = decodeRangeSets(value, place);
    else if (name === "routes")
      routes = listOf(value, place, "[]*types.Route")
        .filter((r) => r !== null)
        .map((r) => decodeRoute(r, place));
    else if (name === "resolvConf") resolvConf = textOf(value, place);
    else if (name === "type" || name === "dataDir") textOf(value, place);
    else if (name === "subnet") range.subnet = decodeSubnet(value, place);
    else range[name as keyof RangeConfig] = decodeIp(value, place);
  }
  return { range: Object.keys(range).length > 0 ? rangeConfig(range) : undefined, ranges, routes, resolvConf };
}

function rangeConfig(given: Partial<Record<keyof RangeConfig, unknown>>): RangeConfig {
  return { subnet: undefined, rangeStart: undefined, rangeEnd: undefined, gateway: undefined, ...(given as Partial<RangeConfig>) };
}

function decodeRangeSets(value: unknown, place: Place): readonly (readonly RangeConfig[])[] {
  return listOf(value, place, "[]allocator.RangeSet").map((set) =>
    listOf(set, place, "allocator.RangeSet").map((range) => {
      const members = membersOf(range, place, "allocator.Range") ?? {};
      const found: Partial<Record<keyof RangeConfig, unknown>> = {};
      for (const name of namesOf(members, RANGE_FIELDS)) {
        const at = { struct: "Range", path: `${place.path}.${name}` };
        const field = member(members, name);
        found[name as keyof RangeConfig] = name === "subnet" ? decodeSubnet(field, at) : decodeIp(field, at);
      }
      return rangeConfig(found);
    }),
  );
}

function decodeSubnet(value: unknown, place: Place): Subnet {
  const text = textOf(value, place);
  const cidr = parseCidr(text);
  if (cidr) return cidr;
  const slash = text.indexOf("/");
  const mapped =
    text.includes(":") && slash > 0 && parseIp(text.slice(0, slash))?.family === "IPv4" && /^\/\d{1,3}$/.test(text.slice(slash));
  if (mapped && Number(text.slice(slash + 1)) <= 128) return "mapped";
  throw new DecodeError(`invalid CIDR address: ${text}`);
}

/** `net.IP`: an empty text is none. */
function decodeIp(value: unknown, place: Place): Ip | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value !== "string") throw wrongType(value, place, "net.IP");
  const ip = parseIp(value);
  if (!ip) throw new DecodeError(`invalid IP address: ${value}`);
  return ip;
}

/** The plugins' own `ip.IP`: an address, with or without a prefix. */
function decodeIps(value: unknown, place: Place): readonly (Ip | undefined)[] {
  return listOf(value, place, "[]*ip.IP").map((item) => {
    if (item === "" || item === null) return undefined;
    if (typeof item !== "string") throw wrongType(item, place, "*ip.IP");
    const ip = item.includes("/") ? parseCidr(item) : parseIp(item);
    if (!ip) throw new DecodeError(`invalid IP address ${item}`);
    return "address" in ip ? { family: ip.family, value: ip.address } : ip;
  });
}

/** A route, with what JSON leaves out when it is empty left out. */
function decodeRoute(value: unknown, place: Place): CniRoute {
  const members = membersOf(value, place, "types.route") ?? {};
  const at = (name: string): Place => ({ struct: "route", path: `${place.path}.${name}` });
  const route: { -readonly [K in keyof CniRoute]: CniRoute[K] } = { dst: "<nil>" };
  for (const name of namesOf(members, ["dst", "gw", "mtu", "advmss", "priority", "table", "scope"])) {
    const field = member(members, name);
    if (name === "dst") route.dst = subnetText(decodeSubnet(field, at(name)), String(field));
    else if (name === "gw") {
      const ip = decodeIp(field, at(name));
      if (ip) route.gw = formatIp(ip.family, ip.value);
    } else {
      const number = numberOf(field, at(name));
      if (number !== undefined && (number !== 0 || name === "table" || name === "scope")) route[name as "mtu"] = number;
    }
  }
  return route;
}

function subnetText(subnet: Subnet, asWritten: string): string {
  return subnet === "mapped" ? asWritten : `${formatIp(subnet.family, subnet.address)}/${subnet.prefix}`;
}
