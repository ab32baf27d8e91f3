/**
 * The host-local IPAM plugin: addresses from ranges, in turn. What it would keep in files on the node is kept in memory.
 * @see containernetworking plugins/ipam/host-local/main.go, backend/allocator/allocator.go, backend/disk/backend.go; cni pkg/skel
 */
import { formatIp, type Ip } from "../../../lib/cidr.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { CniError, CODE, pluginError } from "./cni-error.ts";
import { type Members, member } from "./go-json.ts";
import { type HostLocalConfig, loadConfig } from "./host-local-config.ts";
import { type Range, type RangeSet, rangeFor, rangeSetText } from "./host-local-range.ts";
import { CNI_VERSIONS, type CniResult, type CniVersion, cniResult, type GivenAddress } from "./result.ts";

export type { CniResult } from "./result.ts";

/** One network's address management on one node. */
export interface HostLocal {
  /** Addresses for a container, one of each range set. @throws CniError with the plugin's message */
  add(containerId: string): CniResult;
  /** Gives back what the container has; nothing happens when it has nothing. @throws CniError for a configuration that cannot be read */
  del(containerId: string): void;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/**
 * The host-local plugin for a network configuration, as the plugin that calls it (`bridge`, `ptp` …) hands it on.
 * A mistake in the configuration is told by `add` and `del`, as the plugin does.
 * @throws TypeError when the configuration is no object
 */
export function hostLocal(cniConfig: object): HostLocal {
  if (typeof cniConfig !== "object" || cniConfig === null || Array.isArray(cniConfig))
    throw new TypeError("hostLocal: a CNI network configuration is an object such as { cniVersion, name, type, ipam }");
  const config = cniConfig as Members;
  const store = new Store();
  const begin = (containerId: string): HostLocalConfig => {
    checkCall(config, containerId);
    return loadConfig(config);
  };
  return {
    add(containerId) {
      const loaded = begin(containerId);
      if (loaded.resolvConf !== "") throw pluginError(`open ${loaded.resolvConf}: no such file or directory`);
      const given = giveAll(loaded, store, containerId);
      return cniResult((loaded.cniVersion || "0.1.0") as CniVersion, given, loaded.routes);
    },
    del(containerId) {
      begin(containerId);
      store.release(containerId);
    },
  };
}

/** What every plugin checks before its own work. @see containernetworking cni pkg/skel/skel.go */
function checkCall(config: Members, containerId: string): void {
  if (containerId === "") throw new CniError(CODE.invalidEnvironment, "required env variables [CNI_CONTAINERID] missing");
  const name = member(config, "name") ?? "";
  if (typeof name !== "string") throw new CniError(CODE.decodingFailure, `error unmarshall network config: ${notText(name, "name")}`);
  if (name === "") throw new CniError(CODE.invalidNetworkConfig, "missing network name");
  if (!NAME.test(name)) throw new CniError(CODE.invalidNetworkConfig, "invalid characters found in network name", name);
  if (!NAME.test(containerId)) throw new CniError(CODE.invalidEnvironment, "invalid characters in containerID", containerId);
  const version = member(config, "cniVersion") ?? "";
  if (typeof version !== "string")
    throw new CniError(CODE.decodingFailure, `decoding version from network config: ${notText(version, "cniVersion")}`);
  if (version !== "" && !(CNI_VERSIONS as readonly string[]).includes(version)) {
    const supported = CNI_VERSIONS.map((v) => goQuote(v)).join(" ");
    throw new CniError(
      CODE.incompatibleVersion,
      "incompatible CNI versions",
      `config is ${goQuote(version)}, plugin supports [${supported}]`,
    );
  }
}

function notText(value: unknown, field: string): string {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go struct field .${field} of type string`;
}

/** One address of each set, or none at all. */
function giveAll(config: HostLocalConfig, store: Store, containerId: string): readonly GivenAddress[] {
  const given: GivenAddress[] = [];
  const requested = new Map(config.requested.map((ip) => [keyOf(ip), ip]));
  for (const [index, set] of config.sets.entries()) {
    const wanted = [...requested.values()].find((ip) => rangeFor(set, ip));
    if (wanted) requested.delete(keyOf(wanted));
    try {
      given.push(wanted ? giveWanted(set, index, store, containerId, wanted) : giveNext(set, index, store, containerId));
    } catch (error) {
      if (given.length > 0) store.release(containerId);
      throw pluginError(`failed to allocate for range ${index}: ${(error as Error).message}`);
    }
  }
  if (requested.size > 0) {
    store.release(containerId);
    throw pluginError(`failed to allocate all requested IPs: ${[...requested.keys()].join(" ")}`);
  }
  return given;
}

function giveWanted(set: RangeSet, index: number, store: Store, containerId: string, wanted: Ip): GivenAddress {
  const range = rangeFor(set, wanted) as Range;
  const text = keyOf(wanted);
  if (text === keyOf(range.gateway)) throw pluginError(`requested ip ${text} is subnet's gateway`);
  if (!store.reserve(index, wanted, containerId))
    throw pluginError(`requested IP address ${text} is not available in range set ${rangeSetText(set)}`);
  return givenFrom(range, wanted);
}

/** The next free address after the one given last, through all ranges of the set and round again; gateways are left out. */
function giveNext(set: RangeSet, index: number, store: Store, containerId: string): GivenAddress {
  const held = store.heldBy(containerId).find((ip) => rangeFor(set, ip));
  if (held) throw pluginError(`${keyOf(held)} has been allocated to ${containerId}, duplicate allocation is not allowed`);
  for (const [range, value] of candidates(set, store.lastReserved(index))) {
    const ip = { family: range.subnet.family, value };
    if (ip.value === range.gateway.value && ip.family === range.gateway.family) continue;
    if (store.reserve(index, ip, containerId)) return givenFrom(range, ip);
  }
  throw pluginError(`no IP addresses available in range set: ${rangeSetText(set)}`);
}

/** Every address of the set once, beginning after `last`, or with the first one. */
function* candidates(set: RangeSet, last: Ip | undefined): Generator<readonly [Range, bigint]> {
  const lastRange = last && rangeFor(set, last);
  let at = lastRange ? set.indexOf(lastRange) : 0;
  let value = lastRange && last ? last.value : undefined;
  let first: string | undefined;
  for (;;) {
    let range = set[at] as Range;
    if (value === undefined) value = range.start;
    else if (value === range.end) {
      at = (at + 1) % set.length;
      range = set[at] as Range;
      value = range.start;
    } else value++;
    const here = `${at} ${value}`;
    if (here === first) return;
    first ??= here;
    yield [range, value];
  }
}

function givenFrom(range: Range, ip: Ip): GivenAddress {
  return { family: ip.family, address: `${keyOf(ip)}/${range.subnet.prefix}`, gateway: keyOf(range.gateway) };
}

function keyOf(ip: Ip): string {
  return formatIp(ip.family, ip.value);
}

/** What the plugin keeps in its folder: a file for each address that is held, and the address given last for each range set. */
class Store {
  readonly #held = new Map<string, { readonly ip: Ip; readonly containerId: string }>();
  readonly #last = new Map<number, Ip>();

  reserve(set: number, ip: Ip, containerId: string): boolean {
    const key = keyOf(ip);
    if (this.#held.has(key)) return false;
    this.#held.set(key, { ip, containerId });
    this.#last.set(set, ip);
    return true;
  }

  lastReserved(set: number): Ip | undefined {
    return this.#last.get(set);
  }

  /** In the order of the files' names. */
  heldBy(containerId: string): readonly Ip[] {
    const own = [...this.#held].filter(([, held]) => held.containerId === containerId);
    return own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { ip }]) => ip);
  }

  release(containerId: string): void {
    for (const [key, held] of this.#held) if (held.containerId === containerId) this.#held.delete(key);
  }
}
