/**
 * What an IPAM plugin answers, in the shape of each version of the CNI specification.
 * @see containernetworking cni pkg/types/020, 040, 100
 */
import type { CniRoute } from "./host-local-config.ts";

/** An address given, with the length of its prefix (`10.1.0.2/16`), and its gateway. */
export interface GivenAddress {
  readonly family: "IPv4" | "IPv6";
  readonly address: string;
  readonly gateway: string;
}

interface Ip02x {
  readonly ip: string;
  readonly gateway: string;
  readonly routes?: readonly CniRoute[];
}

/** @see CNI SPEC.md 0.2.0, "Result" */
interface CniResult02x {
  readonly cniVersion: "0.1.0" | "0.2.0";
  readonly ip4?: Ip02x;
  readonly ip6?: Ip02x;
  readonly dns: Readonly<Record<string, never>>;
}

/** @see CNI SPEC.md 0.4.0, "Result" */
interface CniResult04x {
  readonly cniVersion: "0.3.0" | "0.3.1" | "0.4.0";
  readonly ips: readonly { readonly version: "4" | "6"; readonly address: string; readonly gateway: string }[];
  readonly routes?: readonly CniRoute[];
  readonly dns: Readonly<Record<string, never>>;
}

/** @see CNI SPEC.md 1.1.0, section 5 "Success" */
interface CniResult1x {
  readonly cniVersion: "1.0.0" | "1.1.0";
  readonly ips: readonly { readonly address: string; readonly gateway: string }[];
  readonly routes?: readonly CniRoute[];
}

export type CniResult = CniResult02x | CniResult04x | CniResult1x;

export const CNI_VERSIONS = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] as const;
export type CniVersion = (typeof CNI_VERSIONS)[number];

export function cniResult(version: CniVersion, given: readonly GivenAddress[], routes: readonly CniRoute[]): CniResult {
  const someRoutes = routes.length > 0 ? { routes } : {};
  switch (version) {
    case "0.1.0":
    case "0.2.0":
      return { cniVersion: version, ...ip02x("ip4", "IPv4", given, routes), ...ip02x("ip6", "IPv6", given, routes), dns: {} };
    case "0.3.0":
    case "0.3.1":
    case "0.4.0": {
      const ips = given.map(({ family, address, gateway }) => ({
        version: family === "IPv4" ? ("4" as const) : ("6" as const),
        address,
        gateway,
      }));
      return { cniVersion: version, ips, ...someRoutes, dns: {} };
    }
    case "1.0.0":
    case "1.1.0":
      return { cniVersion: version, ips: given.map(({ address, gateway }) => ({ address, gateway })), ...someRoutes };
  }
}

/** The first address of the family, with the routes of the family: of a route only its destination and gateway were known then. */
function ip02x(
  name: "ip4" | "ip6",
  family: "IPv4" | "IPv6",
  given: readonly GivenAddress[],
  routes: readonly CniRoute[],
): Partial<Record<"ip4" | "ip6", Ip02x>> {
  const first = given.find((g) => g.family === family);
  if (!first) return {};
  const own = routes.filter(({ dst }) => (dst.includes(".") && !dst.includes(":") ? "IPv4" : "IPv6") === family);
  const kept = own.map(({ dst, gw }) => (gw === undefined ? { dst } : { dst, gw }));
  return { [name]: { ip: first.address, gateway: first.gateway, ...(kept.length > 0 ? { routes: kept } : {}) } };
}
