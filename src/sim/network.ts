/** What the API server and the kubelets need of the network: implemented in `network/`, handed in by `cluster/`. */

/** Why an allocation was refused, in the words of the real allocators. */
export interface Unallocated {
  readonly error: string;
}

/** Cluster IPs and node ports. Deterministic: the pick is drawn from a stream keyed by the Service. */
export interface ServiceAddresses {
  /** A free address for `key` (`namespace/name`), or the wanted one if it is free and in range. */
  allocateIp(key: string, family: "IPv4" | "IPv6", wanted?: string): { readonly ip: string } | Unallocated;
  releaseIp(ip: string): void;
  /** A free node port, or the wanted one. The same port may serve TCP and UDP of one Service. */
  allocatePort(key: string, protocol: string, wanted?: number): { readonly port: number } | Unallocated;
  releasePort(port: number, protocol: string): void;
  /** The families of the service network, the first being the default. */
  readonly families: readonly ("IPv4" | "IPv6")[];
  /** What a dry run answers as the address: nothing is allocated then. */
  dryRunIp(family: "IPv4" | "IPv6"): string;
}

/** Pod addresses, from the ranges of their nodes. */
export interface PodAddresses {
  /** One address per range, or why none could be had. Without ranges (the node has none) they come from the network of all Pods. */
  allocate(podUid: string, ranges: readonly string[]): { readonly ips: readonly string[] } | Unallocated;
  release(podUid: string): void;
  /** Notes the addresses that a Pod of a loaded cluster already has, as far as they lie in one of the ranges. */
  adopt(podUid: string, ips: readonly string[], ranges: readonly string[]): void;
}
