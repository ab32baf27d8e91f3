/**
 * Namespaces that are deleted: their Pods go first, then everything else, then they themselves.
 * @see kubernetes pkg/controller/namespace/namespace_controller.go, deletion/namespaced_resources_deleter.go
 */
import type { Namespace, Pod } from "../../../generated/v1.36/model.ts";
import { NAMESPACE, POD } from "../../api/kinds.ts";
import { groupOf, type Kind, type KubeObject } from "../../api/object.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { namespaceConditions } from "./namespace-conditions.ts";
import { isPodFinished } from "./pods.ts";

/** After a change of the namespace, so that all API servers have seen that it is going. */
const GRACE_MS = 5000;
/** How long objects with finalizers are given until one looks again; half of it is waited. */
const FINALIZER_ESTIMATE_SECONDS = 15;
const POD_GRACE_SECONDS = 30;
const FINALIZER = "kubernetes";

interface Left {
  readonly resources: Map<string, number>;
  readonly finalizers: Map<string, number>;
  readonly failures: string[];
  /** Seconds until it is expected to be empty; 0 when there is no telling. */
  estimateSeconds: number;
}

function addTo(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Deletes all objects of a kind and counts what is still there. */
function deleteAll(context: ComponentContext, namespace: Namespace, kind: Kind, resource: string, left: Left): number {
  const { client } = context;
  const name = namespace.metadata.name;
  const before = client.list(kind, name);
  if (before.length === 0) return 0;
  const estimate =
    kind.kind === POD.kind && kind.apiVersion === POD.apiVersion ? podEstimate(context, namespace, before as readonly Pod[]) : 0;
  for (const object of before) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    const answer = client.delete(kind, object.metadata.name, name, { cascade: "background" });
    if (isRefused(answer) && answer.reason !== "NotFound") left.failures.push(answer.message);
  }
  const after = client.list(kind, name);
  if (after.length === 0) return 0;
  addTo(left.resources, `${resource}.${groupOf(kind.apiVersion)}`, after.length);
  const finalizers = after.flatMap((o) => o.metadata.finalizers ?? []);
  for (const finalizer of finalizers) addTo(left.finalizers, finalizer);
  left.estimateSeconds = Math.max(left.estimateSeconds, estimate > 0 ? estimate : finalizers.length > 0 ? FINALIZER_ESTIMATE_SECONDS : 0);
  if (estimate === 0 && finalizers.length === 0)
    left.failures.push(`unexpected items still remain in namespace: ${name} for gvr: ${gvr(kind, resource)}`);
  return after.length;
}

function gvr(kind: Kind, resource: string): string {
  const group = groupOf(kind.apiVersion);
  const version = kind.apiVersion.slice(group === "" ? 0 : group.length + 1);
  return `${group}/${version}, Resource=${resource}`;
}

/** The longest grace period of the Pods; nothing once that time has passed since the namespace was deleted. */
function podEstimate({ loop }: ComponentContext, namespace: Namespace, pods: readonly Pod[]): number {
  const grace = pods
    .filter((p) => !isPodFinished(p))
    .reduce((most, p) => Math.max(most, p.spec.terminationGracePeriodSeconds ?? POD_GRACE_SECONDS), 0);
  const since = loop.now() - loop.instantOf(namespace.metadata.deletionTimestamp ?? loop.timestamp());
  return since >= grace * 1000 ? 0 : grace;
}

function emptyOut(context: ComponentContext, namespace: Namespace): Left {
  const left: Left = { resources: new Map(), finalizers: new Map(), failures: [], estimateSeconds: 0 };
  const kinds = context.client.kinds().filter((k) => k.namespaced);
  const isPod = (k: KubeObject | Kind): boolean => k.kind === POD.kind && k.apiVersion === POD.apiVersion;
  for (const { kind, resource } of kinds) if (isPod(kind) && deleteAll(context, namespace, kind, resource, left) > 0) return left;
  for (const { kind, resource } of kinds) if (!isPod(kind)) deleteAll(context, namespace, kind, resource, left);
  return left;
}

function reconcile(context: ComponentContext, namespace: Namespace, key: string): ReconcileResult {
  const { client, loop } = context;
  if (namespace.metadata.deletionTimestamp === undefined || !namespace.spec?.finalizers?.length) return;
  const left = emptyOut(context, namespace);
  const before = namespace.status?.conditions ?? [];
  const conditions = namespaceConditions(before, left, loop.timestamp());
  if (conditions !== before || namespace.status?.phase !== "Terminating") {
    const answer = client.updateStatus({ ...namespace, status: { ...namespace.status, phase: "Terminating", conditions } });
    if (mustRetry(answer)) return "retry";
  }
  if (left.failures.length > 0) return "retry";
  if (left.estimateSeconds > 0) return { afterMs: (Math.floor(left.estimateSeconds / 2) + 1) * 1000 };
  const finalizers = namespace.spec.finalizers.filter((f) => f !== FINALIZER);
  if (mustRetry(client.patch(NAMESPACE, key, undefined, { spec: { finalizers } }, { subresource: "finalize" }))) return "retry";
  context.recorder.forgetNamespace(key);
}

export const namespaceController: Controller = {
  name: "namespace-controller",
  start(context) {
    const namespaces = context.informers.for(NAMESPACE);
    const queue = queueFor(context, namespaces, (namespace, key) => reconcile(context, namespace, key));
    namespaces.on((type, namespace) => {
      if (type !== "DELETED" && namespace.metadata.deletionTimestamp !== undefined) queue.addAfter(namespace.metadata.name, GRACE_MS);
    });
  },
};
