/** What a reader must know: a closed set of codes with their arguments. The words are the renderers' (`render/words.ts`). */
import type { PersistentVolumeClaim, StorageClass } from "../../generated/v1.36/model.ts";
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import { groupOf, type KubeObject } from "../api/object.ts";
import type { RefusedObject } from "../cluster/snapshot.ts";
import { type Changes, isImmutableRefusal, locate } from "./changes.ts";
import { autoscalerFindings, budgetFindings, ingressFindings, loadBalancerFindings } from "./configuration-findings.ts";
import { type DesiredObject, identitiesOf, namedOf } from "./desired.ts";
import { type Fields, isObject, type PathStep, resolvePath } from "./diff.ts";
import { finding } from "./finding.ts";
import { claimHealth } from "./health/persistent-volume-claim.ts";
import type {
  BudgetState,
  Finding,
  FindingArgs,
  FindingCode,
  IngressState,
  PendingPods,
  QuotaUse,
  Readiness,
  RefusalCause,
  RolloutReport,
  Severity,
} from "./schema.ts";
import type { ServiceReport } from "./services.ts";
import { compareRefs, compareText, identityOf, identityOfRef, refOf, type View } from "./view.ts";
import { lastWords } from "./waiting-claims.ts";
import type { Workload } from "./workloads.ts";

export interface FindingsInput {
  readonly before: View;
  readonly after: View;
  readonly changes: Changes;
  readonly workloads: readonly Workload[];
  readonly pending: readonly PendingPods[];
  readonly rollouts: readonly RolloutReport[];
  readonly quotas: readonly QuotaUse[];
  readonly services: readonly ServiceReport[];
  readonly ingresses: readonly IngressState[];
  readonly budgets: readonly BudgetState[];
}

/** A share of a quota from which it is a warning, in percent. */
const QUOTA_NEAR_PERCENT = 90;

/** A rule looks at the whole and gives its findings. */
type Rule = (input: FindingsInput) => readonly Finding[];

const RULES: readonly Rule[] = [
  refusals,
  refusalsOfTheBase,
  serverWarnings,
  workloadFindings,
  claimFindings,
  quotaFindings,
  serviceFindings,
  loadBalancerFindings,
  ingressFindings,
  budgetFindings,
  autoscalerFindings,
  destructionFindings,
  clusterFindings,
];

/** Worst first, then by object and code. */
export function findingsOf(input: FindingsInput): readonly Finding[] {
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
  return RULES.flatMap((rule) => rule(input)).sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      (a.object && b.object ? compareRefs(a.object, b.object) : Number(a.object !== null) - Number(b.object !== null)) ||
      compareText(a.code, b.code),
  );
}

function refusals({ before, after, changes }: FindingsInput): readonly Finding[] {
  const kinds = knownKinds([before, after]);
  return after.snapshot.refused.map((refused) => {
    const named = namedOf(refused.object as unknown as Fields);
    const identities = identitiesOf(named);
    const desired = identities.map((id) => changes.next.get(id)).find((d) => d !== undefined);
    const source = desired?.source ?? refused.source;
    const apiVersion = named.apiVersion;
    if (!kinds.has(`${apiVersion} ${named.kind}`)) {
      const others = [...kinds].filter((k) => k.endsWith(` ${named.kind}`)).map((k) => k.slice(0, k.indexOf(" ")));
      return finding("kind-unknown", "error", { apiVersion, kind: named.kind, servedAs: others.sort() }, refOf(named), source);
    }
    const { code, reason, message } = refused.answer;
    const causes = refusalCauses(refused, desired);
    const exists = identities.some((id) => before.byIdentity.has(id));
    if (exists && isImmutableRefusal(refused)) return finding("replacement-needed", "error", { message, causes }, refOf(named), source);
    return finding("object-refused", "error", { code, reason, message, causes }, refOf(named), source);
  });
}

/** The change is compared with a base in which these are missing. */
function refusalsOfTheBase({ before, after }: FindingsInput): readonly Finding[] {
  const identities = ({ object }: RefusedObject): readonly string[] => identitiesOf(namedOf(object as unknown as Fields));
  const still = new Set(after.snapshot.refused.flatMap(identities));
  return before.snapshot.refused
    .filter((refused) => !identities(refused).some((id) => still.has(id)))
    .map((refused) => {
      const { code, reason, message } = refused.answer;
      const causes = refusalCauses(refused, undefined);
      const ref = refOf(namedOf(refused.object as unknown as Fields));
      return finding("base-refused", "info", { code, reason, message, causes }, ref, refused.source);
    });
}

function refusalCauses(refused: RefusedObject, desired: DesiredObject | undefined): readonly RefusalCause[] {
  const causes = refused.answer.causes ?? [];
  if (causes.length === 0) return causesInMessage(refused, desired);
  return causes.map((c) => ({
    field: c.field,
    message: c.message,
    source: (desired && c.field !== "" ? locate(desired, c.field) : desired?.source) ?? refused.source ?? null,
  }));
}

/** A refusal by server-side apply's own decoder has no causes, but its message ends in `.spec.volumes[name="a"].rbd: text`, one per line. */
function causesInMessage(refused: RefusedObject, desired: DesiredObject | undefined): readonly RefusalCause[] {
  const start = refused.answer.message.indexOf("failed to create typed patch object");
  if (start < 0) return [];
  const found = [...refused.answer.message.slice(start).matchAll(/(?:\): |\n\s*)(\.[^\n]*?): ([^\n]+)/g)];
  return found.map(([, path = "", message = ""]) => {
    const field = path.slice(1);
    const resolved = desired && resolvePath(desired.object, applyPath(field));
    return { field, message, source: (desired && resolved && locate(desired, resolved.path)) ?? refused.source ?? null };
  });
}

/** The steps of a path as server-side apply writes it: `spec.ports[port=80,protocol="TCP"].name`. */
function applyPath(path: string): readonly PathStep[] {
  return [...path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map(([, name, bracket]): PathStep => {
    if (name !== undefined) return { field: name };
    if (/^\d+$/.test(bracket ?? "")) return { index: Number(bracket) };
    const pairs = [...(bracket ?? "").matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
    return { item: Object.fromEntries(pairs.map(([, k = "", v = ""]) => [k, /^["\d]/.test(v) ? JSON.parse(v) : v])) };
  });
}

/** `apps/v1 Deployment`, with the kinds that the definitions in the clusters add. */
function knownKinds(views: readonly View[]): ReadonlySet<string> {
  const kinds = new Set(RESOURCES.map((r) => `${r.group === "" ? "" : `${r.group}/`}${r.version} ${r.kind}`));
  for (const view of views) {
    for (const crd of view.byKind.get("apiextensions.k8s.io/CustomResourceDefinition") ?? []) {
      const { spec } = crd as KubeObject & { readonly spec?: unknown };
      if (!isObject(spec) || !isObject(spec.names) || !Array.isArray(spec.versions)) continue;
      for (const v of spec.versions) if (isObject(v)) kinds.add(`${String(spec.group)}/${String(v.name)} ${String(spec.names.kind)}`);
    }
  }
  return kinds;
}

function serverWarnings({ after, changes }: FindingsInput): readonly Finding[] {
  return after.snapshot.warnings.map((w) => {
    const named = namedOf(w.object as unknown as Fields);
    const desired = identitiesOf(named)
      .map((id) => changes.next.get(id))
      .find((d) => d !== undefined);
    return finding("server-warning", "warning", { message: w.message }, refOf(named), desired?.source ?? w.source);
  });
}

/**
 * Each workload that is not healthy, by what keeps it. Another's workload counts only when this change made it worse: its trouble is not
 * this change's.
 */
function workloadFindings({ workloads, pending, rollouts }: FindingsInput): readonly Finding[] {
  const pendingOf = new Map<string, PendingPods[]>();
  for (const p of pending) pendingOf.set(identityOfRef(p.owner), [...(pendingOf.get(identityOfRef(p.owner)) ?? []), p]);
  const rolloutOf = new Map(rollouts.map((r) => [identityOfRef(r.object), r]));
  return workloads.flatMap((w) => {
    const { state } = w;
    if (state.status === "healthy" || state.status === "suspended") return [];
    const worse = state.before !== null && state.ready < state.before.ready;
    if (!w.own && !worse) return [];
    const readiness: Readiness = { ready: state.ready, desired: state.desired, before: state.before };
    const out: Finding[] = [];
    const say = <C extends FindingCode>(code: C, args: FindingArgs[C]): number =>
      out.push(finding(code, "error", args, state.object, state.source));
    for (const p of pendingOf.get(w.identity) ?? []) say("pods-pending", { ...readiness, count: p.pods.length, message: p.message });
    if (w.refused) say("pods-refused", { ...readiness, ...w.refused, quota: w.refused.quota ?? null });
    if (w.object.kind === "Job" && state.status === "failed") say("job-failed", { reason: w.reason, message: w.message });
    else if (w.failing) say("pods-failing", { ...readiness, ...w.failing });
    if (out.length > 0) return out;
    const rollout = rolloutOf.get(w.identity);
    if (rollout && state.ready >= state.desired) say("rollout-stuck", { ...readiness, updated: rollout.at });
    else say("not-ready", { ...readiness, reason: w.reason, message: w.message });
    return out;
  });
}

/** A claim that waits for its first Pod, and that no Pod waits for, is as it should be. */
function claimFindings({ after, changes }: FindingsInput): readonly Finding[] {
  if (after.snapshot.notSimulated.includes("v1 PersistentVolumeClaim")) return [];
  const classes = new Map((after.byKind.get("storage.k8s.io/StorageClass") ?? []).map((c) => [c.metadata.name, c as StorageClass]));
  return (after.byKind.get("/PersistentVolumeClaim") ?? []).flatMap((object) => {
    const claim = object as PersistentVolumeClaim;
    const desired = changes.next.get(identityOf(claim));
    const health = claimHealth(claim);
    const className = claim.spec?.storageClassName ?? null;
    if (!desired || health.status === "healthy") return [];
    if (health.status === "waiting" && classes.get(className ?? "")?.volumeBindingMode === "WaitForFirstConsumer") return [];
    return [
      finding(
        "claim-pending",
        "warning",
        { phase: health.reason, storageClass: className, message: lastWords(after, claim) },
        refOf(claim),
        desired.source,
      ),
    ];
  });
}

/** A quota counts when the change fills it further, or sets it. */
function quotaFindings({ quotas }: FindingsInput): readonly Finding[] {
  return quotas.flatMap((q) =>
    q.lines.flatMap((line) => {
      const grown = line.percentBefore === null || line.percentAfter > line.percentBefore;
      if (!grown || line.percentAfter < QUOTA_NEAR_PERCENT) return [];
      return [finding(line.percentAfter > 100 ? "quota-exceeded" : "quota-near", "warning", line, q.object, q.source)];
    }),
  );
}

/** A Service without endpoints is told unless all its Pods are already told to be missing: that is one trouble, not two. */
function serviceFindings(input: FindingsInput): readonly Finding[] {
  const troubled = new Set(workloadFindings(input).map((f) => (f.object ? identityOfRef(f.object) : "")));
  return input.services.flatMap(({ state, service, own, templateMatches, unresolved, workloads }) => {
    const lost = (state.readyBefore ?? 0) > 0 && state.ready === 0;
    const severity: Severity = lost ? "error" : "warning";
    const say = <C extends FindingCode>(code: C, args: FindingArgs[C]): Finding =>
      finding(code, severity, args, state.object, state.source);
    if (!own && !lost) return [];
    const ports = unresolved.map((port) => say("service-port-unresolved", port));
    if (state.ready > 0 || state.selected === null) return ports;
    if (state.selected === 0 && !templateMatches) return [say("service-selects-nothing", { selector: { ...service.spec?.selector } })];
    const told = ports.length > 0 || (!lost && workloads.length > 0 && workloads.every((w) => troubled.has(w)));
    return told ? ports : [say("service-without-endpoints", { pods: state.selected, readyBefore: state.readyBefore })];
  });
}

/** What a deletion takes with it and a later apply does not bring back. */
function destructionFindings({ before, changes }: FindingsInput): readonly Finding[] {
  return changes.list.flatMap((change) => {
    const { object, source } = change;
    if (change.action !== "destroy") return [];
    const group = groupOf(object.apiVersion);
    if (group === "" && (object.kind === "PersistentVolumeClaim" || object.kind === "PersistentVolume"))
      return [finding("data-destroyed", "warning", { what: "volume", objects: 0 }, object, source)];
    if (group === "" && object.kind === "Namespace") {
      const objects = before.snapshot.objects.filter((o) => o.metadata.namespace === object.name).length;
      return [finding("data-destroyed", "warning", { what: "namespace", objects }, object, source)];
    }
    if (group === "apiextensions.k8s.io" && object.kind === "CustomResourceDefinition") {
      const crd = before.byIdentity.get(identityOfRef(object)) as (KubeObject & { readonly spec?: unknown }) | undefined;
      const kind = isObject(crd?.spec) && isObject(crd.spec.names) ? `${String(crd.spec.group)}/${String(crd.spec.names.kind)}` : "";
      return [finding("data-destroyed", "warning", { what: "definition", objects: before.byKind.get(kind)?.length ?? 0 }, object, source)];
    }
    return [];
  });
}

function clusterFindings({ after }: FindingsInput): readonly Finding[] {
  const out: Finding[] = [];
  if (!after.snapshot.settled)
    out.push(finding("not-settled", "warning", { atSeconds: Math.round(after.snapshot.atMs / 1000) }, null, null));
  if (after.nodes.length === 0 && after.pods.length > 0) out.push(finding("no-nodes", "warning", {}, null, null));
  return out;
}
