/** Changes to all objects of an output at once; lists stay lists, what is left out stays left out, every object keeps its place in the code. */
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { sameSource } from "../../api/construct.ts";
import { groupOf } from "../../api/object.ts";
import type { Output } from "../app.ts";
import { compact } from "./carried-names.ts";
import { scopeOf } from "./custom-object.ts";
import { named, podLabels, podTemplateOf, withPodTemplate } from "./pod-templates.ts";

type Texts = Readonly<Record<string, string>>;

interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** Lists in lists that are followed. */
const NESTING_MAX = 100;

/** Applies a change to every Kubernetes object; `kind: List` to its items, anything else (CNI configurations) stays. */
export function mapObjects<T extends Output>(who: string, output: T, change: (object: AnyObject) => object): T {
  return mapped(who, output, change, NESTING_MAX) as T;
}

function mapped(who: string, output: unknown, change: (object: AnyObject) => object, depthLeft: number): unknown {
  if (depthLeft === 0) throw new TypeError(`${who}: lists are nested more than ${NESTING_MAX} deep`);
  if (Array.isArray(output)) return output.map((item) => mapped(who, item, change, depthLeft - 1));
  if (output === undefined || output === null || output === false) return output;
  if (typeof output !== "object") throw new TypeError(`${who} takes objects and lists of them, and was given a ${typeof output}`);
  if (typeof (output as { then?: unknown }).then === "function") throw new TypeError(`${who} was given a promise: await it first`);
  const { kind, apiVersion, metadata, items } = output as Partial<AnyObject> & { readonly items?: unknown };
  if (typeof kind !== "string" || typeof apiVersion !== "string") return output;
  if (kind.endsWith("List") && Array.isArray(items))
    return sameSource(output, { ...output, items: mapped(who, items, change, depthLeft - 1) });
  return typeof metadata === "object" && metadata !== null ? change(output as AnyObject) : output;
}

function withMetadata<T extends AnyObject>(object: T, metadata: ObjectMeta): T {
  return sameSource(object, { ...object, metadata });
}

/** `group/Kind` of what Kubernetes keeps outside of namespaces. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(RESOURCES.filter((r) => !r.namespaced).map((r) => `${r.group}/${r.kind}`));

/** A custom kind says its scope where it was generated from its definition; else it is taken for namespaced, as most are. */
function isNamespaced(object: AnyObject): boolean {
  return scopeOf(object) !== "Cluster" && !CLUSTER_SCOPED.has(`${groupOf(object.apiVersion)}/${object.kind}`);
}

/**
 * Puts objects into a namespace: those that are in one already stay there, cluster-scoped ones stay outside. Service accounts that a binding
 * names without a namespace are those of this namespace.
 * ```ts
 * export default inNamespace("shop", [web, expose(web, { 80: "http" })]);
 * ```
 * @param namespace its name, or the Namespace itself (which is not added to the output)
 */
export function inNamespace<T extends Output>(
  namespace: string | { readonly kind: "Namespace"; readonly metadata: ObjectMeta },
  objects: T,
): T {
  const name = typeof namespace === "string" ? namespace : namespace?.metadata?.name;
  if (typeof name !== "string" || name === "")
    throw new TypeError("inNamespace() takes the name of a namespace, or a Namespace, and the objects");
  return mapObjects("inNamespace", objects, (object) => {
    const bound = withSubjects(object, name);
    if (bound.metadata.namespace !== undefined || !isNamespaced(bound)) return bound;
    const { name: own, generateName, ...rest } = bound.metadata;
    return withMetadata(bound, compact({ name: own, generateName, namespace: name, ...rest }));
  });
}

function withSubjects(object: AnyObject, namespace: string): AnyObject {
  if (groupOf(object.apiVersion) !== "rbac.authorization.k8s.io" || !object.kind.endsWith("Binding")) return object;
  const { subjects } = object as { readonly subjects?: readonly { readonly kind: string; readonly namespace?: string }[] };
  const inside = object.metadata.namespace ?? namespace;
  if (!subjects?.some((s) => s.kind === "ServiceAccount" && s.namespace === undefined)) return object;
  const filled = subjects.map((s) => (s.kind === "ServiceAccount" && s.namespace === undefined ? { ...s, namespace: inside } : s));
  return sameSource(object, { ...object, subjects: filled });
}

/** Which metadata to change. */
export interface MetadataOptions {
  /** Also that of the Pods, which makes them roll. Default: false. */
  readonly pods?: boolean;
}

/**
 * Labels on every object; a label that is there is replaced. Selectors stay as they are.
 * ```ts
 * export default withLabels({ team: "shop", "app.kubernetes.io/part-of": "shop" }, [web, svc], { pods: true });
 * ```
 * @throws TypeError when, with `pods`, a label would change what a selector asks for
 */
export function withLabels<T extends Output>(labels: Texts, objects: T, options: MetadataOptions = {}): T {
  return mapObjects("withLabels", objects, (object) => {
    const outer = withMetadata(object, { ...object.metadata, labels: { ...object.metadata.labels, ...labels } });
    if (!options.pods || podTemplateOf(outer) === undefined) return outer;
    checkSelector(outer, labels);
    return withPodTemplate(outer, (template) => ({
      ...template,
      metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
    }));
  });
}

/** Annotations on every object, and with `pods` on its Pods: `withAnnotations({ "example.com/owner": "shop" }, [web, svc])`. */
export function withAnnotations<T extends Output>(annotations: Texts, objects: T, options: MetadataOptions = {}): T {
  return mapObjects("withAnnotations", objects, (object) => {
    const outer = withMetadata(object, { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } });
    if (!options.pods) return outer;
    return withPodTemplate(outer, (template) => ({
      ...template,
      metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, ...annotations } },
    }));
  });
}

function checkSelector(object: AnyObject, labels: Texts): void {
  if (!("spec" in object) || (object.spec as { readonly selector?: unknown } | undefined)?.selector === undefined) return;
  for (const [key, value] of Object.entries(podLabels(object, "withLabels"))) {
    const given = labels[key];
    if (given !== undefined && given !== value)
      throw new TypeError(`withLabels: ${named(object)} selects its Pods by ${key}=${value}, which cannot become ${given}`);
  }
}
