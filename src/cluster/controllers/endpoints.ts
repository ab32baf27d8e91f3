/**
 * Endpoints: the older form of where the traffic of a Service may go, one object a Service.
 * @see kubernetes pkg/controller/endpoint/endpoints_controller.go, pkg/api/v1/endpoints/util.go
 */
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints, Pod, Service } from "../../../generated/v1.36/model.ts";
import { SERVICE } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, refusedByTerminatingNamespace } from "./controller.ts";
import { addressesOf, addressTypesOf, isListed, portsOf } from "./endpoints-of-pods.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { isPodReady } from "./pods.ts";
import { onServicePods, podsOf } from "./service-pods.ts";

const ENDPOINTS: Kind<Endpoints> = kindOf("v1", "Endpoints");
const HEADLESS = "service.kubernetes.io/headless";
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const MANAGER = "endpoint-controller";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
/** Addresses in one object at most; ready ones come first. */
const ADDRESSES_MAX = 1000;

interface Placed {
  readonly address: EndpointAddress;
  readonly ready: boolean;
  readonly ports: readonly EndpointPort[];
}

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  const { hostname, subdomain, nodeName } = pod.spec;
  return {
    ip,
    ...(hostname !== undefined && subdomain === service.metadata.name && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: {
      kind: "Pod",
      name: pod.metadata.name,
      ...(pod.metadata.namespace !== undefined && { namespace: pod.metadata.namespace }),
      ...(pod.metadata.uid !== undefined && { uid: pod.metadata.uid }),
    },
  };
}

/** Ready ones, and those that may yet become so; what is stopping is out. */
function place(service: Service, pods: readonly Pod[]): readonly Placed[] {
  const all = service.spec?.publishNotReadyAddresses === true;
  const type = addressTypesOf(service)[0] ?? "IPv4";
  return pods.flatMap((pod) => {
    const ip = addressesOf(pod, type)[0];
    if (!isListed(pod) || ip === undefined || (pod.metadata.deletionTimestamp !== undefined && !all)) return [];
    const ports = portsOf(service, pod).map(({ name, ...port }) => ({ ...(name ? { name } : {}), ...port, port: port.port ?? 0 }));
    if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) return [];
    return [{ address: addressOf(service, pod, ip), ready: all || isPodReady(pod), ports }];
  });
}

/** Addresses of equal ports together, in order of address; subsets in order of their ports. */
function subsetsOf(placed: readonly Placed[]): readonly EndpointSubset[] {
  const groups = new Map<string, Placed[]>();
  for (const p of placed) {
    const key = canonicalJson(p.ports);
    groups.set(key, [...(groups.get(key) ?? []), p]);
  }
  const inOrder = (list: readonly Placed[]): readonly EndpointAddress[] =>
    list
      .map((p) => p.address)
      .sort((a, b) => (a.ip !== b.ip ? (a.ip < b.ip ? -1 : 1) : (a.targetRef?.uid ?? "") < (b.targetRef?.uid ?? "") ? -1 : 1));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) => {
      const ready = inOrder(list.filter((p) => p.ready));
      const notReady = inOrder(list.filter((p) => !p.ready));
      const ports = list[0]?.ports ?? [];
      return {
        ...(ready.length > 0 && { addresses: ready }),
        ...(notReady.length > 0 && { notReadyAddresses: notReady }),
        ...(ports.length > 0 && { ports }),
      };
    });
}

function reconcile(context: ComponentContext, service: Service, key: string): ReconcileResult {
  const pods = podsOf(context, service);
  if (pods === undefined) return;
  const placed = place(service, pods);
  const kept =
    placed.length > ADDRESSES_MAX ? [...placed].sort((a, b) => Number(b.ready) - Number(a.ready)).slice(0, ADDRESSES_MAX) : placed;
  const subsets = subsetsOf(kept);
  const { [HEADLESS]: _, ...own } = service.metadata.labels ?? {};
  const labels = { ...own, [MANAGED_BY]: MANAGER, ...(service.spec?.clusterIP === "None" && { [HEADLESS]: "" }) };
  const annotations = { ...(kept.length < placed.length && { [OVER_CAPACITY]: "truncated" }) };
  const stored = context.informers.for(ENDPOINTS).get(key);
  const wanted = {
    ...(subsets.length > 0 && { subsets }),
    metadata: {
      ...stored?.metadata,
      name: service.metadata.name,
      ...(service.metadata.namespace !== undefined && { namespace: service.metadata.namespace }),
      labels,
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
  if (stored) {
    const same = deepEqual(stored.subsets ?? [], subsets) && deepEqual(stored.metadata.labels, labels);
    if (same || !mustRetry(context.client.update<Endpoints>({ apiVersion: "v1", kind: "Endpoints", ...wanted }))) return;
    return "retry";
  }
  const answer = context.client.create({ apiVersion: "v1", kind: "Endpoints", ...wanted }, { namespace: service.metadata.namespace ?? "" });
  if (isRefused(answer) && !refusedByTerminatingNamespace(answer)) return "retry";
}

export const endpointsController: Controller = {
  name: "endpoint-controller",
  start(context) {
    const queue = pacedQueueFor(
      context,
      context.informers.for(SERVICE),
      (service) => podsOf(context, service)?.length ?? 0,
      (service, key) => reconcile(context, service, key),
      (key): ReconcileResult => {
        const stored = context.informers.for(ENDPOINTS).get(key);
        if (stored && mustRetry(context.client.delete(ENDPOINTS, stored.metadata.name, stored.metadata.namespace))) return "retry";
      },
    );
    onServicePods(context, (key) => queue.add(key));
  },
};
