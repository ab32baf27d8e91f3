/**
 * Cluster IPs and node ports of Services: a transaction that is committed when the Service is stored, and reverted when it is refused.
 * @see kubernetes pkg/registry/core/service/storage/alloc.go
 */
import type { Service, ServicePort, ServiceSpec } from "../../../generated/v1.36/model.ts";
import { keyOf } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import { changed } from "../../lib/changed.ts";
import type { Refused } from "../../sim/answer.ts";
import type { ServiceAddresses } from "../../sim/network.ts";
import { type FieldError, invalid } from "./field-error.ts";
import { initFamilies } from "./service-families.ts";
import { internalError } from "./status.ts";
import { HEADLESS, needsHealthCheckPort, needsNodePorts, withAllocatedValues, withClusterIps } from "./strategy/service.ts";

export interface Allocated {
  readonly service: Service;
  /** The Service is stored: what it no longer uses is free. */
  commit(): void;
  /** The Service is refused: what was taken for it is free again. */
  revert(): void;
}

/** Ports that a dry run answers are numbered from here: they are outside the range, and nobody's. */
const DRY_RUN_PORT_FIRST = 32_769;

type Failure = { readonly refused: Refused };

/** What one Service takes and gives back. */
class Transaction {
  readonly #addresses: ServiceAddresses;
  readonly #dryRun: boolean;
  readonly #key: string;
  readonly #undo: (() => void)[] = [];
  readonly #later: (() => void)[] = [];
  #dryRunPort = DRY_RUN_PORT_FIRST;

  constructor(addresses: ServiceAddresses, service: Service, dryRun: boolean) {
    this.#addresses = addresses;
    this.#dryRun = dryRun;
    this.#key = keyOf(service);
  }

  ip(family: "IPv4" | "IPv6", wanted: string | undefined): { readonly ip: string } | { readonly error: string } {
    if (this.#dryRun && !wanted) return { ip: this.#addresses.dryRunIp(family) };
    const got = this.#addresses.allocateIp(this.#key, family, wanted || undefined);
    if ("ip" in got) this.#taken(() => this.#addresses.releaseIp(got.ip));
    return got;
  }

  /** A dry run looks only whether a wanted port is taken, not whether it is in range. */
  port(protocol: string, wanted: number | undefined): { readonly port: number } | { readonly error: string } {
    if (this.#dryRun && !wanted) return { port: this.#dryRunPort++ };
    const got = this.#addresses.allocatePort(this.#key, protocol, wanted);
    if ("port" in got) this.#taken(() => this.#addresses.releasePort(got.port, protocol));
    else if (this.#dryRun && wanted !== undefined && got.error.includes("not in the valid range")) return { port: wanted };
    return got;
  }

  #taken(undo: () => void): void {
    if (this.#dryRun) undo();
    else this.#undo.push(undo);
  }

  releaseLater(release: () => void): void {
    if (!this.#dryRun) this.#later.push(release);
  }

  commit(): void {
    for (const release of this.#later) release();
  }

  revert(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}

/**
 * Takes what the Service needs. `check` is the validation of the Service as it then stands: what it says of cluster IPs and families is said
 * before anything is taken.
 */
export function allocate(
  given: Service,
  old: Service | undefined,
  addresses: ServiceAddresses,
  resource: ResourceInfo,
  check: (service: Service) => readonly FieldError[],
  dryRun: boolean,
): Allocated | Failure {
  let spec = old ? withAllocatedValues(given.spec, old.spec) : given.spec;
  spec = withClusterIps(spec, old?.spec);
  const families = initFamilies(spec === given.spec ? given : changed(given, { spec }), old, addresses.families, check);
  if ("errors" in families) return { refused: invalid(resource, given.metadata.name, families.errors) };
  const transaction = new Transaction(addresses, given, dryRun);
  const done = allocateAll(families.service, old, transaction, addresses);
  if ("service" in done) return { service: done.service, commit: () => transaction.commit(), revert: () => transaction.revert() };
  transaction.revert();
  return "errors" in done ? { refused: invalid(resource, given.metadata.name, done.errors) } : { refused: internalError(done.error) };
}

type Step<T> = T | { readonly errors: readonly FieldError[] } | { readonly error: string };

function allocateAll(
  service: Service,
  old: Service | undefined,
  transaction: Transaction,
  addresses: ServiceAddresses,
): Step<{ service: Service }> {
  const ips = allocateIps(service.spec, old?.spec, transaction, addresses);
  if (!("spec" in ips)) return ips;
  const ports = allocateNodePorts(ips.spec, old?.spec, transaction, addresses);
  if (!("spec" in ports)) return ports;
  const health = allocateHealthCheckPort(ports.spec, old?.spec, transaction, addresses);
  return "spec" in health ? { service: changed(service, { spec: health.spec }) } : health;
}

/** One address for each family; of an update only those that are new. */
function allocateIps(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  transaction: Transaction,
  addresses: ServiceAddresses,
): Step<{ spec: ServiceSpec }> {
  const had = old && old.type !== "ExternalName" && old.clusterIPs?.[0] !== HEADLESS ? (old.clusterIPs ?? []) : [];
  if (spec.type === "ExternalName") {
    for (const ip of had) transaction.releaseLater(() => addresses.releaseIp(ip));
    return { spec };
  }
  if (spec.clusterIPs?.[0] === HEADLESS || (old && old.clusterIPs?.[0] === HEADLESS)) return { spec };
  const families = (spec.ipFamilies ?? []).filter((f) => f === "IPv4" || f === "IPv6");
  const clusterIPs = [...(spec.clusterIPs ?? [])];
  for (const [i, family] of families.entries()) {
    const wanted = clusterIPs[i];
    if (old && had.length > 0 && i < had.length) continue; // an address that is there stays: validation looks at changes
    const got = transaction.ip(family, wanted);
    if ("ip" in got) clusterIPs[i] = got.ip;
    else if (!wanted) return { error: `failed to allocate a serviceIP: ${got.error}` };
    else
      return {
        errors: [
          {
            type: "FieldValueInvalid",
            field: "spec.clusterIPs",
            badValue: spec.clusterIPs,
            detail: `failed to allocate IP ${wanted}: ${got.error}`,
          },
        ],
      };
  }
  for (const ip of had.slice(families.length)) transaction.releaseLater(() => addresses.releaseIp(ip));
  if (clusterIPs.length === 0) return { spec };
  return { spec: changed(spec, { clusterIP: clusterIPs[0], clusterIPs }) };
}

const portKey = (p: ServicePort): string => `${p.nodePort} ${p.protocol ?? "TCP"}`;

/** A port of one number (TCP and UDP, say) shares its node port. */
function allocateNodePorts(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  transaction: Transaction,
  addresses: ServiceAddresses,
): Step<{ spec: ServiceSpec }> {
  if (!old && spec.type !== "NodePort" && spec.type !== "LoadBalancer") return { spec };
  const before = new Map((old?.ports ?? []).filter((p) => p.nodePort).map((p) => [portKey(p), p]));
  const numbersBefore = new Set([...before.values()].map((p) => p.nodePort));
  const wantsPorts = spec.type === "NodePort" || spec.type === "LoadBalancer";
  let ports = spec.ports ?? [];
  if (wantsPorts) {
    const shared = new Map<number, number>();
    for (const p of ports) if (p.nodePort && !shared.has(p.port)) shared.set(p.port, p.nodePort);
    const out: ServicePort[] = [];
    for (const [i, p] of ports.entries()) {
      const protocol = p.protocol ?? "TCP";
      if (!p.nodePort && !needsNodePorts(spec)) {
        out.push(p);
        continue;
      }
      const wanted = p.nodePort || (old ? undefined : shared.get(p.port));
      const kept = wanted !== undefined && before.has(`${wanted} ${protocol}`);
      const duplicate = wanted !== undefined && out.some((o) => o.nodePort === wanted && (o.protocol ?? "TCP") === protocol);
      const got = kept || duplicate ? { port: wanted } : transaction.port(protocol, wanted);
      if ("port" in got) {
        out.push({ ...p, nodePort: got.port });
        if (!old) shared.set(p.port, got.port);
      } else if (wanted === undefined) return { error: `failed to allocate a nodePort: ${got.error}` };
      else if (numbersBefore.has(wanted)) out.push({ ...p, nodePort: wanted });
      else return { errors: [{ type: "FieldValueInvalid", field: `spec.ports[${i}].nodePort`, badValue: wanted, detail: got.error }] };
    }
    ports = out;
  }
  const after = new Set(wantsPorts ? ports.filter((p) => p.nodePort).map(portKey) : []);
  for (const [key, p] of before)
    if (!after.has(key)) transaction.releaseLater(() => addresses.releasePort(p.nodePort!, p.protocol ?? "TCP"));
  return { spec: spec.ports ? changed(spec, { ports }) : spec };
}

/** The health check of `externalTrafficPolicy: Local` has a node port of its own. */
function allocateHealthCheckPort(
  spec: ServiceSpec,
  old: ServiceSpec | undefined,
  transaction: Transaction,
  addresses: ServiceAddresses,
): Step<{ spec: ServiceSpec }> {
  const needed = old !== undefined && needsHealthCheckPort(old);
  const needs = needsHealthCheckPort(spec);
  if (needed && !needs && old.healthCheckNodePort) {
    const port = old.healthCheckNodePort;
    transaction.releaseLater(() => addresses.releasePort(port, "TCP"));
  }
  if (!needs || needed) return { spec };
  const wanted = spec.healthCheckNodePort || undefined;
  const got = transaction.port("TCP", wanted);
  if ("port" in got) return { spec: changed(spec, { healthCheckNodePort: got.port }) };
  return {
    error:
      wanted === undefined
        ? `failed to allocate a HealthCheck NodePort 0: ${got.error}`
        : `failed to allocate requested HealthCheck NodePort ${wanted}: ${got.error}`,
  };
}

/** Gives back what a Service that is gone used. */
export function releaseAll(service: Service, addresses: ServiceAddresses): void {
  const { spec } = service;
  if (spec.type !== "ExternalName") for (const ip of spec.clusterIPs ?? []) if (ip !== HEADLESS) addresses.releaseIp(ip);
  const released = new Set<string>();
  for (const p of spec.ports ?? []) {
    if (!p.nodePort || released.has(portKey(p))) continue;
    released.add(portKey(p));
    addresses.releasePort(p.nodePort, p.protocol ?? "TCP");
  }
  if (needsHealthCheckPort(spec) && spec.healthCheckNodePort) addresses.releasePort(spec.healthCheckNodePort, "TCP");
}

/** Takes the addresses that a Service of a loaded cluster has already; what is taken or out of range is left as it is. */
export function reserve(service: Service, addresses: ServiceAddresses): void {
  const { spec } = service;
  const key = keyOf(service);
  for (const ip of spec.clusterIPs ?? [])
    if (ip !== HEADLESS && ip !== "") addresses.allocateIp(key, ip.includes(":") ? "IPv6" : "IPv4", ip);
  for (const p of spec.ports ?? []) if (p.nodePort) addresses.allocatePort(key, p.protocol ?? "TCP", p.nodePort);
  if (spec.healthCheckNodePort) addresses.allocatePort(key, "TCP", spec.healthCheckNodePort);
}
