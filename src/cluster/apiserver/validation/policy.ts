/** Disruption budgets, priority classes, leases and runtime classes. @see kubernetes pkg/apis/policy, scheduling, coordination and node (validation) */
import type { Lease, PodDisruptionBudget, PriorityClass, RuntimeClass, Toleration } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { notMoreThanAll, validateIntOrPercent } from "./apps.ts";
import { checkTolerations } from "./core/affinity.ts";
import { checkContainerResources } from "./core/resources.ts";
import { validateConditions } from "./meta/conditions.ts";
import { dnsLabel, qualifiedName } from "./meta/formats.ts";
import {
  all,
  notNegative,
  oneOf,
  pathSegmentName,
  subdomainName,
  validateImmutable,
  validateLabelSelector,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

// ---- PodDisruptionBudget

const EVICTION = ["AlwaysAllow", "IfHealthyBudget"] as const;

function validateBudgetSpec(pdb: PodDisruptionBudget): FieldError[] {
  const spec = pdb.spec ?? {};
  const out: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    out.push(
      invalidValue("spec", internalForm("PodDisruptionBudgetSpec", pdb.spec ?? {}), "minAvailable and maxUnavailable cannot be both set"),
    );
  }
  for (const field of ["minAvailable", "maxUnavailable"] as const) {
    const value = spec[field];
    if (value !== undefined) out.push(...validateIntOrPercent(value, `spec.${field}`), ...notMoreThanAll(value, `spec.${field}`));
  }
  out.push(...validateLabelSelector(spec.selector, "spec.selector"));
  const policy = spec.unhealthyPodEvictionPolicy as string | undefined;
  if (policy !== undefined && !(EVICTION as readonly string[]).includes(policy))
    out.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, EVICTION));
  return out;
}

/** Its metadata is looked at by what all kinds have in common, when nothing else is wrong. */
export function validatePodDisruptionBudget(pdb: PodDisruptionBudget): FieldError[] {
  const out = validateBudgetSpec(pdb);
  return out.length > 0 ? out : validateObjectMeta(pdb.metadata, true, pathSegmentName);
}

/** What all kinds have in common says what is wrong with its metadata. */
export const validatePodDisruptionBudgetUpdate = (pdb: PodDisruptionBudget): FieldError[] => validateBudgetSpec(pdb);

const COUNTS = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const;

export function validatePodDisruptionBudgetStatusUpdate({ status }: PodDisruptionBudget): FieldError[] {
  const counts = COUNTS.flatMap((field) => notNegative(`status.${field}`, status?.[field]));
  return [...validateConditions(status?.conditions, "status.conditions"), ...counts];
}

// ---- PriorityClass

const USER_PRIORITY_MAX = 1_000_000_000;
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

export function validatePriorityClass(pc: PriorityClass): FieldError[] {
  const out = validateObjectMeta(pc.metadata, false, subdomainName);
  const { name } = pc.metadata;
  const value = pc.value ?? 0;
  if (name?.startsWith("system-")) {
    const why = unlikeSystemClass(pc);
    const reserved = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    if (why !== undefined) out.push(forbidden("metadata.name", reserved + why));
  } else if (value > USER_PRIORITY_MAX) {
    out.push(forbidden("value", `maximum allowed value of a user defined priority is ${USER_PRIORITY_MAX}`));
  }
  if (pc.preemptionPolicy !== undefined) out.push(...oneOf("preemptionPolicy", pc.preemptionPolicy, ["PreemptLowerPriority", "Never"]));
  return out;
}

function unlikeSystemClass({ metadata: { name = "" }, value = 0, globalDefault }: PriorityClass): string | undefined {
  const known = Object.hasOwn(SYSTEM_CLASSES, name) ? SYSTEM_CLASSES[name] : undefined;
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export function validatePriorityClassUpdate(pc: PriorityClass, old: PriorityClass): FieldError[] {
  const out = validateObjectMetaUpdate(pc.metadata, old.metadata);
  if ((pc.value ?? 0) !== (old.value ?? 0)) out.push(forbidden("value", "may not be changed in an update."));
  return out.concat(validateImmutable(pc.preemptionPolicy, old.preemptionPolicy, "preemptionPolicy"));
}

// ---- Lease

const LEASE_STRATEGIES = ["OldestEmulationVersion"] as const;

/** The API server says the field twice. */
function validateLeaseStrategy(strategy: string): FieldError[] {
  const at = "spec.strategy.strategy";
  if (strategy.includes("/")) return all(at, strategy, qualifiedName(strategy));
  return (LEASE_STRATEGIES as readonly string[]).includes(strategy) ? [] : [notSupported(at, strategy, LEASE_STRATEGIES)];
}

export function validateLease(lease: Lease): FieldError[] {
  const out = validateObjectMeta(lease.metadata, true, subdomainName);
  const spec = lease.spec ?? {};
  const seconds = spec.leaseDurationSeconds;
  if (seconds !== undefined && seconds <= 0) out.push(invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  out.push(...notNegative("spec.leaseTransitions", spec.leaseTransitions));
  if (spec.strategy !== undefined) out.push(...validateLeaseStrategy(spec.strategy));
  if (spec.preferredHolder && !spec.strategy) out.push(forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  return out;
}

// ---- RuntimeClass

export function validateRuntimeClass(rc: RuntimeClass): FieldError[] {
  const out = validateObjectMeta(rc.metadata, false, subdomainName);
  out.push(...(rc.handler ? all("handler", rc.handler, dnsLabel(rc.handler)) : [required("handler")]));
  if (rc.overhead) checkContainerResources({ limits: rc.overhead.podFixed }, undefined, "overhead", out);
  if (!rc.scheduling) return out;
  out.push(...validateLabels(rc.scheduling.nodeSelector, "scheduling.nodeSelector"));
  const tolerations = rc.scheduling.tolerations ?? [];
  checkTolerations(tolerations, "scheduling.tolerations", out);
  tolerations.forEach((t, i) => {
    const key = ({ key, operator, value, effect }: Toleration): unknown => [key ?? "", operator ?? "", value ?? "", effect ?? ""];
    if (tolerations.slice(0, i).some((o) => semanticEqual(key(o), key(t))))
      out.push(duplicate(`scheduling.tolerations[${i}]`, internalForm("Toleration", t)));
  });
  return out;
}

export function validateRuntimeClassUpdate(rc: RuntimeClass, old: RuntimeClass): FieldError[] {
  return [
    ...validateRuntimeClass(rc),
    ...validateObjectMetaUpdate(rc.metadata, old.metadata),
    ...validateImmutable(rc.handler, old.handler, "handler"),
  ];
}
