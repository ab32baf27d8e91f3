/** Address management of a CNI plugin: `host-local`, `static`, `dhcp`. */

/** An IP address: `10.22.0.1`, `fd00::1`. */
export type IpAddress = string;
/** A range of addresses, or an address with the length of its prefix: `10.22.0.0/16`, `10.22.0.7/16`. */
export type CidrText = `${string}/${number}`;

/** A route that the container gets. */
export interface Route {
  /** Where to: `0.0.0.0/0` is everywhere. */
  readonly dst: CidrText;
  /** By way of; default: the gateway of the address. */
  readonly gw?: IpAddress;
  readonly mtu?: number;
  readonly advmss?: number;
  readonly priority?: number;
  readonly table?: number;
  readonly scope?: number;
}

/** @see https://github.com/containernetworking/cni/blob/main/SPEC.md#plugin-configuration-objects */
export interface Dns {
  readonly nameservers?: readonly IpAddress[];
  readonly domain?: string;
  readonly search?: readonly string[];
  readonly options?: readonly string[];
}

/** A range of addresses to give from. */
export interface AddressRange {
  /** The network: `10.22.0.0/16`. */
  readonly subnet: CidrText;
  /** The first address given, inclusive; default: the first of the subnet. */
  readonly rangeStart?: IpAddress;
  /** The last address given, inclusive; default: the last of the subnet, for IPv4 before the broadcast address. */
  readonly rangeEnd?: IpAddress;
  /** Default: the first address of the subnet. It is never given. */
  readonly gateway?: IpAddress;
}

interface HostLocalCommon {
  readonly type: "host-local";
  readonly routes?: readonly Route[];
  /** A file like /etc/resolv.conf on the node, whose contents are returned. */
  readonly resolvConf?: string;
  /** Where the addresses given are noted on the node; default `/var/lib/cni/networks`. */
  readonly dataDir?: string;
}

/** One range. */
interface HostLocalSubnet extends HostLocalCommon, AddressRange {
  readonly ranges?: never;
}

/** Sets of ranges: one address is given from each set. */
interface HostLocalRanges extends HostLocalCommon {
  readonly ranges: readonly (readonly AddressRange[])[];
  readonly subnet?: never;
  readonly rangeStart?: never;
  readonly rangeEnd?: never;
  readonly gateway?: never;
}

/** The runtime hands the ranges in: the plugin needs `capabilities: { ipRanges: true }`. */
interface HostLocalRuntime extends HostLocalCommon {
  readonly ranges?: never;
  readonly subnet?: never;
  readonly rangeStart?: never;
  readonly rangeEnd?: never;
  readonly gateway?: never;
}

/** Addresses from ranges, in turn, noted on the node. @see https://www.cni.dev/plugins/current/ipam/host-local/ */
export type HostLocalIpam = HostLocalSubnet | HostLocalRanges | HostLocalRuntime;

/** Fixed addresses. @see https://www.cni.dev/plugins/current/ipam/static/ */
export interface StaticIpam {
  readonly type: "static";
  readonly addresses?: readonly { readonly address: CidrText; readonly gateway?: IpAddress }[];
  readonly routes?: readonly Route[];
  readonly dns?: Dns;
}

/** Addresses from a DHCP server, by the plugin's daemon. @see https://www.cni.dev/plugins/current/ipam/dhcp/ */
export interface DhcpIpam {
  readonly type: "dhcp";
  readonly daemonSocketPath?: string;
  readonly request?: readonly { readonly option: string; readonly skipDefault?: boolean }[];
  readonly provide?: readonly { readonly option: string; readonly value?: string; readonly fromArg?: string }[];
  /** The metric of the routes. */
  readonly priority?: number;
}

/** Calico's own. @see https://docs.tigera.io/calico/latest/reference/configure-cni-plugins */
export interface CalicoIpam {
  readonly type: "calico-ipam";
  readonly assign_ipv4?: "true" | "false";
  readonly assign_ipv6?: "true" | "false";
  readonly ipv4_pools?: readonly string[];
  readonly ipv6_pools?: readonly string[];
}

export type Ipam = HostLocalIpam | StaticIpam | DhcpIpam;
