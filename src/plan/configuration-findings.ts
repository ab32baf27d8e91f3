/** What the API server takes without a word and what still does not do what its author wants. */
import type { HorizontalPodAutoscaler, Service } from "../../generated/v1.36/model.ts";
import { groupOf } from "../api/object.ts";
import { locate } from "./changes.ts";
import { resolvePath } from "./diff.ts";
import { finding } from "./finding.ts";
import type { FindingsInput } from "./findings.ts";
import type { Finding } from "./schema.ts";
import { identityOf, refOf } from "./view.ts";

/** A backend that is not there gives every request a 503, or a 404. */
export function ingressFindings({ ingresses }: FindingsInput): readonly Finding[] {
  return ingresses.flatMap((ingress) => {
    const routes = ingress.routes.filter((r) => r.ready === null);
    if (routes.length === 0 || ingress.source === null) return [];
    return [finding("ingress-backend-missing", "warning", { routes }, ingress.object, ingress.source)];
  });
}

/** Said when it comes with the change. */
export function loadBalancerFindings({ before, services }: FindingsInput): readonly Finding[] {
  return services.flatMap(({ own, service, state }) => {
    const { spec, status } = service;
    if (!own || spec?.type !== "LoadBalancer" || (status?.loadBalancer?.ingress ?? []).length > 0) return [];
    const was = before.byIdentity.get(identityOf(service)) as Service | undefined;
    if (was?.spec?.type === "LoadBalancer" && (was.status?.loadBalancer?.ingress ?? []).length === 0) return [];
    return [finding("load-balancer-pending", "info", { className: spec.loadBalancerClass ?? null }, state.object, state.source)];
  });
}

/** Said when it comes with the change, and only of healthy Pods: while some are missing, none may go anyway. */
export function budgetFindings({ budgets }: FindingsInput): readonly Finding[] {
  return budgets.flatMap((b) => {
    const { pods, healthyMin, allowedBefore } = b;
    if (b.source === null || b.allowed > 0 || allowedBefore === 0 || pods === 0 || b.healthy < pods) return [];
    return [finding("budget-allows-none", "info", { pods, healthyMin, allowedBefore }, b.object, b.source)];
  });
}

/** @see https://github.com/zegl/kube-score/issues/287 */
export function autoscalerFindings({ after, changes }: FindingsInput): readonly Finding[] {
  const autoscalers = (after.byKind.get("autoscaling/HorizontalPodAutoscaler") ?? []) as unknown as readonly HorizontalPodAutoscaler[];
  return autoscalers.flatMap(({ metadata, spec }) => {
    const { apiVersion = "", kind, name } = spec?.scaleTargetRef ?? { kind: "", name: "" };
    const identity = identityOf({ apiVersion, kind, metadata: { name, namespace: metadata.namespace } });
    const target = changes.next.get(identity);
    const stored = after.byIdentity.get(identity);
    if (!target || !stored || !spec || groupOf(apiVersion) !== groupOf(stored.apiVersion)) return [];
    const written = resolvePath(target.object, [{ field: "spec" }, { field: "replicas" }]);
    if (!written.found || typeof written.value !== "number") return [];
    const args = { replicas: written.value, autoscaler: metadata.name, min: spec.minReplicas ?? 1, max: spec.maxReplicas };
    return [finding("replicas-and-autoscaler", "warning", args, refOf(stored), locate(target, "spec.replicas"))];
  });
}
