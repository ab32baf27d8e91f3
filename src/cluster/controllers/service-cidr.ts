/**
 * Ranges of Service addresses that somebody adds: ready at once, and kept while an address of theirs is in use that no other range holds.
 * Simplified: no address is given out of them, since the simulated API server knows only the range it was started with.
 * @see kubernetes pkg/controller/servicecidrs/servicecidrs_controller.go
 */
import type { ServiceCIDR } from "../../../generated/v1.36/model.ts";
import { SERVICE } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { type Cidr, containsIp, parseCidr, parseIp } from "../../lib/cidr.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const SERVICE_CIDR: Kind<ServiceCIDR> = kindOf("networking.k8s.io/v1", "ServiceCIDR");
const FINALIZER = "networking.k8s.io/service-cidr-finalizer";
/** From the deletion on, until those who give out addresses have heard of it, in milliseconds. */
const GRACE_MS = 10_000;
const READY = { status: "True", reason: "", message: "Kubernetes Service CIDR is ready" } as const;
const HELD = {
  status: "False",
  reason: "Terminating",
  message: "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
} as const;

function rangesOf({ spec }: ServiceCIDR): readonly Cidr[] {
  return (spec.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);
}

function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.network <= inner.network && inner.last <= outer.last;
}

export const serviceCidrController: Controller = {
  name: "service-cidr-controller",
  start(context) {
    const { client, informers, loop } = context;
    const all = informers.for(SERVICE_CIDR);
    const services = informers.for(SERVICE);

    /** Whether an address would be left that no range holds. */
    const isHeld = (object: ServiceCIDR): boolean => {
      const others = [...all.list()].filter((o) => o.metadata.name !== object.metadata.name).flatMap(rangesOf);
      const alone = rangesOf(object).filter((range) => !others.some((other) => contains(other, range)));
      if (alone.length === 0) return false;
      for (const { spec } of services.list())
        for (const text of spec?.clusterIPs ?? []) {
          const ip = parseIp(text);
          if (ip && alone.some((r) => containsIp(r, ip)) && !others.some((r) => containsIp(r, ip))) return true;
        }
      return false;
    };

    const setReady = (object: ServiceCIDR, wanted: typeof READY | typeof HELD): ReconcileResult => {
      const { conditions = [] } = object.status ?? {};
      const old = conditions.find((c) => c.type === "Ready");
      if (old?.status === wanted.status && old.reason === wanted.reason && old.message === wanted.message) return;
      const condition = { type: "Ready", ...wanted, lastTransitionTime: loop.timestamp() };
      const status = { ...object.status, conditions: [...conditions.filter((c) => c !== old), condition] };
      return mustRetry(client.updateStatus<ServiceCIDR>({ ...object, status })) ? "retry" : undefined;
    };

    const queue = queueFor(context, all, (object, name): ReconcileResult => {
      const { deletionTimestamp, finalizers = [] } = object.metadata;
      if (deletionTimestamp === undefined) {
        if (finalizers.includes(FINALIZER)) return setReady(object, READY);
        const patch = { metadata: { finalizers: [...finalizers, FINALIZER] } };
        return mustRetry(client.patch(SERVICE_CIDR, name, undefined, patch)) ? "retry" : undefined;
      }
      if (!finalizers.includes(FINALIZER)) return;
      if (isHeld(object)) return setReady(object, HELD);
      const leftMs = loop.instantOf(deletionTimestamp) + GRACE_MS - loop.now();
      if (leftMs > 0) return { afterMs: leftMs };
      const left = finalizers.filter((f) => f !== FINALIZER);
      const patch = { metadata: { finalizers: left.length > 0 ? left : null } };
      return mustRetry(client.patch(SERVICE_CIDR, name, undefined, patch)) ? "retry" : undefined;
    });
    const again = (): void => {
      for (const { metadata } of all.list()) if (metadata.deletionTimestamp !== undefined) queue.add(metadata.name);
    };
    all.on((type, { metadata }) => {
      if (type !== "DELETED") queue.add(metadata.name);
      if (type === "ADDED") again();
    });
    services.on((type) => {
      if (type === "DELETED" && all.size > 0) again();
    });
  },
};
