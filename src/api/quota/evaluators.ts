/**
 * What an object counts for in a ResourceQuota: one evaluator a resource.
 * @see kubernetes pkg/quota/v1/evaluator/core (pods.go, services.go, persistent_volume_claims.go), staging/src/k8s.io/apiserver/pkg/quota/v1/generic
 */
import type { PersistentVolumeClaim, Pod, Service } from "../../../generated/v1.36/model.ts";
import { parseQuantity, type Quantity } from "../../lib/quantity.ts";
import type { KubeObject } from "../object.ts";
import { type Amounts, amountsOf } from "./amounts.ts";
import { podLimits, podRequests } from "./pod-amounts.ts";
import { isExtendedResource, isHugePages } from "./resource-names.ts";

/** A resource as URLs name it: `{ group: "apps", resource: "deployments" }`. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface QuotaEvaluator {
  /** Which of the names that a quota limits this resource counts for. */
  matching(names: readonly string[]): readonly string[];
  /** What one object uses. `nowMs`: unix time, for Pods whose grace period is over. */
  usage(object: KubeObject, nowMs: number): Amounts;
  /** Whether a changed object is charged, too: else only a new one is. */
  readonly onUpdate: boolean;
}

/** `count/deployments.apps`, `count/pods`. */
export function countName({ group, resource }: GroupResource): string {
  return group === "" ? `count/${resource}` : `count/${resource}.${group}`;
}

/** Resources that quotas know by their plain name, too. */
const PLAIN_NAMES: ReadonlySet<string> = new Set(["configmaps", "secrets", "replicationcontrollers", "resourcequotas"]);

const count = (n: number): Quantity => ({ nano: BigInt(n) * 1_000_000_000n, format: "DecimalSI" });
const ONE = count(1);

export function evaluatorOf(resource: GroupResource): QuotaEvaluator {
  if (resource.group === "") {
    const own = OWN[resource.resource];
    if (own) return own;
  }
  const names = [countName(resource), ...(resource.group === "" && PLAIN_NAMES.has(resource.resource) ? [resource.resource] : [])];
  return {
    matching: (wanted) => wanted.filter((n) => names.includes(n)),
    usage: () => new Map(names.map((n) => [n, ONE])),
    onUpdate: false,
  };
}

const COMPUTE = ["cpu", "memory", "ephemeral-storage"] as const;
const POD_NAMES: ReadonlySet<string> = new Set([
  "pods",
  "count/pods",
  ...COMPUTE,
  ...COMPUTE.flatMap((n) => [`requests.${n}`, `limits.${n}`]),
]);

function isPodResource(name: string): boolean {
  if (POD_NAMES.has(name) || isHugePages(name)) return true;
  if (!name.startsWith("requests.")) return false;
  const of = name.slice("requests.".length);
  return isHugePages(of) || isExtendedResource(of);
}

/** Names of what a container's or a Pod's requests and limits count for. */
export function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const out = new Map<string, Quantity>([["pods", ONE]]);
  for (const name of COMPUTE) {
    const request = requests.get(name);
    if (request) out.set(name, request).set(`requests.${name}`, request);
    const limit = limits.get(name);
    if (limit) out.set(`limits.${name}`, limit);
  }
  for (const [name, q] of requests) {
    if (isHugePages(name)) out.set(name, q).set(`requests.${name}`, q);
    else if (isExtendedResource(name)) out.set(`requests.${name}`, q);
  }
  return out;
}

/** Pods that ended, or whose grace period is over, are objects still, but use nothing. */
function isUsing(pod: Pod, nowMs: number): boolean {
  if (pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded") return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return nowMs <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

const PODS: QuotaEvaluator = {
  matching: (names) => names.filter(isPodResource),
  usage: (object, nowMs) => {
    const pod = object as Pod;
    const counted: [string, Quantity] = ["count/pods", ONE];
    return new Map(isUsing(pod, nowMs) ? [counted, ...computeUsage(podRequests(pod), podLimits(pod))] : [counted]);
  },
  onUpdate: false,
};

const SERVICE_NAMES: ReadonlySet<string> = new Set(["services", "count/services", "services.nodeports", "services.loadbalancers"]);

const SERVICES: QuotaEvaluator = {
  matching: (names) => names.filter((n) => SERVICE_NAMES.has(n)),
  usage: (object) => {
    const { spec } = object as Service;
    const ports = spec?.ports ?? [];
    const out = new Map([
      ["services", ONE],
      ["count/services", ONE],
    ]);
    if (spec?.type === "NodePort") out.set("services.nodeports", count(ports.length));
    if (spec?.type === "LoadBalancer") {
      // Without allocation only the ports that ask for a node port have one.
      const allocated = spec.allocateLoadBalancerNodePorts === false ? ports.filter((p) => p.nodePort) : ports;
      out.set("services.nodeports", count(allocated.length)).set("services.loadbalancers", ONE);
    }
    return out;
  },
  onUpdate: true,
};

const OF_CLASS = ".storageclass.storage.k8s.io/";
const CLAIM_NAMES: ReadonlySet<string> = new Set(["persistentvolumeclaims", "count/persistentvolumeclaims", "requests.storage"]);

const CLAIMS: QuotaEvaluator = {
  matching: (names) =>
    names.filter((n) => CLAIM_NAMES.has(n) || n.endsWith(`${OF_CLASS}requests.storage`) || n.endsWith(`${OF_CLASS}persistentvolumeclaims`)),
  usage: (object) => {
    const claim = object as PersistentVolumeClaim;
    const storageClass = claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? claim.spec?.storageClassName ?? "";
    const out = new Map([
      ["persistentvolumeclaims", ONE],
      ["count/persistentvolumeclaims", ONE],
    ]);
    if (storageClass !== "") out.set(`${storageClass}${OF_CLASS}persistentvolumeclaims`, ONE);
    const requested = amountsOf(claim.spec?.resources?.requests).get("storage");
    if (requested) {
      const allocated = parseQuantity(claim.status?.allocatedResources?.["storage"] ?? "0");
      const storage = allocated && allocated.nano > requested.nano ? allocated : requested;
      out.set("requests.storage", storage);
      if (storageClass !== "") out.set(`${storageClass}${OF_CLASS}requests.storage`, storage);
    }
    return out;
  },
  onUpdate: true,
};

const OWN: Readonly<Record<string, QuotaEvaluator>> = { pods: PODS, services: SERVICES, persistentvolumeclaims: CLAIMS };
