/**
 * How a candidate is tried. In a small cluster everything is simulated anew, from the base on, with the change in it. In a large one that takes
 * too long for every candidate: there the simulation goes on from the plan's result, in which the workload in question is put back to what it was
 * in the base and applied again with its change.
 */
import type { Pod } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import { editWorkload, isNode, isOf, labelled, newNodes } from "./fix-edits.ts";
import { isUnscheduled } from "./pending.ts";
import type { FixChange } from "./schema.ts";
import { identityOf, refOf, type View, workloadOf } from "./view.ts";

/** Anything with an object in it, as the caller has it: a wanted object with its source. */
export interface Holder {
  readonly object: unknown;
}

/** What a simulation is made from. */
export interface Inputs<W extends Holder> {
  readonly cluster: readonly W[];
  readonly next: readonly W[];
}

/** What a simulation goes on from. */
export interface Resumed<W extends Holder> {
  /** In the cluster as they are. */
  readonly objects: readonly KubeObject[];
  /** Virtual milliseconds since the cluster began. */
  readonly atMs: number;
  readonly apply: readonly W[];
}

/** The inputs with a candidate's changes; `undefined` when they cannot be made there. */
export function changedInputs<W extends Holder>(
  inputs: Inputs<W>,
  view: View,
  owner: KubeObject,
  changes: readonly FixChange[],
  wrap: (object: unknown) => W,
): Inputs<W> | undefined {
  let { cluster, next } = inputs;
  const ref = refOf(owner);
  for (const change of changes) {
    if (change.kind === "node") cluster = [...cluster, ...newNodes(view, change).map(wrap)];
    else if (change.kind === "label") {
      const is = (o: unknown): boolean => isNode(o, change.node);
      if (![...cluster, ...next].some((w) => is(w.object))) return undefined;
      [cluster, next] = [cluster, next].map((list) => edit(list, is, (o) => labelled(o, change))) as [readonly W[], readonly W[]];
    } else
      next = edit(
        next,
        (o) => isOf(o, ref),
        (o) => editWorkload(o, change),
      );
  }
  return { cluster, next };
}

function edit<W extends Holder>(list: readonly W[], is: (object: unknown) => boolean, change: (object: unknown) => unknown): readonly W[] {
  return list.map((w) => (is(w.object) ? { ...w, object: change(w.object) } : w));
}

/** The plan's result with a candidate's changes. */
export function resumedWith<W extends Holder>(
  inputs: Inputs<W>,
  before: View,
  after: View,
  owner: KubeObject,
  changes: readonly FixChange[],
): Resumed<W> | undefined {
  let objects = after.snapshot.objects;
  const ref = refOf(owner);
  let edited = inputs.next.filter((w) => isOf(w.object, ref));
  const onWorkload = changes.filter((c) => c.kind !== "node" && c.kind !== "label");
  for (const change of changes) {
    if (change.kind === "node") objects = [...objects, ...newNodes(after, change)];
    else if (change.kind === "label") objects = objects.map((o) => (isNode(o, change.node) ? (labelled(o, change) as KubeObject) : o));
    else edited = edited.map((w) => ({ ...w, object: editWorkload(w.object, change) }));
  }
  if (onWorkload.length === 0) return { objects, atMs: after.snapshot.atMs, apply: [] };
  if (edited.length === 0) return undefined;
  const identity = identityOf(owner);
  const others = objects.filter((o) => identityOf(workloadOf(after.byIdentity, o)) !== identity).map(held);
  const earlier = before.snapshot.objects.filter((o) => identityOf(workloadOf(before.byIdentity, o)) === identity);
  return { objects: [...others, ...earlier], atMs: after.snapshot.atMs, apply: edited };
}

const GATE = "seatrial.dev/held";

/** Pods of others that wait go on waiting: they shall not take the room that a change of this workload frees for a moment. */
function held(object: KubeObject): KubeObject {
  if (object.kind !== "Pod" || object.apiVersion !== "v1") return object;
  const pod = object as Pod;
  if (!isUnscheduled(pod)) return object;
  const spec = { ...pod.spec, schedulingGates: [...(pod.spec.schedulingGates ?? []), { name: GATE }] };
  return { ...pod, spec } as KubeObject;
}
