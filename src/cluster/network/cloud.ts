/**
 * A cloud that a simulation may assume: it gives every load balancer an address out of a range, routes the Pods' networks, and knows every machine.
 * Simplified: it never refuses, and its machines neither stop nor vanish by themselves.
 */
import { type Cidr, formatIp, type IpFamily, parseCidr, parseIp } from "../../lib/cidr.ts";
import { randomStream } from "../../lib/random.ts";
import type { Cloud, LoadBalancerAddresses } from "../../sim/cloud.ts";

/** Ranges for documentation: no address of a real load balancer. @see RFC 5737, RFC 3849 */
const NETWORK_DEFAULT = "203.0.113.0/24,2001:db8::/64";
/** So many addresses of a range are given at most. */
const SIZE_MAX = 2 ** 31;

/** The parts of an assumed cloud; all default to true. */
export interface CloudOptions {
  /**
   * Whether Services of type LoadBalancer get an address; or from which ranges, one of each family separated by a comma: default
   * `203.0.113.0/24,2001:db8::/64`, which are for documentation.
   */
  readonly loadBalancers?: boolean | string;
  /** How load balancers send traffic on; default `VIP`: with the destination as it was. */
  readonly ipMode?: "VIP" | "Proxy";
  /** Whether the Pods' networks are routed: Nodes get the condition NetworkUnavailable, False. */
  readonly routes?: boolean;
  /** Whether Nodes that wait for their cloud provider (taint `node.cloudprovider.kubernetes.io/uninitialized`) are initialized. */
  readonly nodes?: boolean;
}

/** @throws TypeError for what is no range of addresses */
export function createCloud(options: boolean | CloudOptions | undefined): Cloud | undefined {
  if (options === undefined || options === false) return undefined;
  const { loadBalancers = true, ipMode = "VIP", routes = true, nodes = true } = options === true ? {} : options;
  if (loadBalancers === false) return { routes, nodes };
  return { loadBalancers: addresses(loadBalancers === true ? NETWORK_DEFAULT : loadBalancers, ipMode), routes, nodes };
}

function addresses(network: string, ipMode: "VIP" | "Proxy"): LoadBalancerAddresses {
  const ranges = new Map<IpFamily, Cidr>();
  for (const text of network.split(",")) {
    const range = parseCidr(text.trim());
    if (!range) throw new TypeError(`cloud.loadBalancers: "${text}" is not an address range such as 203.0.113.0/24`);
    if (ranges.has(range.family)) throw new TypeError(`cloud.loadBalancers: "${network}" has two ranges of ${range.family}`);
    ranges.set(range.family, range);
  }
  const taken = new Set<string>();
  return {
    ipMode,
    allocate(key, family, wanted) {
      if (wanted !== undefined) {
        const ip = parseIp(wanted);
        if (!ip) return { error: `${wanted} is no address` };
        const text = formatIp(ip.family, ip.value);
        if (taken.has(text)) return { error: `the address ${text} is already in use` };
        taken.add(text);
        return { ip: text };
      }
      const range = ranges.get(family);
      if (!range) return { error: `the cloud has no ${family} addresses` };
      // The first and the last address of a range belong to the network.
      const size = Math.min(Number(range.last - range.network) - 1, SIZE_MAX);
      const start = size > 0 ? randomStream(`load balancer ${family} ${key}`).int(size) : 0;
      for (let i = 0; i < size; i++) {
        const ip = formatIp(family, range.network + 1n + BigInt((start + i) % size));
        if (taken.has(ip)) continue;
        taken.add(ip);
        return { ip };
      }
      return { error: `the cloud has no free ${family} address left` };
    },
    adopt: (ip) => void taken.add(ip),
    release: (ip) => void taken.delete(ip),
  };
}
