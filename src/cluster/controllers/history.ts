/**
 * The revisions of a StatefulSet or DaemonSet, kept as ControllerRevisions.
 * @see kubernetes pkg/controller/history/controller_history.go
 */
import type { ControllerRevision, PodTemplateSpec } from "../../../generated/v1.36/model.ts";
import { CONTROLLER_REVISION } from "../../api/kinds.ts";
import { controllerOf, controllerRef, type KubeObject, type Unchecked } from "../../api/object.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { type LabelSelectorShape, type Labels, matchesSelector } from "../../lib/labels.ts";
import { fnv32a, safeEncode } from "../../lib/random.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { mustRetry } from "./controller.ts";
import { claim, indexOrphans } from "./owned.ts";

/** How a controller writes its revisions. */
export interface RevisionStyle {
  /** The label that holds the hash. */
  readonly hashLabel: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

type Owner = KubeObject & { readonly spec: { readonly selector: LabelSelectorShape; readonly template: PodTemplateSpec } };

export function indexRevisions(context: ComponentContext): void {
  indexOrphans(context.informers.for(CONTROLLER_REVISION));
}

/** The owner's revisions, in order of revision; those that nobody manages are adopted. `undefined`: the server refused, try again. */
export function revisionsOf(context: ComponentContext, owner: Owner): readonly ControllerRevision[] | undefined {
  const informer = context.informers.for(CONTROLLER_REVISION);
  const { owned, retry } = claim(
    context,
    informer,
    CONTROLLER_REVISION,
    owner,
    () => true,
    (r) => controllerOf(r) !== undefined || matchesSelector(owner.spec.selector, r.metadata.labels),
  );
  if (retry) return undefined;
  return [...owned].sort((a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** What a revision keeps: the template, to be put in place of another. */
function dataOf(template: PodTemplateSpec): Unchecked {
  return { spec: { template: { ...template, $patch: "replace" } } };
}

export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const { $patch: _, ...template } = (revision.data as { spec: { template: PodTemplateSpec & { $patch?: string } } }).spec.template;
  return template;
}

/** Why there is no revision: `collision`, and the count to go on with; or a refusal to try again after. */
export type RevisionOutcome = { readonly revision: ControllerRevision; readonly collisionCount: number } | "retry";

/**
 * The revision of the owner's template: the newest if it is that; an older one becomes the newest again; else a new one is made.
 * Another object that has the name of a new one makes for another hash.
 */
export function updateRevision(
  context: ComponentContext,
  owner: Owner,
  revisions: readonly ControllerRevision[],
  collisionCount: number,
  style: RevisionStyle,
): RevisionOutcome {
  const data = dataOf(owner.spec.template);
  const newest = revisions[revisions.length - 1];
  const next = (newest?.revision ?? 0) + 1;
  const equal = revisions.filter((r) => deepEqual(r.data, data));
  const latest = equal[equal.length - 1];
  if (latest && latest === newest) return { revision: latest, collisionCount };
  if (latest) {
    const answer = context.client.update({ ...latest, revision: next });
    return isRefused(answer) ? "retry" : { revision: answer.object, collisionCount };
  }
  return make(context, owner, data, next, collisionCount, style);
}

/** Names tried at most until one is free. */
const COLLISIONS_MAX = 100;

function make(
  context: ComponentContext,
  owner: Owner,
  data: Unchecked,
  revision: number,
  collisionCount: number,
  style: RevisionStyle,
): RevisionOutcome {
  const { namespace } = owner.metadata;
  for (let count = collisionCount; count < collisionCount + COLLISIONS_MAX; count++) {
    const hash = safeEncode(String(fnv32a(`${canonicalJson(data)}${count}`)));
    const labels: Labels = { ...owner.spec.template.metadata?.labels, [style.hashLabel]: hash };
    const name = `${owner.metadata.name}-${hash}`;
    const metadata = {
      name,
      namespace,
      labels,
      ...(style.annotations && { annotations: style.annotations }),
      ownerReferences: [controllerRef(owner)],
    };
    const object = { apiVersion: "apps/v1", kind: "ControllerRevision", metadata, data, revision };
    const answer = context.client.create<ControllerRevision>(object, { namespace: namespace ?? "" });
    if (!isRefused(answer)) return { revision: answer.object, collisionCount: count };
    if (answer.reason !== "AlreadyExists") return "retry";
    const taken = context.client.get(CONTROLLER_REVISION, name, namespace);
    if (taken && controllerOf(taken)?.uid === owner.metadata.uid && deepEqual(taken.data, data))
      return { revision: taken, collisionCount: count };
  }
  return "retry";
}

/** Deletes the oldest of the revisions that nothing uses any more, so many at most; true when all went well. */
export function truncateHistory(context: ComponentContext, unused: readonly ControllerRevision[], excess: number): boolean {
  return unused
    .slice(0, Math.max(0, excess))
    .every((r) => !mustRetry(context.client.delete(CONTROLLER_REVISION, r.metadata.name, r.metadata.namespace)));
}
