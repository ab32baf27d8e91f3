/** What the codes of a plan are in words. A sentence is a list of parts, so that each format can mark and escape what came from the user. */

import type { SourceLocation } from "../../api/source-location.ts";
import { showLocation } from "../../api/source-location.ts";
import type { Assumption, FindingArgs, FindingCode, ObjectRef, Plan, RolloutReport, Shortage, WaitingClaim } from "../schema.ts";
import { inOneUnit } from "./amounts.ts";
import type { PendingGroup } from "./selection.ts";

/** Our own words; a text of the user's or of the cluster's; what the eye should catch. */
export type Part = string | { readonly code: string } | { readonly strong: string } | { readonly quote: string };
export type Parts = readonly Part[];

export const code = (text: string): Part => ({ code: text });
export const strong = (text: string): Part => ({ strong: text });
export const quote = (text: string): Part => ({ quote: text });

/** `shop/checkout`, or `worker-1` for what has no namespace. */
export function showName(ref: ObjectRef): string {
  return ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
}

export function showRef(ref: ObjectRef): string {
  return `${ref.kind} ${showName(ref)}`;
}

export function showSource(source: SourceLocation | null): string {
  return source ? showLocation(source) : "";
}

/** The file and the line, which is enough to find a change: `src/shop.ts:14`. */
export function showPlace(source: SourceLocation): string {
  return `${source.file}:${source.line}`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Pieces in a headline at most. */
const HEADLINE_PIECES_MAX = 4;

/** The verdict in one line, without its mark: a reader who stops there is not misled. */
export function headline(plan: Plan): string {
  const pieces = headlinePieces(plan);
  if (pieces.length === 0) return plan.verdict.changed ? "Plan: everything becomes healthy" : "Plan: no changes, everything healthy";
  const more = pieces.length - HEADLINE_PIECES_MAX;
  const shown = more > 0 ? [...pieces.slice(0, HEADLINE_PIECES_MAX), `and ${more} more`] : pieces;
  return `Plan: ${shown.join(" · ")}`;
}

function headlinePieces(plan: Plan): readonly string[] {
  const of = <C extends FindingCode>(name: C): readonly FindingArgs[C][] =>
    plan.findings.filter((f) => f.code === name).map((f) => f.args as FindingArgs[C]);
  const sum = (list: readonly { readonly count: number }[]): number => list.reduce((n, a) => n + a.count, 0);
  const refused = of("object-refused").length;
  const unknown = of("kind-unknown").length;
  const replace = of("replacement-needed").length;
  const pending = sum(of("pods-pending"));
  const byQuota = sum(of("pods-refused").filter((a) => a.quota !== null));
  const otherwise = sum(of("pods-refused").filter((a) => a.quota === null));
  const failing = sum(of("pods-failing"));
  const missing = of("not-ready").length;
  const stuck = of("rollout-stuck").length;
  const jobs = of("job-failed").length;
  const quotaMax = Math.max(-1, ...[...of("quota-near"), ...of("quota-exceeded")].map((a) => a.percentAfter));
  const silent = of("service-selects-nothing").length + of("service-without-endpoints").length;
  const unresolved = of("service-port-unresolved").length;
  const routeless = of("ingress-backend-missing").length;
  const fought = of("replicas-and-autoscaler").length;
  const destroyed = of("data-destroyed").length;
  const warned = of("server-warning").length;
  const claims = of("claim-pending").length;
  const piece = (n: number, text: string): readonly string[] => (n > 0 ? [text] : []);
  return [
    ...piece(refused, `${plural(refused, "object")} refused`),
    ...piece(unknown, `${plural(unknown, "object")} of an unknown kind`),
    ...piece(replace, `${plural(replace, "object")} cannot be changed in place`),
    ...piece(pending, `${plural(pending, "pod stays", "pods stay")} Pending`),
    ...piece(byQuota, `${plural(byQuota, "pod")} refused by quota`),
    ...piece(otherwise, `${plural(otherwise, "pod")} refused`),
    ...piece(failing, `${plural(failing, "pod fails", "pods fail")}`),
    ...piece(missing, `${plural(missing, "workload")} not ready`),
    ...piece(stuck, `${plural(stuck, "rollout does", "rollouts do")} not complete`),
    ...piece(jobs, `${plural(jobs, "job fails", "jobs fail")}`),
    ...piece(of("not-settled").length, "does not come to rest"),
    ...piece(of("no-nodes").length, "no nodes"),
    ...piece(quotaMax + 1, `quota at ${quotaMax}%`),
    ...piece(silent, `${plural(silent, "service")} without endpoints`),
    ...piece(unresolved, `${plural(unresolved, "service port leads", "service ports lead")} nowhere`),
    ...piece(claims, `${plural(claims, "volume claim")} not bound`),
    ...piece(routeless, `${plural(routeless, "ingress leads", "ingresses lead")} nowhere`),
    ...piece(fought, `${plural(fought, "workload")} at odds with an autoscaler`),
    ...piece(destroyed, `${plural(destroyed, "deletion takes", "deletions take")} data or objects along`),
    ...piece(warned, `${plural(warned, "API warning")}`),
  ];
}

/** `0 to add, 1 to change, 0 to destroy`, and what else there is. */
export function countsLine(plan: Plan): string {
  const { add, change, replace, destroy, refused } = plan.counts;
  const rest = [...(replace > 0 ? [`${replace} to replace`] : []), ...(refused > 0 ? [`${refused} refused`] : [])];
  return [`${add} to add`, `${change} to change`, `${destroy} to destroy`, ...rest].join(", ");
}

/** `pods 3 → 6 (5 Running, 1 Pending)`. */
export function podsLine(plan: Plan): {
  readonly total: string;
  readonly phases: readonly { readonly text: string; readonly bad: boolean }[];
} {
  const { before, after } = plan.pods;
  const phases = [
    { n: after.running, name: "Running", bad: false },
    { n: after.pending, name: "Pending", bad: true },
    { n: after.succeeded, name: "Succeeded", bad: false },
    { n: after.failed, name: "Failed", bad: true },
  ];
  return {
    total: `pods ${before.total} → ${after.total}`,
    phases: phases.filter((p) => p.n > 0).map((p) => ({ text: `${p.n} ${p.name}`, bad: p.bad })),
  };
}

/** Workloads named in one sentence at most. */
const WORKLOADS_MAX = 12;

/** `Deployment shop/checkout: 1 pod (already in the base)`. */
export function pendingWords({ workloads, pods, already }: PendingGroup): Parts {
  const named = workloads.slice(0, WORKLOADS_MAX).flatMap((w, i): Parts => [...(i > 0 ? [", "] : []), code(showRef(w.owner))]);
  const rest = workloads.length - WORKLOADS_MAX;
  const before = already === 0 ? "" : already === pods ? ", already in the base" : `, ${already} of them already in the base`;
  return [...named, ...(rest > 0 ? [` and ${rest} more`] : []), `: ${plural(pods, "pod")}${before}`];
}

/** `Each of 3 new pods requests 900m cpu. Free: w1 1220m → 1 pod, w3 850m → short by 50m`. */
export function shortageWords(s: Shortage): Parts {
  const [request = "", ...amounts] = inOneUnit([s.request, ...s.nodes.flatMap((n) => [n.free, n.short ?? "0"])]);
  const who = s.pods === 1 ? "The pod requests" : `Each of ${s.pods} new pods requests`;
  const what: Parts = s.resource === "pods" ? [] : [`${who} `, strong(request), " ", code(s.resource), ". "];
  if (s.nodes.length === 0) return [...what, "No node is open to it."];
  if (!s.offered) return [...what, strong("No node has any"), "."];
  const rooms = s.nodes.flatMap((n, i): Parts => {
    const outcome = n.short === null ? plural(n.fits, "pod") : strong(`short by ${amounts[2 * i + 1]}`);
    return [i > 0 ? ", " : "", code(n.node), ` ${amounts[2 * i]} → `, outcome];
  });
  const rest = s.nodesLeftOut > 0 ? [`, and ${plural(s.nodesLeftOut, "node")} with no more`] : [];
  return [...what, s.resource === "pods" ? "Room for pods: " : "Free: ", ...rooms, ...rest, "."];
}

/** `The claim data-0 (storage class fast) is not bound: …`. */
export function claimWords(c: WaitingClaim): Parts {
  if (!c.exists) return ["The claim ", code(c.name), " ", strong("does not exist"), "."];
  const of: Parts = c.storageClass === null ? [] : [" (storage class ", code(c.storageClass), ")"];
  const why: Parts = c.provisioner === null && c.message !== "" ? [": ", quote(c.message.replace(/\.$/, ""))] : [];
  const hint: Parts =
    c.provisioner === null
      ? []
      : [
          ": its provisioner ",
          code(c.provisioner),
          " is not simulated; the annotation ",
          code("seatrial.dev/provisioner: assumed"),
          " on the class assumes that it runs",
        ];
  return ["The claim ", code(c.name), ...of, " is ", strong("not bound"), ...why, ...hint, "."];
}

/** `completes in 12 s`, `waits at 5 of 6; never times out`. */
export function rolloutWords(r: RolloutReport): Parts {
  if (r.outcome === "completes") return [`completes in ${r.seconds} s`];
  const at = `${r.at} of ${r.desired}`;
  if (r.outcome === "paused") return [strong(`paused at ${at}`)];
  switch (r.deadline.kind) {
    case "after":
      return [strong(`waits at ${at}`), `; times out after ${r.deadline.seconds} s`];
    case "exceeded":
      return [strong(`waits at ${at}`), "; ", strong("timed out")];
    default:
      return [strong(`waits at ${at}`), "; never times out"];
  }
}

/** States of one rollout that are shown at most: the first ones, and the last. */
const STEPS_SHOWN_MAX = 10;

/** The way it takes, as new + old Pods: `0+4 → 2+4 → 2+2 → 4+0`; empty for a first rollout and for one that did not move. */
export function rolloutSteps(r: RolloutReport): string {
  if (r.first) return "";
  const states = r.steps.map((s) => `${s.updated}+${s.old}`).filter((state, i, all) => state !== all[i - 1]);
  // Up to the moment at which the new revision is seen, what is there counts as new.
  if (r.steps.length > 1 && r.steps[0]!.old === 0 && states[1]?.startsWith("0+")) states.shift();
  if (states.length < 2) return "";
  const shown = states.length > STEPS_SHOWN_MAX ? [...states.slice(0, STEPS_SHOWN_MAX - 1), "…", states.at(-1)!] : states;
  return shown.join(" → ");
}

export function assumptionWords(a: Assumption): Parts {
  switch (a.code) {
    case "nodes":
      return a.builtIn
        ? [`the built-in cluster of ${plural(a.count, "node")}: --cluster describes yours`]
        : [`${plural(a.count, "node")} as in `, code(a.from), ...(a.asOf === null ? [] : [`, as of ${a.asOf}`])];
    case "images-pull":
      return ["every image exists and can be pulled"];
    case "containers-become-ready":
      return [`containers start and become ready: after ${a.seconds} s, or as their probes say`];
    case "nothing-else-arrives":
      return ["no other workload arrives meanwhile"];
    case "ties":
      return [`${plural(a.pods, "pod")} had several equally good nodes (up to ${a.nodesMax}): a real cluster may choose another of them`];
    case "cloud":
      return ["a cloud gives load balancers addresses (made-up ones) and routes the pods' networks"];
    case "storage-drivers":
      return ["volumes are made, attached and resized by ", code(a.names.join(", "))];
    case "extenders-not-asked":
      return [`${plural(a.addresses.length, "scheduler extender")} not asked: `, code(a.addresses.join(", "))];
    case "webhooks-not-run":
      return [`${plural(a.names.length, "admission webhook")} not called: `, code(a.names.join(", "))];
  }
}

/** A value as it stands in a difference: on one line, JSON but for plain texts. */
export function showValue(value: unknown, columns: number): string {
  const text =
    typeof value === "string"
      ? /^[\w./:@%+=,~ -]+$/.test(value) && value.trim() === value
        ? value
        : JSON.stringify(value)
      : JSON.stringify(value);
  return text.length <= columns ? text : `${text.slice(0, Math.max(1, columns - 1))}…`;
}

/** `main@4f1c2ab → 9d03e7e`; empty without a base. */
export function baseWords({ base, head }: Plan["inputs"]): string {
  return base === null ? "" : `${base}${head === null ? "" : ` → ${head}`}`;
}
