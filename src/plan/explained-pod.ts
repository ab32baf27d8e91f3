/** The Pod that somebody means by a name: a Pod, or a workload that stands for one of its Pods. */
import type { Pod } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import { isUnscheduled } from "./pending.ts";
import type { ObjectRef } from "./schema.ts";
import { compareText, identityOf, refOf, type View } from "./view.ts";

export type FoundPod =
  | { readonly pod: Pod; readonly stored: true }
  /** None of its Pods is there: one as its template has it. */
  | { readonly pod: Pod; readonly stored: false; readonly workload: ObjectRef }
  | { readonly problem: string };

const DEFAULT_NAMESPACE = "default";
const SUGGESTIONS_MAX = 8;

/** `text`: `name` or `namespace/name`. A Pod counts before a workload; of a workload's Pods one that waits counts before the others. */
export function findPod(view: View, text: string): FoundPod {
  const [first = "", second, ...rest] = text.split("/");
  if (text === "" || rest.length > 0 || second === "" || (second !== undefined && first === ""))
    return { problem: `a Pod is given as NAME or NAMESPACE/NAME, not ${JSON.stringify(text)}` };
  const [namespace, name] = second === undefined ? [undefined, first] : [first, second];
  const candidates = [...view.pods, ...view.workloads, ...cronJobs(view)].filter(
    (o) => o.metadata.name === name && (namespace === undefined || o.metadata.namespace === namespace),
  );
  const unique = [...new Map(candidates.map((o) => [identityOf(o), o])).values()];
  const pods = unique.filter((o) => o.kind === "Pod");
  const matching = pods.length > 0 ? pods : unique;
  const own = namespace === undefined ? matching.filter((o) => o.metadata.namespace === DEFAULT_NAMESPACE) : [];
  const chosen = own.length > 0 ? own : matching;
  const [object] = chosen;
  if (!object) return { problem: notFound(view, text) };
  if (new Set(chosen.map((o) => o.metadata.namespace)).size > 1)
    return {
      problem: `${JSON.stringify(text)} is in several namespaces: ${chosen.map((o) => `${o.metadata.namespace}/${name}`).join(", ")}`,
    };
  return object.kind === "Pod" ? { pod: object as Pod, stored: true } : podOf(view, object);
}

function podOf(view: View, workload: KubeObject): FoundPod {
  const pods = (view.podsByWorkload.get(identityOf(workload)) ?? []).filter((p) => p.metadata.deletionTimestamp === undefined);
  const pod = pods.find(isUnscheduled) ?? pods.find((p) => p.spec.nodeName);
  if (pod) return { pod, stored: true };
  const template = templateOf(workload);
  if (!template) return { problem: `${workload.kind} ${workload.metadata.name} has no Pod template` };
  const { namespace = DEFAULT_NAMESPACE, name } = workload.metadata;
  const metadata = { ...template.metadata, name: `${name}-explained`, namespace };
  const made = { apiVersion: "v1", kind: "Pod", metadata, spec: template.spec } as Pod;
  return { pod: made, stored: false, workload: refOf(workload) };
}

function templateOf(workload: KubeObject): { readonly metadata?: object; readonly spec: Pod["spec"] } | undefined {
  interface Spec {
    readonly template?: { readonly metadata?: object; readonly spec: Pod["spec"] };
    readonly jobTemplate?: { readonly spec?: Spec };
  }
  const spec = (workload as { readonly spec?: Spec }).spec;
  return spec?.template ?? spec?.jobTemplate?.spec?.template;
}

function cronJobs(view: View): readonly KubeObject[] {
  return view.byKind.get("batch/CronJob") ?? [];
}

function notFound(view: View, text: string): string {
  const names = [...view.workloads, ...cronJobs(view)].map((o) => `${o.metadata.namespace}/${o.metadata.name}`);
  const known = [...new Set(names)].sort(compareText);
  const shown = known.slice(0, SUGGESTIONS_MAX).join(", ");
  const more = known.length > SUGGESTIONS_MAX ? ` and ${known.length - SUGGESTIONS_MAX} more` : "";
  return `there is no Pod and no workload ${JSON.stringify(text)}; there ${known.length === 0 ? "are none" : `is ${shown}${more}`}`;
}
