/** The report of a plan out of two settled clusters: pure, and without a word for people. */
import type { StorageClass } from "../../generated/v1.36/model.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import { isNotSimulated } from "../cluster/simulated-kinds.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { budgetStates } from "./budgets.ts";
import { type Changes, changesOf } from "./changes.ts";
import type { DesiredObject } from "./desired.ts";
import { findingsOf } from "./findings.ts";
import { timelineOf } from "./happenings.ts";
import { ingressStates } from "./ingresses.ts";
import { cronJobReports, jobReports } from "./jobs.ts";
import { capacityOf, nodeUses } from "./nodes.ts";
import { pendingPods } from "./pending.ts";
import { quotaUses } from "./quota.ts";
import { rolloutReports } from "./rollouts.ts";
import {
  type Action,
  type Assumption,
  type Counts,
  type FieldChange,
  type Finding,
  PLAN_SCHEMA,
  type Plan,
  type PlanInputs,
  type PodCounts,
} from "./schema.ts";
import { isSecret, type Masker, maskDeep, maskMessages, secretMasker } from "./secrets.ts";
import { serviceReports } from "./services.ts";
import { compareText, type View, viewOf } from "./view.ts";
import { workloadsOf } from "./workloads.ts";

export interface PlanMaterial {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What the user wants, and wanted before: empty without a base. */
  readonly next: readonly DesiredObject[];
  readonly base: readonly DesiredObject[];
  readonly inputs: PlanInputs;
  /** `1.36`. */
  readonly kubernetes: string;
  /** Whether the nodes are those of the built-in cluster. */
  readonly builtInCluster: boolean;
  /** When the snapshot of the cluster was taken, as far as its Nodes tell; undefined: they do not. */
  readonly clusterAsOf?: string | undefined;
  /** After how many virtual seconds a container is taken to be ready. */
  readonly startSeconds: number;
}

export function makePlan(material: PlanMaterial): Plan {
  const before = viewOf(material.before);
  const after = viewOf(material.after);
  const changes = changesOf(before, after, material.base, material.next);
  const workloads = workloadsOf(before, after, changes);
  const pending = pendingPods(before, after, changes);
  const rollouts = rolloutReports(before, after, workloads);
  const jobs = jobReports(before, after, changes);
  const quotas = quotaUses(before, after, changes, workloads);
  const services = serviceReports(before, after, changes);
  const ingresses = ingressStates(
    after,
    changes,
    services.map((s) => s.state),
  );
  const budgets = budgetStates(before, after, changes);
  const healthy = new Set(workloads.flatMap((w) => (w.state.status === "healthy" ? [w.identity] : [])));
  const mask = secretMasker(allSecrets(material), () => publicText(before, after));
  const findings = findingsOf({ before, after, changes, workloads, pending, rollouts, quotas, services, ingresses, budgets }).map(
    (f) => ({ ...f, args: maskMessages(f.args, mask) }) as Finding,
  );
  return {
    schema: PLAN_SCHEMA,
    kubernetes: material.kubernetes,
    inputs: material.inputs,
    verdict: verdictOf(findings, changes),
    counts: countsOf(changes),
    pods: { before: podCounts(before), after: podCounts(after) },
    findings,
    changes: changes.list.map((c) => ({ ...c, fields: c.fields.map((f) => maskField(f, mask)) })),
    workloads: workloads.map((w) => w.state),
    nodes: nodeUses(before, after),
    capacity: capacityOf(before, after),
    pending: pending.map((p) => ({ ...p, message: mask(p.message) })),
    fixes: [],
    fixSearch: { tried: 0, untried: 0, workloads: 0, workloadsLeftOut: 0, anew: true },
    rollouts,
    jobs,
    cronJobs: cronJobReports(before, after, changes),
    quotas: quotas.map((q) => ({ ...q, refused: q.refused.map((r) => ({ ...r, message: mask(r.message) })) })),
    services: services.map((s) => s.state),
    ingresses,
    budgets,
    timeline: timelineOf(before, after, healthy, [...rollouts, ...jobs], mask),
    assumptions: assumptionsOf(material, after),
    notSimulated: notSimulated(material, after),
  };
}

function maskField(field: FieldChange, mask: Masker): FieldChange {
  const { before, after } = field;
  return {
    ...field,
    ...(before === undefined ? {} : { before: maskDeep(before, mask) }),
    ...(after === undefined ? {} : { after: maskDeep(after, mask) }),
  };
}

function verdictOf(findings: readonly Finding[], changes: Changes): Plan["verdict"] {
  const errors = findings.filter((f) => f.severity === "error").length;
  const warnings = findings.filter((f) => f.severity === "warning").length;
  return { level: errors > 0 ? "error" : warnings > 0 ? "warning" : "healthy", errors, warnings, changed: changes.list.length > 0 };
}

function countsOf(changes: Changes): Counts {
  const count = (action: Action): number => changes.list.filter((c) => c.action === action).length;
  return {
    add: count("add"),
    change: count("change"),
    replace: count("replace"),
    destroy: count("destroy"),
    refused: count("refused"),
    unchanged: changes.unchanged,
  };
}

function podCounts(view: View): PodCounts {
  const phase = (name: string): number => view.pods.filter((p) => (p.status?.phase ?? "Pending") === name).length;
  return {
    total: view.pods.length,
    running: phase("Running"),
    pending: phase("Pending"),
    succeeded: phase("Succeeded"),
    failed: phase("Failed"),
  };
}

function assumptionsOf({ after, inputs, builtInCluster, clusterAsOf, startSeconds }: PlanMaterial, view: View): readonly Assumption[] {
  const list: Assumption[] = [
    { code: "nodes", from: inputs.cluster, count: view.nodes.length, builtIn: builtInCluster, asOf: clusterAsOf ?? null },
  ];
  if (view.pods.length > 0)
    list.push({ code: "images-pull" }, { code: "containers-become-ready", seconds: startSeconds }, { code: "nothing-else-arrives" });
  const ties = after.ties.filter((t) => t.size > 1);
  if (ties.length > 0) list.push({ code: "ties", pods: ties.length, nodesMax: ties.reduce((most, t) => Math.max(most, t.size), 0) });
  if (after.assumesCloud) list.push({ code: "cloud" });
  const classes = (view.byKind.get("storage.k8s.io/StorageClass") ?? []) as readonly StorageClass[];
  const assumed = classes.filter((c) => c.metadata.annotations?.["seatrial.dev/provisioner"] === "assumed").map((c) => c.provisioner);
  if (assumed.length > 0) list.push({ code: "storage-drivers", names: [...new Set(assumed)].sort(compareText) });
  const hooks = [
    ...(view.byKind.get("admissionregistration.k8s.io/MutatingWebhookConfiguration") ?? []),
    ...(view.byKind.get("admissionregistration.k8s.io/ValidatingWebhookConfiguration") ?? []),
  ];
  if (after.extendersNotAsked) list.push({ code: "extenders-not-asked", addresses: after.extendersNotAsked });
  if (hooks.length > 0) list.push({ code: "webhooks-not-run", names: hooks.map((h) => h.metadata.name).sort(compareText) });
  return list;
}

/** Kinds of the entry, and claims that a StatefulSet makes: an unbound one keeps its Pod waiting. */
function notSimulated({ after: { notSimulated }, next }: PlanMaterial, after: View): readonly string[] {
  const kinds = new Set(notSimulated.filter((kind) => next.some((d) => `${d.object.apiVersion} ${d.object.kind}` === kind)));
  const claim = after.byKind.get("/PersistentVolumeClaim")?.[0];
  if (claim && isNotSimulated(claim)) kinds.add("v1 PersistentVolumeClaim");
  return [...kinds].sort(compareText);
}

function allSecrets({ before, after, next, base }: PlanMaterial): readonly Unchecked[] {
  const stored = [...before.objects, ...after.objects] as unknown as readonly Unchecked[];
  const written = [...next, ...base].map((d) => d.object);
  const refused = [...before.refused, ...after.refused].map((r) => r.object as unknown as Unchecked);
  return [...stored, ...written, ...refused].filter(isSecret);
}

/** Everything that names things, one per line: what stands here is no secret. */
function publicText(...views: readonly View[]): string {
  const lines = new Set<string>();
  const object = (o: KubeObject): void => {
    lines.add(o.metadata.name);
    for (const [k, v] of Object.entries(o.metadata.labels ?? {})) lines.add(`${k}=${v}`);
  };
  for (const view of views) {
    for (const o of view.snapshot.objects) object(o);
    for (const pod of view.pods) for (const c of pod.spec.containers) lines.add(`${c.name} ${c.image ?? ""}`);
  }
  return [...lines].join("\n");
}
