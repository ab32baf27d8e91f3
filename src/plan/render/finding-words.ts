/** What the codes of findings are in words. */
import type { Finding, FindingArgs, FindingCode, ObjectRef, QuotaLine, Readiness } from "../schema.ts";
import { exactAmount } from "./amounts.ts";
import { code, type Part, type Parts, plural, quote, showName, showRef, showSource, strong } from "./words.ts";

/** One finding: what it is about, how that was in the base (empty: nothing to compare), how it is now. */
export interface FindingWords {
  readonly subject: Parts;
  readonly base: Parts;
  readonly now: Parts;
  /** The long form: messages of the cluster, causes. */
  readonly details: readonly Parts[];
}

type WordsOf = { readonly [C in FindingCode]: (args: FindingArgs[C], ref: ObjectRef | null) => FindingWords };

const about = (ref: ObjectRef | null): Part => code(ref ? showName(ref) : "");
const aboutFull = (ref: ObjectRef | null): Part => code(ref ? showRef(ref) : "");
const ofReady = (r: Readiness): Parts => (r.before ? [`${r.before.ready}/${r.before.desired}`] : []);
const readyNow = (r: Readiness, ...rest: Parts): Parts => [strong(`${r.ready}/${r.desired}`), ...rest];
const message = (text: string): readonly Parts[] => (text === "" ? [] : [[quote(text)]]);

const WORDS: WordsOf = {
  "object-refused": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [strong("refused"), ` (${a.reason === "" ? `HTTP ${a.code}` : a.reason})`],
    details: a.causes.length > 0 ? causes(a.causes) : message(a.message),
  }),
  "base-refused": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [strong("refused in the base"), `, which is compared without it (${a.reason === "" ? `HTTP ${a.code}` : a.reason})`],
    details: a.causes.length > 0 ? causes(a.causes) : message(a.message),
  }),
  "kind-unknown": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [strong("unknown kind"), ": no ", code(a.kind), " in ", code(a.apiVersion), ", and no CustomResourceDefinition for it"],
    details:
      a.servedAs.length > 0
        ? [[code(a.kind), " is served as ", ...a.servedAs.flatMap((v, i): Parts => (i > 0 ? [", ", code(v)] : [code(v)]))]]
        : [],
  }),
  "replacement-needed": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [strong("cannot be changed in place"), ": delete it first, or keep the old value"],
    details: a.causes.length > 0 ? causes(a.causes) : message(a.message),
  }),
  "server-warning": (a, ref) => ({ subject: [aboutFull(ref)], base: [], now: [quote(a.message)], details: [] }),
  "pods-pending": (a, ref) => ({
    subject: [about(ref), ref?.kind === "Job" ? " done" : " ready"],
    base: ofReady(a),
    now: readyNow(a, `, ${plural(a.count, "pod stays", "pods stay")} Pending`),
    details: message(a.message),
  }),
  "pods-refused": (a, ref) => ({
    subject: [about(ref), ref?.kind === "Job" ? " done" : " ready"],
    base: ofReady(a),
    now: readyNow(a, `, ${plural(a.count, "pod")} refused`, ...(a.quota === null ? [] : [" by quota ", code(a.quota)])),
    details: message(a.message),
  }),
  "pods-failing": (a, ref) => ({
    subject: [about(ref), ref?.kind === "Job" ? " done" : " ready"],
    base: ofReady(a),
    now: readyNow(a, `, ${plural(a.count, "pod fails", "pods fail")}`, ...(a.reason === "" ? [] : [": ", code(a.reason)])),
    details: message(a.message),
  }),
  "not-ready": (a, ref) => ({
    subject: [about(ref), ref?.kind === "Job" ? " done" : " ready"],
    base: ofReady(a),
    now: readyNow(a, ...(a.reason === "" ? [] : [": ", code(a.reason)])),
    details: message(a.message),
  }),
  "rollout-stuck": (a, ref) => ({
    subject: ["rollout of ", about(ref)],
    base: ofReady(a),
    now: [strong(`stops at ${a.updated} of ${a.desired}`), " updated; the old pods still serve"],
    details: [],
  }),
  "job-failed": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [strong("fails"), ...(a.reason === "" ? [] : [": ", code(a.reason)])],
    details: message(a.message),
  }),
  "claim-pending": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [
      strong(`stays ${a.phase}`),
      ...(a.storageClass === null ? ["; it names no storage class"] : [" (storage class ", code(a.storageClass), ")"]),
    ],
    details: message(a.message),
  }),
  "quota-near": (a, ref) => quotaWords(a, ref),
  "quota-exceeded": (a, ref) => quotaWords(a, ref),
  "service-selects-nothing": (a, ref) => ({
    subject: ["Service ", about(ref)],
    base: [],
    now: [
      strong("selects nothing"),
      ": no pod has ",
      code(
        Object.entries(a.selector)
          .map(([k, v]) => `${k}=${v}`)
          .join(","),
      ),
    ],
    details: [],
  }),
  "service-without-endpoints": (a, ref) => ({
    subject: ["Service ", about(ref), " ready endpoints"],
    base: a.readyBefore === null ? [] : [String(a.readyBefore)],
    now: [strong("0"), ` of ${plural(a.pods, "pod")}`],
    details: [],
  }),
  "service-port-unresolved": (a, ref) => ({
    subject: ["Service ", about(ref), " port ", code(a.port)],
    base: [],
    now: [
      "no container has a port named ",
      code(a.targetPort),
      ...(a.containerPorts.length > 0 ? [" (they have ", code(a.containerPorts.join(", ")), ")"] : [" (none has a named port)"]),
    ],
    details: [],
  }),
  "ingress-backend-missing": (a, ref) => ({
    subject: ["Ingress ", about(ref)],
    base: [],
    now: [
      "sends to ",
      ...a.routes.slice(0, 4).flatMap((r, i): Parts => [i > 0 ? ", " : "", code(`${r.service}${r.port === "" ? "" : `:${r.port}`}`)]),
      ...(a.routes.length > 4 ? [` and ${a.routes.length - 4} more`] : []),
      ": ",
      strong("no such service or port"),
    ],
    details: [],
  }),
  "load-balancer-pending": (a, ref) => ({
    subject: ["Service ", about(ref), " address"],
    base: [],
    now:
      a.className === null
        ? [strong("none"), ": no cloud is here to give load balancers one (", code("--cloud"), " assumes one)"]
        : [strong("none"), ": load balancers of class ", code(a.className), " are not the cloud's"],
    details: [],
  }),
  "budget-allows-none": (a, ref) => ({
    subject: ["Budget ", about(ref), " disruptions allowed"],
    base: a.allowedBefore === null ? [] : [String(a.allowedBefore)],
    now: [strong("0"), `: all of ${plural(a.pods, "pod")} must stay, so no node with one can be drained`],
    details: [],
  }),
  "replicas-and-autoscaler": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now: [
      code(`replicas: ${a.replicas}`),
      " is written, and ",
      code(a.autoscaler),
      ` scales it (${a.min} to ${a.max}): `,
      strong("each apply sets it back"),
      "; leave it out",
    ],
    details: [],
  }),
  "data-destroyed": (a, ref) => ({
    subject: [aboutFull(ref)],
    base: [],
    now:
      a.what === "volume"
        ? ["deleting it can take its ", strong("data"), " with it"]
        : ["deleting it takes ", strong(plural(a.objects, "object")), " with it"],
    details: [],
  }),
  "not-settled": (a) => ({
    subject: ["the cluster"],
    base: [],
    now: [strong("does not come to rest"), ` within ${plural(a.atSeconds, "virtual second")}; this is its state then`],
    details: [],
  }),
  "no-nodes": () => ({ subject: ["the cluster"], base: [], now: [strong("has no nodes")], details: [] }),
};

export function findingWords(f: Finding): FindingWords {
  return (WORDS[f.code] as (args: unknown, ref: ObjectRef | null) => FindingWords)(f.args, f.object);
}

function causes(list: FindingArgs["object-refused"]["causes"]): readonly Parts[] {
  return list.map((c) => [
    ...(c.field === "" ? [] : [code(c.field), ": "]),
    quote(c.message),
    ...(c.source ? ["  ", code(showSource(c.source))] : []),
  ]);
}

function quotaWords(line: QuotaLine, ref: ObjectRef | null): FindingWords {
  return {
    subject: ["quota ", about(ref), " ", code(line.resource)],
    base: line.hardBefore === null ? [] : [`${exactAmount(line.before)}/${exactAmount(line.hardBefore)} (${line.percentBefore}%)`],
    now: [strong(`${exactAmount(line.after)}/${exactAmount(line.hard)} (${line.percentAfter}%)`)],
    details: [],
  };
}
