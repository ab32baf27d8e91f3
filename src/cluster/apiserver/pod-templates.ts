/**
 * Components make many Pods from one template. What is the same for all of them is worked out once: the defaults of the spec, and that it is
 * valid. Specs are never changed in place, so that the object itself is the key.
 */
import type { Pod, PodSpec } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import { applyDefaults } from "./defaults/index.ts";
import { tableId } from "./registry.ts";

/** What admission puts into a Pod comes from these: when one changes, what was valid may no longer be. */
const ADMISSION_LOOKS_AT: ReadonlySet<string> = new Set([
  tableId("", "LimitRange"),
  tableId("", "ServiceAccount"),
  tableId("node.k8s.io", "RuntimeClass"),
  tableId("scheduling.k8s.io", "PriorityClass"),
]);

export class PodTemplates {
  /** By the spec as given: with its defaults. A Pod's defaults hang on its spec alone. */
  readonly #defaulted = new WeakMap<PodSpec, PodSpec>();
  /** Specs with their defaults of which a Pod was found valid, by namespace. */
  #valid = new Map<string, WeakSet<PodSpec>>();

  withDefaults(object: KubeObject): KubeObject {
    if (!isPod(object)) return applyDefaults(object);
    const known = this.#defaulted.get(object.spec);
    if (known) return withSpec(object, known);
    const done = applyDefaults(object) as Pod;
    this.#defaulted.set(object.spec, done.spec);
    return done;
  }

  /**
   * Whether a Pod of this spec was valid, name and all.
   * Simplified: further Pods of a template are not validated again; their generated names differ in the suffix alone.
   */
  isValid(given: KubeObject): boolean {
    return isPod(given) && (this.#valid.get(given.metadata.namespace ?? "")?.has(given.spec) ?? false);
  }

  noteValid(given: KubeObject): void {
    if (!isPod(given) || !given.metadata.generateName) return;
    const namespace = given.metadata.namespace ?? "";
    let specs = this.#valid.get(namespace);
    if (!specs) {
      specs = new WeakSet();
      this.#valid.set(namespace, specs);
    }
    specs.add(given.spec);
  }

  /** To be told of every write. */
  noteWrite(id: string): void {
    if (ADMISSION_LOOKS_AT.has(id) && this.#valid.size > 0) this.#valid = new Map();
  }
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === "Pod" && object.apiVersion === "v1" && (object as Pod).spec !== undefined;
}

function withSpec(pod: Pod, spec: PodSpec): Pod {
  return spec === pod.spec ? pod : { ...pod, spec };
}
