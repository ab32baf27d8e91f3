/**
 * Revisions of a Deployment: which ReplicaSet is the current one, and what is written on it.
 * @see kubernetes pkg/controller/deployment/util/deployment_util.go
 */
import type { Deployment, PodTemplateSpec, ReplicaSet } from "../../../generated/v1.36/model.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { fnv32a, safeEncode } from "../../lib/random.ts";

const GROUP = "deployment.kubernetes.io/";
export const REVISION: string = `${GROUP}revision`;
const REVISION_HISTORY = `${GROUP}revision-history`;
export const DESIRED_REPLICAS: string = `${GROUP}desired-replicas`;
export const MAX_REPLICAS: string = `${GROUP}max-replicas`;
/** Annotations that stay with the Deployment, or that the ReplicaSet has of its own. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);
export const TEMPLATE_HASH = "pod-template-hash";
/** Characters that the history of revisions may have. */
const REVISION_HISTORY_LENGTH_MAX = 2000;

type Annotations = Readonly<Record<string, string>>;

/**
 * The hash in the name of a ReplicaSet.
 * Simplified: of the template's canonical JSON, where the real one hashes Go's dump of it; so it is as stable, and another one.
 */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  return safeEncode(String(fnv32a(canonicalJson(template) + (collisionCount === undefined ? "" : String(collisionCount)))));
}

/** Whether two templates say the same but for the hash label. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return a === b || (deepEqual(a.spec, b.spec) && deepEqual(withoutHash(a), withoutHash(b)));
}

function withoutHash(template: PodTemplateSpec): unknown {
  const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template.metadata, labels, annotations: template.metadata?.annotations ?? {} };
}

/** The ReplicaSet of the Deployment's template: of several, the oldest. `sets` are in order of creation. */
export function findCurrent(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.find((rs) => rs.spec.template !== undefined && sameTemplate(rs.spec.template, deployment.spec.template));
}

export function revisionOf(rs: ReplicaSet): number {
  const text = rs.metadata.annotations?.[REVISION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}

/** The annotations of the current ReplicaSet: those of the Deployment, its revision, and the revisions it was before a rollback to it. */
export function currentAnnotations(deployment: Deployment, before: Annotations | undefined, revision: number): Annotations {
  const out: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!NOT_COPIED.has(key)) out[key] = value;
  const old = before?.[REVISION];
  const oldRevision = old === undefined || old === "" ? 0 : /^\d+$/.test(old) ? Number(old) : undefined;
  if (oldRevision === undefined || oldRevision >= revision) return out;
  out[REVISION] = String(revision);
  if (old !== undefined) {
    const history = withRevision(out[REVISION_HISTORY], old);
    if (history !== undefined) out[REVISION_HISTORY] = history;
  }
  return out;
}

/** The history with one more revision; the first ones are dropped when it becomes too long. */
function withRevision(history: string | undefined, revision: string): string | undefined {
  if (history === undefined || history === "") return revision;
  const revisions = [...history.split(","), revision];
  while (revisions.length > 0 && revisions.join(",").length > REVISION_HISTORY_LENGTH_MAX) revisions.shift();
  return revisions.length > 0 ? revisions.join(",") : undefined;
}

/** The annotations that record with which size of the Deployment a ReplicaSet was last scaled. */
export function sizeAnnotations(replicas: number, maxSurge: number): Annotations {
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge) };
}

/** A number that is annotated on a ReplicaSet. */
export function annotatedNumber(rs: ReplicaSet, key: string): number | undefined {
  const text = rs.metadata.annotations?.[key];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
