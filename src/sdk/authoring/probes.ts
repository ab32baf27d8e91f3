/** Probes of containers. */
import type { HTTPGetAction, Probe, ProbeBase } from "../../../generated/v1.36/core/v1.ts";
import type { NonEmpty } from "../../api/non-empty.ts";
import type { WithPorts } from "./carried-names.ts";

/** A probe that asks at a port of one of these names. */
export type PortProbe<Port extends string> = Probe & WithPorts<Port>;

/** How often, how long, how many times: Kubernetes' own fields. */
export type ProbeTiming = ProbeBase;

/** Kubernetes' fields of an HTTP probe, beside the port. */
export type HttpProbeOptions = ProbeTiming & Omit<HTTPGetAction, "port">;

/**
 * Asks by HTTP; any status from 200 to 399 is well.
 * ```ts
 * httpProbe("http", { path: "/healthz", periodSeconds: 5 })
 * ```
 * @param port name or number of a container port; `workload` refuses a name that it has not
 */
export function httpProbe(port: number, options?: HttpProbeOptions): PortProbe<never>;
export function httpProbe<const Port extends string>(port: Port, options?: HttpProbeOptions): PortProbe<Port>;
export function httpProbe(port: number | string, options: HttpProbeOptions = {}): Probe {
  const { path, host, scheme, httpHeaders, ...timing } = options;
  return {
    httpGet: {
      ...(path === undefined ? {} : { path }),
      port,
      ...(host === undefined ? {} : { host }),
      ...(scheme === undefined ? {} : { scheme }),
      ...(httpHeaders === undefined ? {} : { httpHeaders }),
    },
    ...timing,
  };
}

/** Opens a connection: `tcpProbe("redis", { periodSeconds: 5 })`. */
export function tcpProbe(port: number, timing?: ProbeTiming): PortProbe<never>;
export function tcpProbe<const Port extends string>(port: Port, timing?: ProbeTiming): PortProbe<Port>;
export function tcpProbe(port: number | string, timing: ProbeTiming = {}): Probe {
  return { tcpSocket: { port }, ...timing };
}

/** Runs a command in the container; exit code 0 is well: `execProbe(["pg_isready"])`. */
export function execProbe(command: NonEmpty<string>, timing: ProbeTiming = {}): PortProbe<never> {
  return { exec: { command }, ...timing };
}

/** Asks by gRPC's health protocol: `grpcProbe(9090, { service: "shop.Checkout" })`. Kubernetes takes a number here, no name. */
export function grpcProbe(port: number, options: ProbeTiming & { readonly service?: string } = {}): PortProbe<never> {
  const { service, ...timing } = options;
  return { grpc: { port, ...(service === undefined ? {} : { service }) }, ...timing };
}
