/**
 * Which endpoints a Service has: one per Pod that its selector takes, and with which ports.
 * @see kubernetes staging/src/k8s.io/endpointslice/utils.go, reconciler.go
 */
import type { DiscoveryV1EndpointPort, Endpoint, Node, Pod, Service, ServicePort } from "../../../generated/v1.36/model.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isPodFinished, isPodReady, isPodTerminating } from "./pods.ts";

export type AddressType = "IPv4" | "IPv6";

const ZONE = "topology.kubernetes.io/zone";

/** Whether a Pod belongs into slices at all: it has an address and has not finished. */
export function isListed(pod: Pod): boolean {
  return (pod.status?.podIPs?.length ?? 0) + (pod.status?.podIP ? 1 : 0) > 0 && !isPodFinished(pod);
}

export function addressesOf(pod: Pod, type: AddressType): readonly string[] {
  const { podIP, podIPs } = pod.status ?? {};
  const all = podIPs && podIPs.length > 0 ? podIPs.map((p) => p.ip ?? "") : podIP ? [podIP] : [];
  return all.filter((ip) => ip !== "" && ip.includes(":") === (type === "IPv6"));
}

/** The families that a Service's slices are for. */
export function addressTypesOf(service: Service): readonly AddressType[] {
  const families = service.spec?.ipFamilies ?? [];
  if (families.length > 0) return families.filter((f): f is AddressType => f === "IPv4" || f === "IPv6");
  const ip = service.spec?.clusterIP;
  if (ip !== undefined && ip !== "" && ip !== "None") return [ip.includes(":") ? "IPv6" : "IPv4"];
  return ["IPv4"];
}

/** The ports of one Pod behind a Service: a name is looked up among its containers' ports; a port that it does not have is left out. */
export function portsOf(service: Service, pod: Pod): readonly DiscoveryV1EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((p) => {
    const port = portNumber(pod, p);
    if (port === undefined) return [];
    return [
      { ...(p.appProtocol !== undefined && { appProtocol: p.appProtocol }), name: p.name ?? "", port, protocol: p.protocol ?? "TCP" },
    ];
  });
}

/** The number behind a Service's port, in a Pod. @see kubernetes pkg/api/v1/pod/util.go (FindPort); also restartable init containers have ports */
function portNumber(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target === 0 ? port.port : target;
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
  for (const container of [...pod.spec.containers, ...sidecars])
    for (const p of container.ports ?? [])
      if (p.name === target && (p.protocol ?? "TCP") === (port.protocol ?? "TCP")) return p.containerPort;
  return undefined;
}

/** The endpoint of a Pod. Ready is what takes new connections: serving and not stopping, or whatever the Pod says where the Service publishes all. */
export function endpointOf(service: Service, pod: Pod, node: Node | undefined, type: AddressType): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const zone = node?.metadata.labels?.[ZONE];
  const { hostname, subdomain } = pod.spec;
  const named = hostname !== undefined && hostname !== "" && subdomain === service.metadata.name;
  return {
    addresses: addressesOf(pod, type),
    conditions: { ready, serving, terminating },
    ...(named && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: {
      kind: "Pod",
      name: pod.metadata.name,
      ...(pod.metadata.namespace !== undefined && { namespace: pod.metadata.namespace }),
      ...(pod.metadata.uid !== undefined && { uid: pod.metadata.uid }),
    },
    ...(zone !== undefined && { zone }),
  };
}

/** Whether a change of a Pod can change the endpoints of a Service. */
export function endpointChanged(before: Pod, after: Pod): boolean {
  return (
    isPodReady(before) !== isPodReady(after) ||
    isListed(before) !== isListed(after) ||
    isPodTerminating(before) !== isPodTerminating(after) ||
    before.spec.nodeName !== after.spec.nodeName ||
    before.status?.podIP !== after.status?.podIP ||
    before.status?.podIPs?.length !== after.status?.podIPs?.length ||
    !deepEqual(before.metadata.labels, after.metadata.labels)
  );
}
