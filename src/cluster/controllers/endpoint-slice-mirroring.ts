/**
 * Endpoints that somebody writes by hand, for a Service without a selector, are mirrored to EndpointSlices: those who send traffic read only these.
 * @see kubernetes pkg/controller/endpointslicemirroring (endpointslicemirroring_controller.go, reconciler.go, utils.go)
 */
import type {
  DiscoveryV1EndpointPort,
  Endpoint,
  EndpointAddress,
  EndpointSlice,
  EndpointSubset,
  Endpoints,
} from "../../../generated/v1.36/model.ts";
import { ENDPOINT_SLICE, SERVICE } from "../../api/kinds.ts";
import { controllerRef, type Kind, type KubeObject, keyOf, kindOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, queueFor, refusedByTerminatingNamespace } from "./controller.ts";
import { portsKey } from "./slice-packing.ts";

const ENDPOINTS: Kind<Endpoints> = kindOf("v1", "Endpoints");
const NAME = "endpoint-slice-mirroring-controller";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslicemirroring-controller.k8s.io";
const SERVICE_NAME = "kubernetes.io/service-name";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";
/** Endpoints were once used as locks. */
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const NOT_CLONED: ReadonlySet<string> = new Set([
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration",
]);
/** Addresses of one subset that are mirrored at most. */
const ADDRESSES_MAX = 1000;
const BY_SERVICE = "mirrored-service";

interface Mirrored {
  readonly addressType: "IPv4" | "IPv6";
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

function endpointOf(address: EndpointAddress, ready: boolean): Endpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName !== undefined ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  };
}

/** One slice for each family and set of ports. `skipped`: addresses beyond the limit of their subset. */
export function mirrorOf(subsets: readonly EndpointSubset[]): { readonly slices: readonly Mirrored[]; readonly skipped: number } {
  const slices = new Map<string, Mirrored & { readonly endpoints: Endpoint[] }>();
  let skipped = 0;
  for (const { addresses = [], notReadyAddresses = [], ports: given = [] } of subsets) {
    const ports = given.map(({ name, port, protocol, appProtocol }) => ({
      ...(appProtocol !== undefined ? { appProtocol } : {}),
      name: name ?? "",
      port,
      protocol: protocol ?? ("TCP" as const),
    }));
    const all = [...addresses.map((a) => ({ a, ready: true })), ...notReadyAddresses.map((a) => ({ a, ready: false }))];
    skipped += Math.max(0, all.length - ADDRESSES_MAX);
    for (const { a, ready } of all.slice(0, ADDRESSES_MAX)) {
      const addressType = a.ip.includes(":") ? "IPv6" : "IPv4";
      const key = `${addressType} ${portsKey(ports)}`;
      const slice = slices.get(key) ?? { addressType, ports, endpoints: [] };
      slices.set(key, slice);
      slice.endpoints.push(endpointOf(a, ready));
    }
  }
  return { slices: [...slices.values()], skipped };
}

function isMirrored({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP] !== "true" && metadata.annotations?.[LEADER] === undefined;
}

/** Labels and annotations are the Endpoints' own, but for what says whose the slice is. */
function metadataOf({ metadata }: Endpoints): Pick<EndpointSlice["metadata"], "labels" | "annotations"> {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !NOT_CLONED.has(name));
  return {
    labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name, [MANAGED_BY]: MANAGER },
    ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
  };
}

function reconcile(context: ComponentContext, endpoints: Endpoints | undefined, key: string): ReconcileResult {
  const { client, informers, recorder } = context;
  const existing = informers.for(ENDPOINT_SLICE).by(BY_SERVICE, key);
  const service = informers.for(SERVICE).get(key);
  const wanted = endpoints && isMirrored(endpoints) && service && Object.keys(service.spec?.selector ?? {}).length === 0;
  const { slices, skipped } = wanted ? mirrorOf(endpoints.subsets ?? []) : { slices: [], skipped: 0 };
  const free = new Set(existing);
  let failed = false;
  const missing: Mirrored[] = [];
  const write = (slice: EndpointSlice, { ports, endpoints: list }: Mirrored): void => {
    if (!endpoints) return;
    const { labels, annotations } = metadataOf(endpoints);
    const { metadata, ports: _p, endpoints: _e, ...rest } = slice;
    const same =
      deepEqual(slice.endpoints, list) &&
      deepEqual(slice.ports ?? [], ports) &&
      deepEqual(metadata.labels, labels) &&
      deepEqual(metadata.annotations, annotations);
    if (same) return;
    const { annotations: _, ...kept } = metadata;
    const changed = { ...rest, metadata: { ...kept, labels, ...(annotations ? { annotations } : {}) }, endpoints: list };
    const answer = client.update({ ...changed, ...(ports.length > 0 ? { ports } : {}) } as EndpointSlice);
    if (isRefused(answer) && answer.reason !== "NotFound") failed = true;
  };
  for (const slice of slices) {
    const found = [...free].find((s) => s.addressType === slice.addressType && portsKey(s.ports) === portsKey(slice.ports));
    if (found) free.delete(found);
    if (found) write(found, slice);
    else missing.push(slice);
  }
  for (const slice of missing) {
    // One that would go is used again.
    const other = [...free].find((s) => s.addressType === slice.addressType);
    if (other) free.delete(other);
    if (other) write(other, slice);
    else if (endpoints && isRefusedCreate(context, endpoints, slice)) failed = true;
  }
  for (const { metadata } of free) {
    const answer = client.delete(ENDPOINT_SLICE, metadata.name, metadata.namespace);
    if (isRefused(answer) && answer.reason !== "NotFound") failed = true;
  }
  if (endpoints && skipped > 0) {
    const message = `A max of ${ADDRESSES_MAX} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`;
    recorder.report(NAME, endpoints, "Warning", "TooManyAddressesToMirror", message);
  }
  return failed ? "retry" : undefined;
}

function isRefusedCreate(context: ComponentContext, owner: Endpoints, { addressType, ports, endpoints }: Mirrored): boolean {
  const { name, namespace = "" } = owner.metadata;
  const answer = context.client.create(
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        generateName: `${name}-`,
        namespace,
        ...metadataOf(owner),
        ownerReferences: [controllerRef({ ...owner, apiVersion: "v1", kind: "Endpoints" } as KubeObject)],
      },
      addressType,
      endpoints,
      ...(ports.length > 0 ? { ports } : {}),
    },
    { namespace },
  );
  return isRefused(answer) && !refusedByTerminatingNamespace(answer);
}

export const endpointSliceMirroringController: Controller = {
  name: NAME,
  start(context) {
    const { informers } = context;
    const endpoints = informers.for(ENDPOINTS);
    const services = informers.for(SERVICE);
    const slices = informers.for(ENDPOINT_SLICE);
    const ofService = (slice: EndpointSlice): string | undefined => {
      const { labels, namespace } = slice.metadata;
      return labels?.[MANAGED_BY] === MANAGER ? `${namespace}/${labels[SERVICE_NAME]}` : undefined;
    };
    slices.addIndex(BY_SERVICE, (slice) => [ofService(slice) ?? ""]);
    const queue = queueFor(
      context,
      endpoints,
      (found, key) => reconcile(context, found, key),
      (key) => reconcile(context, undefined, key),
    );
    endpoints.on((_type, object) => {
      if (isMirrored(object)) queue.add(keyOf(object));
    });
    services.on((type, service, before) => {
      if (type !== "MODIFIED" || !deepEqual(service.spec?.selector, before?.spec?.selector)) queue.add(keyOf(service));
    });
    slices.on((_type, slice) => {
      const key = ofService(slice);
      if (key !== undefined) queue.add(key);
    });
  },
};
