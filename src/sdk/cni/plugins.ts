/** The plugins of a CNI configuration, told apart by `type`. */
import type { CalicoIpam, CidrText, Dns, HostLocalIpam, Ipam } from "./ipam.ts";

interface Common {
  /** What the runtime may hand in at run time: `{ portMappings: true }`. */
  readonly capabilities?: Readonly<Record<string, boolean>>;
}

interface WithAddresses extends Common {
  readonly ipam?: Ipam;
  readonly dns?: Dns;
}

/** A bridge on the node, with a pair of interfaces for each container. @see https://www.cni.dev/plugins/current/main/bridge/ */
export interface BridgePlugin extends WithAddresses {
  readonly type: "bridge";
  /** The bridge's name; default `cni0`. */
  readonly bridge?: string;
  /** The bridge has an address, so that it can be a gateway; default false. */
  readonly isGateway?: boolean;
  /** As `isGateway`, and the default route leads there; default false. */
  readonly isDefaultGateway?: boolean;
  /** Replace another address that the bridge has; default false. */
  readonly forceAddress?: boolean;
  /** Masquerade what goes out from the network; default false. */
  readonly ipMasq?: boolean;
  readonly ipMasqBackend?: "iptables" | "nftables";
  /** Bytes; default: the kernel's choice. */
  readonly mtu?: number;
  /** Not together with `promiscMode`; default false. */
  readonly hairpinMode?: boolean;
  readonly promiscMode?: boolean;
  /** 0 to 4094; 0, the default, is none. */
  readonly vlan?: number;
  readonly vlanTrunk?: readonly { readonly id?: number; readonly minID?: number; readonly maxID?: number }[];
  /** Default true. */
  readonly preserveDefaultVlan?: boolean;
  readonly macspoofchk?: boolean;
  readonly enabledad?: boolean;
  /** The container's interface stays down, and has no address; default false. */
  readonly disableContainerInterface?: boolean;
  readonly portIsolation?: boolean;
}

/** A pair of interfaces for each container, routed. @see https://www.cni.dev/plugins/current/main/ptp/ */
export interface PtpPlugin extends WithAddresses {
  readonly type: "ptp";
  readonly ipam: Ipam;
  readonly ipMasq?: boolean;
  readonly ipMasqBackend?: "iptables" | "nftables";
  readonly mtu?: number;
}

/** A MAC address of its own on an interface of the node. @see https://www.cni.dev/plugins/current/main/macvlan/ */
export interface MacvlanPlugin extends WithAddresses {
  readonly type: "macvlan";
  /** The node's interface; default: that of the default route. */
  readonly master?: string;
  /** Default `bridge`. */
  readonly mode?: "bridge" | "private" | "vepa" | "passthru";
  readonly mtu?: number;
  readonly mac?: string;
  readonly linkInContainer?: boolean;
  readonly bcqueuelen?: number;
}

/** Addresses of its own on an interface of the node, with its MAC address. @see https://www.cni.dev/plugins/current/main/ipvlan/ */
export interface IpvlanPlugin extends WithAddresses {
  readonly type: "ipvlan";
  readonly master?: string;
  /** Default `l2`. */
  readonly mode?: "l2" | "l3" | "l3s";
  readonly mtu?: number;
  readonly linkInContainer?: boolean;
}

/** @see https://www.cni.dev/plugins/current/main/loopback/ */
export interface LoopbackPlugin extends Common {
  readonly type: "loopback";
}

/** Host ports. Comes after a plugin that makes an interface. @see https://www.cni.dev/plugins/current/meta/portmap/ */
export interface PortmapPlugin extends Common {
  readonly type: "portmap";
  readonly backend?: "iptables" | "nftables";
  /** Default true. */
  readonly snat?: boolean;
  readonly masqAll?: boolean;
  /** 0 to 31; default 13. Not together with `externalSetMarkChain`. */
  readonly markMasqBit?: number;
  readonly externalSetMarkChain?: string;
  readonly conditionsV4?: readonly string[];
  readonly conditionsV6?: readonly string[];
}

/** Limits of traffic. A rate and its burst go together. @see https://www.cni.dev/plugins/current/meta/bandwidth/ */
export interface BandwidthPlugin extends Common {
  readonly type: "bandwidth";
  /** Bits per second; 0 is no limit. */
  readonly ingressRate?: number;
  /** Bits. */
  readonly ingressBurst?: number;
  readonly egressRate?: number;
  readonly egressBurst?: number;
}

/** @see https://www.cni.dev/plugins/current/meta/firewall/ */
export interface FirewallPlugin extends Common {
  readonly type: "firewall";
  readonly backend?: "iptables" | "firewalld";
  readonly iptablesAdminChainName?: string;
  readonly firewalldZone?: string;
  /** Default `open`. */
  readonly ingressPolicy?: "open" | "same-bridge" | "isolated";
}

/** @see https://www.cni.dev/plugins/current/meta/tuning/ */
export interface TuningPlugin extends Common {
  readonly type: "tuning";
  readonly sysctl?: Readonly<Record<string, string>>;
  readonly mac?: string;
  readonly mtu?: number;
  readonly promisc?: boolean;
  readonly allmulti?: boolean;
  readonly txQLen?: number;
  readonly dataDir?: string;
}

/** @see https://docs.tigera.io/calico/latest/reference/configure-cni-plugins */
export interface CalicoPlugin extends Common {
  readonly type: "calico";
  readonly ipam?: CalicoIpam | HostLocalIpam;
  readonly datastore_type?: "kubernetes" | "etcdv3";
  readonly nodename?: string;
  readonly nodename_file_optional?: boolean;
  readonly mtu?: number;
  readonly log_level?: "debug" | "info" | "warning" | "error";
  readonly log_file_path?: string;
  readonly etcd_endpoints?: string;
  readonly etcd_key_file?: string;
  readonly etcd_cert_file?: string;
  readonly etcd_ca_cert_file?: string;
  readonly policy?: { readonly type: "k8s" };
  readonly kubernetes?: { readonly kubeconfig?: string };
  readonly container_settings?: { readonly allow_ip_forwarding?: boolean };
  readonly feature_control?: { readonly ip_addrs_no_ipam?: boolean; readonly floating_ips?: boolean };
}

/** @see https://github.com/flannel-io/cni-plugin */
export interface FlannelPlugin extends Common {
  readonly type: "flannel";
  /** Default `/run/flannel/subnet.env`. */
  readonly subnetFile?: string;
  readonly dataDir?: string;
  /** The plugin that makes the interface; default a bridge. What flannel knows itself (`name`, `ipam` ranges) is left out. */
  readonly delegate?: Omit<BridgePlugin, "type" | "ipam" | "dns"> & { readonly type?: string };
  readonly ipam?: { readonly type?: string; readonly subnet?: CidrText; readonly routes?: readonly { readonly dst: CidrText }[] };
}

/** @see https://docs.cilium.io/en/stable/network/kubernetes/configuration/#cni */
export interface CiliumPlugin extends Common {
  readonly type: "cilium-cni";
  readonly "enable-debug"?: boolean;
  readonly "log-file"?: string;
  readonly "chaining-mode"?: "none" | "aws-cni" | "flannel" | "generic-veth" | "portmap";
  readonly mtu?: number;
}

declare const OTHER: unique symbol;

/** A plugin that this package does not know: made with `otherPlugin`. */
export interface OtherPlugin {
  readonly type: string & { readonly [OTHER]: true };
}

/** Plugins that change an interface which another has made: never the first, never alone. */
export type ChainedPlugin = PortmapPlugin | BandwidthPlugin | FirewallPlugin | TuningPlugin;

/** Plugins that make an interface. */
export type InterfacePlugin =
  | BridgePlugin
  | PtpPlugin
  | MacvlanPlugin
  | IpvlanPlugin
  | LoopbackPlugin
  | CalicoPlugin
  | FlannelPlugin
  | CiliumPlugin
  | OtherPlugin;

export type Plugin = InterfacePlugin | ChainedPlugin;

/** Types of the plugins known here. */
export type PluginType = Exclude<Plugin, OtherPlugin>["type"];
