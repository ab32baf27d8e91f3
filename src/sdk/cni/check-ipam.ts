/** Address management, looked at more closely than its plugins do: what they would take and nobody can mean is refused too. */
import { type Cidr, containsIp, formatCidr, type Ip, parseCidr, parseIp } from "../../lib/cidr.ts";
import { checkFields, cidr, DNS, flag, ip, listOf, membersOf, objectOf, oneOf, ROUTE, refuse, shown, text, whole } from "./fields.ts";

type Members = Readonly<Record<string, unknown>>;

/** What an IPAM has to know of the configuration around it. */
export interface IpamContext {
  readonly cniVersion: string;
  /** The runtime hands ranges in. */
  readonly runtimeRanges: boolean;
}

const RANGE = { subnet: cidr, rangeStart: ip, rangeEnd: ip, gateway: ip } as const;
const POOLS = listOf(text);
const WORD = oneOf("true", "false");

export function checkIpam(value: unknown, field: string, allowed: readonly string[], context: IpamContext): void {
  const ipam = membersOf(value, field);
  const { type } = ipam;
  if (typeof type !== "string" || !allowed.includes(type))
    refuse(`${field}.type`, `one of ${allowed.map(shown).join(", ")} is expected, not ${shown(type)}`);
  if (type === "host-local") checkHostLocal(ipam, field, context);
  else if (type === "static") checkStatic(ipam, field);
  else if (type === "dhcp") {
    const request = listOf(objectOf({ option: text, skipDefault: flag }, ["option"]));
    const provide = listOf(objectOf({ option: text, value: text, fromArg: text }, ["option"]));
    checkFields(ipam, field, { type: text, daemonSocketPath: text, request, provide, priority: whole(0, 2 ** 31 - 1) });
  } else checkFields(ipam, field, { type: text, assign_ipv4: WORD, assign_ipv6: WORD, ipv4_pools: POOLS, ipv6_pools: POOLS });
}

function checkStatic(ipam: Members, field: string): void {
  const addresses = listOf(objectOf({ address: cidr, gateway: ip }, ["address"]));
  checkFields(ipam, field, { type: text, addresses, routes: listOf(ROUTE), dns: DNS });
}

interface Bounds {
  readonly field: string;
  readonly subnet: Cidr;
  readonly first: bigint;
  readonly last: bigint;
}

function checkHostLocal(ipam: Members, field: string, context: IpamContext): void {
  const ranges = listOf(listOf(objectOf(RANGE, ["subnet"])));
  checkFields(ipam, field, { type: text, ...RANGE, ranges, routes: listOf(ROUTE), resolvConf: text, dataDir: text });
  const given = (ipam["ranges"] ?? []) as readonly (readonly Members[])[];
  if (ipam["subnet"] === undefined) {
    for (const name of ["rangeStart", "rangeEnd", "gateway"])
      if (ipam[name] !== undefined) refuse(`${field}.${name}`, "needs a subnet beside it");
    if (given.length === 0 && !context.runtimeRanges)
      refuse(`${field}.subnet`, "is missing; or give ranges, or let the runtime do so by capabilities: { ipRanges: true }");
  } else if (given.length > 0) refuse(`${field}.ranges`, "stands for subnet: give one of them");
  const sets: Bounds[][] = ipam["subnet"] === undefined ? [] : [[boundsOf(ipam, field)]];
  for (const [i, set] of given.entries()) {
    if (set.length === 0) refuse(`${field}.ranges[${i}]`, "is empty");
    sets.push(set.map((range, j) => boundsOf(range, `${field}.ranges[${i}][${j}]`)));
  }
  checkSets(sets, context.cniVersion);
}

/** A range's addresses. The gateway may be given or not, but it lies in the subnet: elsewhere containers would not reach it. */
function boundsOf(range: Members, field: string): Bounds {
  const subnet = parseCidr(range["subnet"] as string) as Cidr;
  const where = formatCidr(subnet);
  if (subnet.address !== subnet.network)
    refuse(`${field}.subnet`, `${shown(range["subnet"])} has bits of a host set: the network is ${where}`);
  if (subnet.last - subnet.network < 3n) refuse(`${field}.subnet`, `${where} is too small to give addresses from`);
  const inside = (name: string): bigint | undefined => {
    if (range[name] === undefined) return undefined;
    const address = parseIp(range[name] as string) as Ip;
    if (!containsIp(subnet, address)) refuse(`${field}.${name}`, `${shown(range[name])} is not in ${where}`);
    return address.value;
  };
  inside("gateway");
  const first = inside("rangeStart") ?? subnet.network + 1n;
  const last = inside("rangeEnd") ?? (subnet.family === "IPv4" ? subnet.last - 1n : subnet.last);
  if (first > last)
    refuse(`${field}.rangeEnd`, `${shown(range["rangeEnd"] ?? where)} comes before rangeStart ${shown(range["rangeStart"] ?? where)}`);
  return { field, subnet, first, last };
}

function checkSets(sets: readonly (readonly Bounds[])[], cniVersion: string): void {
  const seen: Bounds[] = [];
  const families: string[] = [];
  for (const set of sets) {
    const [{ family }] = [set[0]!.subnet];
    if (cniVersion === "0.2.0" && families.includes(family))
      refuse(set[0]!.field, `a second set of ${family} ranges: cniVersion 0.2.0 has room for one address of each family`);
    families.push(family);
    for (const range of set) {
      if (range.subnet.family !== family) refuse(range.field, "the ranges of a set are of one family");
      const other = seen.find((s) => s.subnet.family === family && s.first <= range.last && range.first <= s.last);
      if (other) refuse(range.field, `overlaps with ${other.field}`);
      seen.push(range);
    }
  }
}
