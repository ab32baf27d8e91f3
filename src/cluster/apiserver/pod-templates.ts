/**
 * Components make many Pods from one template, and a CronJob makes many Jobs. What is the same for all of them is worked out once: the defaults of the spec, and that it is
 * valid. Specs are never changed in place, so that the object itself is the key.
 */
import type { Job, JobSpec, Pod, PodSpec } from "../../../generated/v1.36/model.ts";
import { controllerOf, type KubeObject } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
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
  /** By the spec as given: with its defaults. The defaults of a spec hang on it alone. */
  readonly #defaulted = new WeakMap<PodSpec, PodSpec>();
  readonly #jobs = new WeakMap<JobSpec, JobSpec>();
  /** Specs with their defaults of which a Pod or a Job was found valid, by namespace. */
  #valid = new Map<string, WeakSet<PodSpec | JobSpec>>();

  withDefaults(object: KubeObject): KubeObject {
    if (isCronJobs(object)) return this.#jobWithDefaults(object);
    if (!isPod(object)) return applyDefaults(object);
    const known = this.#defaulted.get(object.spec);
    if (known) return withSpec(object, known);
    const done = applyDefaults(object) as Pod;
    this.#defaulted.set(object.spec, done.spec);
    return done;
  }

  /** Jobs of one template share its spec with the defaults; their labels come from elsewhere. */
  #jobWithDefaults(job: Job): KubeObject {
    const known = this.#jobs.get(job.spec);
    if (known) {
      const filled = changed(job, { spec: known });
      return job.metadata.labels || !known.template.metadata?.labels ? filled : applyDefaults(filled);
    }
    const done = applyDefaults(job) as Job;
    this.#jobs.set(job.spec, done.spec);
    return done;
  }

  /**
   * Whether a Pod or a Job of this spec was valid, name and all.
   * Simplified: further ones of a template are not validated again; their names differ in the suffix alone.
   */
  isValid(given: KubeObject): boolean {
    return (isPod(given) || isCronJobs(given)) && (this.#valid.get(given.metadata.namespace ?? "")?.has(given.spec) ?? false);
  }

  noteValid(given: KubeObject): void {
    if (!(isPod(given) && given.metadata.generateName) && !isCronJobs(given)) return;
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

function isCronJobs(object: KubeObject): object is Job {
  return object.kind === "Job" && object.apiVersion === "batch/v1" && controllerOf(object)?.kind === "CronJob";
}

function withSpec(pod: Pod, spec: PodSpec): Pod {
  return spec === pod.spec ? pod : changed(pod, { spec });
}
