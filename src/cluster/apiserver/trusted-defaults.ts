/** Defaults for what components create: many Pods are made from one template, whose spec is filled once. */
import type { Pod, PodSpec } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import { applyDefaults } from "./defaults/index.ts";

/** By the spec as given (specs are never changed in place). A Pod's defaults hang on its spec alone. */
const filled = new WeakMap<PodSpec, PodSpec>();

export function trustedDefaults(object: KubeObject): KubeObject {
  if (object.kind !== "Pod" || object.apiVersion !== "v1") return applyDefaults(object);
  const pod = object as Pod;
  const known = filled.get(pod.spec);
  if (known) return withSpec(pod, known);
  const done = applyDefaults(pod) as Pod;
  filled.set(pod.spec, done.spec);
  return done;
}

function withSpec(pod: Pod, spec: PodSpec): Pod {
  return spec === pod.spec ? pod : { ...pod, spec };
}
