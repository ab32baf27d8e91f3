/**
 * Which fields of a Service hang on its type, and what an update that leaves them out means.
 * @see kubernetes pkg/registry/core/service/storage/storage.go (patchAllocatedValues, normalizeClusterIPs), …/service/strategy.go (dropTypeDependentFields)
 */
import type { Service, ServicePort, ServiceSpec } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import type { Strategy } from "./strategy.ts";

export const HEADLESS = "None";

const needsClusterIp = (spec: ServiceSpec): boolean =>
  spec.type === "ClusterIP" || spec.type === "NodePort" || spec.type === "LoadBalancer";

/** Whether every port gets a node port, asked for or not. */
export const needsNodePorts = (spec: ServiceSpec): boolean =>
  spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);

/** Whether its type has node ports at all: those of a load balancer stay though none would be given any more. */
const mayHaveNodePorts = (spec: ServiceSpec): boolean => spec.type === "NodePort" || spec.type === "LoadBalancer";

export const needsHealthCheckPort = (spec: ServiceSpec): boolean => spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";

const isExternal = (spec: ServiceSpec): boolean =>
  spec.type === "NodePort" || spec.type === "LoadBalancer" || (spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0);

export const serviceStrategy: Strategy<Service> = {
  prepareForUpdate: (service, old) => {
    const spec = dropForType(service.spec, old.spec);
    return spec.type === "LoadBalancer" ? { ...service, spec } : { ...service, spec, status: { ...service.status, loadBalancer: {} } };
  },
};

/** Values that an update leaves out are taken from the stored Service, as long as both need them. */
export function withAllocatedValues(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let out = spec;
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    const clusterIP = spec.clusterIP || old.clusterIP;
    out = { ...out, ...(clusterIP === undefined ? {} : { clusterIP }) };
    if (!spec.clusterIPs?.length && clusterIP === old.clusterIP && old.clusterIPs) out = { ...out, clusterIPs: old.clusterIPs };
  }
  if (needsNodePorts(old) && needsNodePorts(spec) && out.ports) out = { ...out, ports: withNodePorts(out.ports, old.ports ?? []) };
  if (needsHealthCheckPort(old) && needsHealthCheckPort(spec) && !spec.healthCheckNodePort && old.healthCheckNodePort)
    out = { ...out, healthCheckNodePort: old.healthCheckNodePort };
  return out;
}

/** A port that names no node port takes that of the old port of its name, unless another port has it. */
function withNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): readonly ServicePort[] {
  const used = new Set(ports.map((p) => p.nodePort).filter((n) => n && old.some((o) => o.nodePort === n)));
  const byName = new Map(old.map((p) => [p.name ?? "", p.nodePort]));
  return ports.map((p) => {
    const known = byName.get(p.name ?? "");
    return p.nodePort || !known || used.has(known) ? p : { ...p, nodePort: known };
  });
}

/** `clusterIP` and `clusterIPs[0]` say the same; of an update that changes one alone, the other follows. */
export function withClusterIps(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec {
  const { clusterIP = "", clusterIPs = [] } = spec;
  if (!old) return clusterIP !== "" && clusterIPs.length === 0 ? { ...spec, clusterIPs: [clusterIP] } : spec;
  if ((old.clusterIP ?? "") === clusterIP) return spec;
  if (!semanticEqual(old.clusterIPs, clusterIPs)) return spec;
  if (clusterIP !== "") return { ...spec, clusterIPs: [clusterIP, ...clusterIPs.slice(1)] };
  const { clusterIPs: _, ...rest } = spec;
  return rest;
}

/** Fields that the new type does not have go, if the update does not set them anew. */
function dropForType(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const out: { -readonly [K in keyof ServiceSpec]: ServiceSpec[K] } = { ...spec };
  const dropIfSame = (...fields: readonly (keyof ServiceSpec)[]): void => {
    for (const field of fields) if (semanticEqual(spec[field], old[field])) delete out[field];
  };
  if (needsClusterIp(old) && !needsClusterIp(spec)) {
    if (semanticEqual(spec.clusterIPs, old.clusterIPs) || !spec.clusterIPs) {
      delete out.clusterIP;
      delete out.clusterIPs;
    }
    dropIfSame("ipFamilies", "ipFamilyPolicy");
  }
  if (mayHaveNodePorts(old) && !mayHaveNodePorts(spec) && addsNoNodePort(spec.ports, old.ports) && spec.ports)
    out.ports = spec.ports.map(({ nodePort: _, ...port }) => port);
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec)) dropIfSame("healthCheckNodePort");
  if (isExternal(old) && !isExternal(spec)) dropIfSame("externalTrafficPolicy");
  if (old.type === "LoadBalancer" && spec.type !== "LoadBalancer") dropIfSame("allocateLoadBalancerNodePorts", "loadBalancerClass");
  if (old.type !== "ExternalName" && spec.type === "ExternalName") dropIfSame("internalTrafficPolicy");
  return out;
}

/** Ports may come, go and change, as long as none asks for a node port that the Service did not have. */
function addsNoNodePort(ports: readonly ServicePort[] = [], old: readonly ServicePort[] = []): boolean {
  return ports.every((p) => !p.nodePort || old.some((o) => o.nodePort === p.nodePort));
}
