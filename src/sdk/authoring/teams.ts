/** What a platform team gives others: namespaces, how much they may ask for, and what holds for each container. */
import { LimitRange, type LimitRangeItem, Namespace, ResourceQuota, type ResourceQuotaSpec } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import type { NetworkPolicy } from "../../../generated/v1.36/networking.k8s.io/v1.ts";
import { denyAll } from "./network-policies.ts";

type Metadata = Omit<ObjectMeta, "name" | "generateName">;
type Hard = NonNullable<ResourceQuotaSpec["hard"]>;

/**
 * A ResourceQuota: `quota("team-shop", { "requests.cpu": "6", "requests.memory": "16Gi", pods: 40 })`.
 * @param options `scopes` and `scopeSelector` limit what it counts
 */
export function quota(name: string, hard: Hard, options: Metadata & Omit<ResourceQuotaSpec, "hard"> = {}): ResourceQuota {
  const { scopes, scopeSelector, ...metadata } = options;
  return ResourceQuota({
    metadata: { name, ...metadata },
    spec: { hard, ...(scopes === undefined ? {} : { scopes }), ...(scopeSelector === undefined ? {} : { scopeSelector }) },
  });
}

/** By type: limits of containers, Pods and claims. */
export type Limits = { readonly [T in "Container" | "Pod" | "PersistentVolumeClaim"]?: Omit<LimitRangeItem, "type"> };

/**
 * A LimitRange.
 * ```ts
 * limitRange("defaults", { Container: { defaultRequest: { cpu: "100m", memory: "64Mi" }, default: { memory: "128Mi" }, max: { memory: "4Gi" } } })
 * ```
 */
export function limitRange(name: string, limits: Limits, metadata: Metadata = {}): LimitRange {
  const items = Object.entries(limits).map(([type, fields]) => ({ type, ...fields }) as LimitRangeItem);
  if (items.length === 0) throw new TypeError(`limitRange ${name} limits nothing`);
  return LimitRange({ metadata: { name, ...metadata }, spec: { limits: items } });
}

export type PodSecurity = "privileged" | "baseline" | "restricted";

export interface TeamOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The Pod Security Standard that the API server enforces. */
  readonly podSecurity?: PodSecurity;
  /** Named `quota`. */
  readonly quota?: Hard;
  /** Named `limits`. */
  readonly limits?: Limits;
  /** No traffic in these directions but what other policies allow. Named `deny-all`. */
  readonly deny?: readonly ("Ingress" | "Egress")[];
}

/**
 * A team's namespace with its quota, limits and policies.
 * ```ts
 * teamNamespace("shop", {
 *   labels: { team: "shop" },
 *   podSecurity: "restricted",
 *   quota: { "requests.cpu": "6", "requests.memory": "16Gi", pods: 40 },
 *   limits: { Container: { defaultRequest: { cpu: "100m", memory: "64Mi" } } },
 *   deny: ["Ingress"],
 * })
 * ```
 */
export function teamNamespace(name: string, options: TeamOptions): readonly (Namespace | ResourceQuota | LimitRange | NetworkPolicy)[] {
  const { labels, annotations, podSecurity, quota: hard, limits, deny } = options;
  const enforced = podSecurity === undefined ? {} : { "pod-security.kubernetes.io/enforce": podSecurity };
  const allLabels = { ...labels, ...enforced };
  const inside = { namespace: name };
  return [
    Namespace({
      metadata: {
        name,
        ...(Object.keys(allLabels).length > 0 ? { labels: allLabels } : {}),
        ...(annotations === undefined ? {} : { annotations }),
      },
    }),
    ...(hard ? [quota("quota", hard, inside)] : []),
    ...(limits ? [limitRange("limits", limits, inside)] : []),
    ...(deny && deny.length > 0 ? [denyAll("deny-all", deny, inside)] : []),
  ];
}
