/**
 * Ports that Pods take on their node. Two uses clash when protocol and port are equal and the addresses are equal or one is all of them.
 * @see kubernetes staging/src/k8s.io/kube-scheduler/framework/types.go (HostPortInfo)
 */
import type { Pod } from "../../../generated/v1.36/model.ts";

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY = "0.0.0.0";

/** The host ports of containers and sidecars. */
export function hostPortsOf(spec: Pod["spec"]): readonly HostPort[] {
  const ports: HostPort[] = [];
  const lasting = (spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
  for (const c of [...spec.containers, ...lasting])
    for (const p of c.ports ?? [])
      if (p.hostPort !== undefined && p.hostPort > 0) ports.push({ ip: p.hostIP || ANY, protocol: p.protocol ?? "TCP", port: p.hostPort });
  return ports;
}

/** The ports in use on one node. */
export class HostPortsInUse {
  /** Protocol and port → address → how many. */
  readonly #used = new Map<string, Map<string, number>>();

  add({ ip, protocol, port }: HostPort): void {
    const key = `${protocol}/${port}`;
    let addresses = this.#used.get(key);
    if (!addresses) {
      addresses = new Map();
      this.#used.set(key, addresses);
    }
    addresses.set(ip, (addresses.get(ip) ?? 0) + 1);
  }

  remove({ ip, protocol, port }: HostPort): void {
    const key = `${protocol}/${port}`;
    const addresses = this.#used.get(key);
    const count = addresses?.get(ip);
    if (!addresses || count === undefined) return;
    if (count > 1) addresses.set(ip, count - 1);
    else addresses.delete(ip);
    if (addresses.size === 0) this.#used.delete(key);
  }

  clashes({ ip, protocol, port }: HostPort): boolean {
    const addresses = this.#used.get(`${protocol}/${port}`);
    if (!addresses) return false;
    return ip === ANY || addresses.has(ip) || addresses.has(ANY);
  }
}
