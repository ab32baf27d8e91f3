/** A fix's changes, made to the objects that somebody wrote. */
import type { Node } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import { oneMore, poolsOf } from "./pools.ts";
import type { FixChange, ObjectRef } from "./schema.ts";
import type { View } from "./view.ts";

/** Whether a written object is the one meant: its namespace may be left to the default. */
export function isOf(object: unknown, ref: ObjectRef): boolean {
  const { kind, metadata } = object as Partial<KubeObject>;
  const namespace = metadata?.namespace ?? (ref.namespace === undefined ? undefined : "default");
  return kind === ref.kind && metadata?.name === ref.name && namespace === ref.namespace;
}

export function isNode(object: unknown, name: string): boolean {
  return isOf(object, { apiVersion: "v1", kind: "Node", name });
}

export function labelled(object: unknown, { key, value }: FixChange & { readonly kind: "label" }): unknown {
  return edited(object, ["metadata", "labels"], (labels) => ({ ...asMap(labels), [key]: value }));
}

/** Fresh nodes like one that is there, spread over the zones of its pool. */
export function newNodes(view: View, { count, like }: FixChange & { readonly kind: "node" }): readonly Node[] {
  const pool = poolsOf(view.nodes).find(({ nodes }) => nodes.some((n) => n.metadata.name === like));
  const taken = new Set(view.nodes.map((n) => n.metadata.name));
  const made: Node[] = [];
  for (let i = 0; pool && i < count; i++) {
    const node = oneMore({ ...pool, nodes: [...pool.nodes, ...made] }, taken);
    taken.add(node.metadata.name);
    made.push(node);
  }
  return made;
}

export function editWorkload(object: unknown, change: FixChange): unknown {
  if (change.kind === "replicas") return edited(object, ["spec", "replicas"], () => change.after);
  const { kind } = object as KubeObject;
  const spec =
    kind === "Pod" ? ["spec"] : kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template", "spec"] : ["spec", "template", "spec"];
  if (change.kind === "toleration") {
    const { key, value, effect } = change;
    const toleration = value === "" ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect };
    return edited(object, [...spec, "tolerations"], (list) => [...(Array.isArray(list) ? (list as unknown[]) : []), toleration]);
  }
  if (change.kind !== "request") return object;
  return edited(object, [...spec, "containers"], (containers) =>
    (Array.isArray(containers) ? (containers as { readonly name?: string }[]) : []).map((c) =>
      c.name === change.container ? edited(c, ["resources", "requests", change.resource], () => change.after) : c,
    ),
  );
}

/** A copy with one place changed; what is on the way to it is made. */
function edited(value: unknown, [key, ...rest]: readonly string[], change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const map = asMap(value);
  return { ...map, [key]: edited(map[key], rest, change) };
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
