/**
 * Load balancers of an assumed cloud for the Services that ask for one: created, told which Nodes there are, and deleted before the Service goes.
 * Without a cloud nothing happens, as in a cluster that has no cloud controller manager: such a Service stays without an address.
 * Simplified: the cloud needs a second for each.
 * @see kubernetes staging/src/k8s.io/cloud-provider/controllers/service/controller.go
 */
import type { LoadBalancerIngress, Node, Service } from "../../../generated/v1.36/model.ts";
import { NODE, SERVICE } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import type { LoadBalancerAddresses } from "../../sim/cloud.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";

const NAME = "service-controller";
/** Keeps a Service until its load balancer is deleted. */
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
/** On Nodes that the cluster autoscaler is about to delete. */
const TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";
/** What the cloud needs to create or delete a load balancer, in milliseconds. */
const WORK_MS = 1000;
/** The first wait after a failure, and the longest, in milliseconds. */
const RETRY_MS = { first: 5000, most: 300_000 } as const;

/** Of another class, it is somebody else's. */
function wants({ spec }: Service): boolean {
  return spec?.type === "LoadBalancer" && spec.loadBalancerClass === undefined;
}

function needsCleanup({ metadata, spec }: Service): boolean {
  if (!metadata.finalizers?.includes(FINALIZER)) return false;
  return metadata.deletionTimestamp !== undefined || spec?.type !== "LoadBalancer";
}

/** Events that tell what a load balancer changes for; undefined where it need not change. */
export function changesForLoadBalancer(
  before: Service,
  after: Service,
): readonly (readonly [reason: string, message: string])[] | undefined {
  const [old, now] = [before.spec ?? {}, after.spec ?? {}];
  if (!wants(before) && !wants(after)) return undefined;
  if (wants(before) !== wants(after)) return [["Type", `${old.type} -> ${now.type}`]];
  const list = (values: readonly string[] | undefined): string => `[${(values ?? []).join(" ")}]`;
  if (!deepEqual(old.loadBalancerSourceRanges ?? [], now.loadBalancerSourceRanges ?? []))
    return [["LoadBalancerSourceRanges", `${list(old.loadBalancerSourceRanges)} -> ${list(now.loadBalancerSourceRanges)}`]];
  const ports = (spec: NonNullable<Service["spec"]>): unknown => (spec.ports ?? []).map(({ appProtocol: _, ...port }) => port);
  if (!deepEqual(ports(old), ports(now)) || old.sessionAffinity !== now.sessionAffinity) return [];
  if (!deepEqual(old.sessionAffinityConfig, now.sessionAffinityConfig)) return [];
  if (old.loadBalancerIP !== now.loadBalancerIP) return [["LoadbalancerIP", `${old.loadBalancerIP ?? ""} -> ${now.loadBalancerIP ?? ""}`]];
  const [oldIps, newIps] = [old.externalIPs ?? [], now.externalIPs ?? []];
  if (oldIps.length !== newIps.length) return [["ExternalIP", `Count: ${oldIps.length} -> ${newIps.length}`]];
  const added = newIps.find((ip, i) => ip !== oldIps[i]);
  if (added !== undefined) return [["ExternalIP", `Added: ${added}`]];
  if (!deepEqual(before.metadata.annotations ?? {}, after.metadata.annotations ?? {})) return [];
  if (old.externalTrafficPolicy !== now.externalTrafficPolicy)
    return [["ExternalTrafficPolicy", `${old.externalTrafficPolicy ?? ""} -> ${now.externalTrafficPolicy ?? ""}`]];
  if (old.healthCheckNodePort !== now.healthCheckNodePort)
    return [["HealthCheckNodePort", `${old.healthCheckNodePort ?? 0} -> ${now.healthCheckNodePort ?? 0}`]];
  return undefined;
}

class LoadBalancers {
  readonly #context: ComponentContext;
  readonly #addresses: LoadBalancerAddresses;
  readonly #services;
  readonly #nodes;
  readonly #queue: WorkQueue;
  readonly #nodeQueue: WorkQueue;
  /** By Service: the Nodes that its load balancer sends to. */
  readonly #hosts = new Map<string, string>();
  readonly #failures = new Map<string, number>();
  /** What the cloud has begun, by Service, and when it is done, in virtual milliseconds. */
  readonly #work = new Map<string, { readonly what: "ensure" | "delete"; readonly dueMs: number }>();

  constructor(context: ComponentContext, addresses: LoadBalancerAddresses) {
    this.#context = context;
    this.#addresses = addresses;
    this.#services = context.informers.for(SERVICE);
    this.#nodes = context.informers.for(NODE);
    this.#queue = new WorkQueue(context.loop, (key) => this.#sync(key));
    this.#nodeQueue = new WorkQueue(context.loop, () => this.#updateHosts());
    this.#services.on((type, service, before) => {
      const key = keyOf(service);
      if (type === "DELETED") this.#forget(key, service);
      else if (!before) this.#begin(key, service);
      else {
        const changes = changesForLoadBalancer(before, service);
        for (const [reason, message] of changes ?? []) this.#tell(service, reason, message);
        if (changes || needsCleanup(service)) this.#queue.add(key);
      }
    });
    this.#nodes.on((type, node, before) => {
      const same = before && isHost(before) === isHost(node) && before.spec.providerID === node.spec.providerID;
      if (type !== "MODIFIED" || !same) this.#nodeQueue.add("");
    });
  }

  /** One that has its address already comes from a loaded cluster. */
  #begin(key: string, service: Service): void {
    const ingress = service.status?.loadBalancer?.ingress ?? [];
    for (const { ip } of ingress) if (ip !== undefined) this.#addresses.adopt(ip);
    if (wants(service) && ingress.length > 0) this.#hosts.set(key, this.#hostsNow());
    if ((wants(service) && ingress.length === 0) || needsCleanup(service)) this.#queue.add(key);
  }

  #forget(key: string, service: Service): void {
    this.#hosts.delete(key);
    this.#failures.delete(key);
    this.#work.delete(key);
    this.#release(service);
  }

  #sync(key: string): ReconcileResult {
    const service = this.#services.get(key);
    if (!service) return;
    if (!wants(service) || needsCleanup(service)) return this.#delete(key, service);
    return this.#ensure(key, service);
  }

  /** The cloud has had its time; else how long it still needs. `begin` is called when it begins. */
  #waitMs(key: string, what: "ensure" | "delete", begin: () => void): number {
    const nowMs = this.#context.loop.now();
    const work = this.#work.get(key);
    if (work?.what === what) return work.dueMs - nowMs;
    begin();
    this.#work.set(key, { what, dueMs: nowMs + WORK_MS });
    return WORK_MS;
  }

  #ensure(key: string, service: Service): ReconcileResult {
    const { client } = this.#context;
    const waitMs = this.#waitMs(key, "ensure", () => this.#tell(service, "EnsuringLoadBalancer", "Ensuring load balancer"));
    const { finalizers = [] } = service.metadata;
    if (!finalizers.includes(FINALIZER) && !this.#setFinalizers(service, [...finalizers, FINALIZER])) return "retry";
    if (waitMs > 0) return { afterMs: waitMs };
    this.#work.delete(key);
    const hosts = this.#hostsNow();
    if (hosts === "") this.#tell(service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer", "Warning");
    const ingress = this.#ingressOf(key, service);
    if ("error" in ingress) {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      const message = `Error syncing load balancer: failed to ensure load balancer: ${ingress.error}`;
      this.#tell(service, "SyncLoadBalancerFailed", message, "Warning");
      return { afterMs: Math.min(RETRY_MS.first * 2 ** failures, RETRY_MS.most) };
    }
    this.#failures.delete(key);
    this.#hosts.set(key, hosts);
    this.#tell(service, "EnsuredLoadBalancer", "Ensured load balancer");
    const stored = this.#services.get(key);
    if (!stored || deepEqual(stored.status?.loadBalancer?.ingress, ingress)) return;
    return mustRetry(client.updateStatus<Service>({ ...stored, status: { ...stored.status, loadBalancer: { ingress } } }))
      ? "retry"
      : undefined;
  }

  /** The addresses that the Service has, as far as they are right; new ones for the families that have none. */
  #ingressOf(key: string, { spec, status }: Service): readonly LoadBalancerIngress[] | { readonly error: string } {
    const had = status?.loadBalancer?.ingress ?? [];
    const wanted = spec?.loadBalancerIP;
    if (had.some((i) => i.ip !== undefined) && (!wanted || had.some((i) => i.ip === wanted))) return had;
    for (const { ip } of had) if (ip !== undefined) this.#addresses.release(ip);
    const ingress: LoadBalancerIngress[] = [];
    for (const family of wanted ? [wanted.includes(":") ? "IPv6" : "IPv4"] : (spec?.ipFamilies ?? ["IPv4"])) {
      const given = this.#addresses.allocate(key, family as "IPv4" | "IPv6", wanted || undefined);
      if ("error" in given) return given;
      ingress.push({ ip: given.ip, ipMode: this.#addresses.ipMode });
    }
    return ingress;
  }

  #delete(key: string, service: Service): ReconcileResult {
    const { finalizers = [] } = service.metadata;
    const had = finalizers.includes(FINALIZER);
    if (!had) return;
    const waitMs = this.#waitMs(key, "delete", () => this.#tell(service, "DeletingLoadBalancer", "Deleting load balancer"));
    if (waitMs > 0) return { afterMs: waitMs };
    this.#work.delete(key);
    this.#hosts.delete(key);
    this.#release(service);
    const left = finalizers.filter((f) => f !== FINALIZER);
    if (!this.#setFinalizers(service, left)) return "retry";
    this.#tell(service, "DeletedLoadBalancer", "Deleted load balancer");
  }

  #release({ status }: Service): void {
    for (const { ip } of status?.loadBalancer?.ingress ?? []) if (ip !== undefined) this.#addresses.release(ip);
  }

  #setFinalizers({ metadata: { name, namespace } }: Service, finalizers: readonly string[]): boolean {
    const patch = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
    return !mustRetry(this.#context.client.patch(SERVICE, name, namespace, patch));
  }

  /** Names and machines of the Nodes that load balancers send to. */
  #hostsNow(): string {
    const hosts = [...this.#nodes.list()].filter(isHost).map((n) => `${n.metadata.name} ${n.spec.providerID ?? ""}`);
    return hosts.sort().join("\n");
  }

  #updateHosts(): void {
    const now = this.#hostsNow();
    for (const [key, hosts] of this.#hosts) {
      const service = this.#services.get(key);
      if (hosts === now || !service || !wants(service)) continue;
      this.#hosts.set(key, now);
      if (now === "") this.#tell(service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer", "Warning");
      else this.#tell(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts");
    }
  }

  #tell(service: Service, reason: string, message: string, type: "Normal" | "Warning" = "Normal"): void {
    this.#context.recorder.report(NAME, service, type, reason, message);
  }
}

/** Whether load balancers send to the Node: also while it is not ready, since they look for themselves. */
function isHost({ metadata, spec }: Node): boolean {
  if (metadata.deletionTimestamp !== undefined || metadata.labels?.[EXCLUDED] !== undefined) return false;
  return !spec.taints?.some((t) => t.key === TO_BE_DELETED);
}

export const serviceLoadBalancerController: Controller = {
  name: "service-lb-controller",
  start(context) {
    const addresses = context.cloud?.loadBalancers;
    if (addresses) new LoadBalancers(context, addresses);
  },
};
