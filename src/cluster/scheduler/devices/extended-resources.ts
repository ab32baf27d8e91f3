/**
 * Extended resources that no device plugin of a node offers, but a device class stands behind: the scheduler makes one claim for all of
 * a Pod's, and says in the Pod's status which container uses which request.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources/extendeddynamicresources.go
 */
import type { Container, ContainerExtendedResourceRequest, DeviceRequest, Pod } from "../../../../generated/v1.36/model.ts";
import { controllerOf } from "../../../api/object.ts";
import { parseQuantity } from "../../../lib/quantity.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import { allContainers, type PodInfo } from "../pod-info.ts";
import type { Claim } from "./pod-claims.ts";

const ANNOTATION = "resource.kubernetes.io/extended-resource-claim";

/** What the Pod asks for that a device class stands behind. */
export function hasBackedResources({ shape }: PodInfo, listers: Listers): boolean {
  return shape.requests.scalars.some(([name]) => isDeviceResource(name) && listers.deviceClassOf(name) !== undefined);
}

/** Whether devices may stand behind a resource of this name: one in a domain of its own, or of the classes themselves. */
function isDeviceResource(name: string): boolean {
  return isExtendedResource(name) || name.startsWith("deviceclass.resource.kubernetes.io/");
}

/** Named in a domain of its own. @see kubernetes pkg/apis/core/v1/helper (IsExtendedResourceName) */
export function isExtendedResource(name: string): boolean {
  const [domain, rest] = name.split("/");
  return rest !== undefined && domain !== "kubernetes.io" && !domain!.endsWith(".kubernetes.io");
}

/** That of an earlier try. */
export function extendedClaimOf({ pod }: PodInfo, listers: Listers): Claim | undefined {
  for (const claim of listers.resourceClaims())
    if (claim.metadata.annotations?.[ANNOTATION] === "true" && controllerOf(claim)?.uid === pod.metadata.uid) return claim;
  return undefined;
}

/** A claim without a name: it gets one when it is written. */
export function newExtendedClaim({ pod }: PodInfo, requests: readonly DeviceRequest[]): Claim {
  const { name, namespace = "default", uid = "" } = pod.metadata;
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaim",
    metadata: {
      name: "",
      generateName: `${name}-extended-resources-`,
      namespace,
      annotations: { [ANNOTATION]: "true" },
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name, uid, controller: true }],
    },
    spec: { devices: { requests } },
  };
}

export interface DeviceRequests {
  /** In order of name. */
  readonly requests: readonly DeviceRequest[];
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

/** What must come from devices on the node; `undefined`: the node has not heard of a resource, and nothing stands behind it. */
export function neededFromDevices({ pod, shape }: PodInfo, node: NodeInfo, listers: Listers): DeviceRequests | undefined {
  const classes = new Map<string, string>();
  for (const [name] of shape.requests.scalars) {
    if (!isDeviceResource(name)) continue;
    const deviceClass = listers.deviceClassOf(name);
    const offered = node.allocatable.scalars.get(name);
    if (deviceClass && !offered) classes.set(name, deviceClass.metadata.name);
    else if (offered === undefined) return undefined;
  }
  return requestsFor(pod, classes);
}

interface Asked {
  readonly request: DeviceRequest | undefined;
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

/** Containers that end before others begin use what those will have; what they need beyond is asked for once, for the greediest. */
export function requestsFor({ spec }: Pod, classes: ReadonlyMap<string, string>): DeviceRequests {
  const containers = allContainers(spec);
  const initCount = spec.initContainers?.length ?? 0;
  const isShort = (i: number): boolean => i < initCount && containers[i]!.restartPolicy !== "Always";
  const requests: DeviceRequest[] = [];
  const mappings: ContainerExtendedResourceRequest[] = [];
  for (const [resource, className] of [...classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const long = containers.map((c, i) => (isShort(i) ? NOTHING : ask(c, i, resource, className, [])));
    const short = containers.map((c, i) => (isShort(i) ? ask(c, i, resource, className, reusable(long, i)) : NOTHING));
    const greediest = short.reduce<DeviceRequest | undefined>((most, { request }) => {
      return request && (!most || countOf(request) > countOf(most)) ? request : most;
    }, undefined);
    const ofShort = new Set(short.flatMap(({ request }) => request?.name ?? []));
    if (greediest) requests.push(greediest);
    for (const { request, mappings: own } of long) {
      if (request) requests.push(request);
      mappings.push(...own);
    }
    for (const { mappings: own } of short)
      mappings.push(...own.map((m) => (greediest && ofShort.has(m.requestName) ? { ...m, requestName: greediest.name } : m)));
  }
  return { requests: requests.sort((a, b) => (a.name < b.name ? -1 : 1)), mappings };
}

const NOTHING: Asked = { request: undefined, mappings: [] };
const countOf = ({ exactly }: DeviceRequest): number => exactly?.count ?? 0;
const reusable = (asked: readonly Asked[], from: number): readonly DeviceRequest[] =>
  asked.slice(from).flatMap(({ request }) => request ?? []);

function ask(container: Container, index: number, resource: string, className: string, others: readonly DeviceRequest[]): Asked {
  const requested = container.resources?.requests ?? {};
  const nano = parseQuantity(requested[resource] ?? 0)?.nano ?? 0n;
  const count = Number(nano / 1_000_000_000n);
  if (count === 0 || BigInt(count) * 1_000_000_000n !== nano) return NOTHING;
  const mappings: ContainerExtendedResourceRequest[] = [];
  const map = (requestName: string): void => void mappings.push({ containerName: container.name, resourceName: resource, requestName });
  let have = 0;
  for (const other of others) {
    have += countOf(other);
    map(other.name);
    if (have >= count) return { request: undefined, mappings };
  }
  const name = `container-${index}-request-${Object.keys(requested).sort().indexOf(resource)}`;
  map(name);
  return { request: { name, exactly: { deviceClassName: className, allocationMode: "ExactCount", count: count - have } }, mappings };
}
