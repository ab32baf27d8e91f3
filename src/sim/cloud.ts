/** What the controllers need of a cloud: implemented in `network/`, handed in by `cluster/`. There is none unless the cluster is to assume one. */
import type { Unallocated } from "./network.ts";

export interface Cloud {
  /** Addresses of load balancers; undefined: the cloud has none to give. */
  readonly loadBalancers?: LoadBalancerAddresses | undefined;
  /** Whether it routes the Pods' networks between its machines. */
  readonly routes: boolean;
  /** Whether it knows the machines behind the Nodes. */
  readonly nodes: boolean;
}

export interface LoadBalancerAddresses {
  /** How traffic reaches the Pods: as it was sent, or from a proxy. */
  readonly ipMode: "VIP" | "Proxy";
  /** A free address for `key` (`namespace/name`), or the wanted one. Deterministic: the pick is drawn from a stream keyed by the Service. */
  allocate(key: string, family: "IPv4" | "IPv6", wanted?: string): { readonly ip: string } | Unallocated;
  /** Notes an address that a Service of a loaded cluster already has. */
  adopt(ip: string): void;
  release(ip: string): void;
}
