/**
 * The scale of what an autoscaler points at: its size, and which Pods are its own.
 * @see kubernetes pkg/registry/apps/deployment/storage (ScaleREST), pkg/controller/podautoscaler/horizontal.go (scaleForResourceMappings)
 */
import type { CrossVersionObjectReference, CustomResourceDefinition, LabelSelector } from "../../../generated/v1.36/model.ts";
import { groupOf, type Kind, type KubeObject, kindOf, type Unchecked, versionOf } from "../../api/object.ts";
import type { LabelRequirement } from "../../lib/labels.ts";
import type { Answer } from "../../sim/answer.ts";
import type { Client } from "../../sim/client.ts";

export interface ScaleTarget {
  /** As its spec says. */
  readonly replicas: number;
  /** As its status says. */
  readonly observed: number;
  /** `undefined`: it says none. */
  readonly selector: LabelSelector | undefined;
  readonly resize: (replicas: number) => Answer;
}

const CRD: Kind<CustomResourceDefinition> = kindOf("apiextensions.k8s.io/v1", "CustomResourceDefinition");
/** `<group> <Kind>` → the resource and the group that a missing one is reported by. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "apps Deployment": "deployments/scale.apps",
  "apps ReplicaSet": "replicasets/scale.apps",
  "apps StatefulSet": "statefulsets/scale.apps",
  " ReplicationController": "replicationcontrollers/scale.autoscaling",
};
const NO_SCALE = "the server could not find the requested resource";

/** Where a kind keeps its scale, as JSON paths. */
interface ScalePaths {
  readonly spec: string;
  readonly status: string;
  readonly selector: string | undefined;
}

export function scaleTarget(client: Client, ref: CrossVersionObjectReference, namespace: string): ScaleTarget | { readonly error: string } {
  const group = groupOf(ref.apiVersion ?? "v1");
  const known = client.kinds().find(({ kind }) => kind.kind === ref.kind && groupOf(kind.apiVersion) === group);
  if (!known) return { error: `no matches for kind ${JSON.stringify(ref.kind)} in group ${JSON.stringify(group)}` };
  const builtIn = BUILT_IN[`${group} ${ref.kind}`];
  const definition = builtIn === undefined ? client.get(CRD, `${known.resource}.${group}`) : undefined;
  const paths = builtIn === undefined ? scalePaths(definition, versionOf(known.kind.apiVersion)) : undefined;
  if (builtIn === undefined && !paths) return { error: NO_SCALE };
  const object = client.get(known.kind, ref.name, namespace);
  if (!object) {
    const quoted = JSON.stringify(ref.name);
    return { error: builtIn === undefined ? `${known.resource}.${group} ${quoted} not found` : `${builtIn} ${quoted} not found` };
  }
  return paths ? customScale(client, object, paths) : builtInScale(client, object);
}

function builtInScale(client: Client, object: KubeObject): ScaleTarget {
  const { spec, status } = object as KubeObject & {
    readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector & Readonly<Record<string, string>> };
    readonly status?: { readonly replicas?: number };
  };
  const selector = object.kind === "ReplicationController" ? spec?.selector && { matchLabels: spec.selector } : spec?.selector;
  return {
    replicas: spec?.replicas ?? 1,
    observed: status?.replicas ?? 0,
    selector,
    resize: (replicas) => patch(client, object, { spec: { replicas } }),
  };
}

function scalePaths(definition: CustomResourceDefinition | undefined, version: string): ScalePaths | undefined {
  const scale = definition?.spec.versions.find((v) => v.name === version)?.subresources?.scale;
  return scale && { spec: scale.specReplicasPath, status: scale.statusReplicasPath, selector: scale.labelSelectorPath };
}

function customScale(client: Client, object: KubeObject, paths: ScalePaths): ScaleTarget {
  const at = (path: string): unknown =>
    keysOf(path).reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
  const text = paths.selector === undefined ? undefined : at(paths.selector);
  return {
    replicas: Number(at(paths.spec) ?? 0),
    observed: Number(at(paths.status) ?? 0),
    selector: typeof text === "string" && text !== "" ? parseSelector(text) : undefined,
    resize: (replicas) =>
      patch(client, object, keysOf(paths.spec).reduceRight<unknown>((value, key) => ({ [key]: value }), replicas) as Unchecked),
  };
}

/** `.spec.replicas` */
function keysOf(path: string): readonly string[] {
  return path.split(".").filter((key) => key !== "");
}

function patch(client: Client, object: KubeObject, change: Unchecked): Answer {
  return client.patch(kindOf(object.apiVersion, object.kind), object.metadata.name, object.metadata.namespace, change);
}

/** `app=web,tier in (a,b),!old`. Terms that cannot be read select nothing. */
export function parseSelector(text: string): LabelSelector {
  const matchExpressions: LabelRequirement[] = [];
  for (const term of text.split(/,(?![^(]*\))/).map((t) => t.trim())) {
    const set = /^(?<key>\S+)\s+(?<not>not)?in\s+\((?<values>[^)]*)\)$/.exec(term)?.groups;
    const equal = /^(?<key>[^!=\s]+)\s*(?<op>!=|==?)\s*(?<value>\S*)$/.exec(term)?.groups;
    if (set)
      matchExpressions.push({
        key: set["key"] ?? "",
        operator: set["not"] ? "NotIn" : "In",
        values: (set["values"] ?? "").split(",").map((v) => v.trim()),
      });
    else if (equal)
      matchExpressions.push({ key: equal["key"] ?? "", operator: equal["op"] === "!=" ? "NotIn" : "In", values: [equal["value"] ?? ""] });
    else
      matchExpressions.push(
        term.startsWith("!") ? { key: term.slice(1).trim(), operator: "DoesNotExist" } : { key: term, operator: "Exists" },
      );
  }
  return { matchExpressions } as LabelSelector;
}

/** As it is told in messages: `app=web,tier in (a,b)`. */
export function selectorText({ matchLabels, matchExpressions }: LabelSelector): string {
  const operators: Readonly<Record<string, (key: string, values: string) => string>> = {
    In: (key, values) => `${key} in (${values})`,
    NotIn: (key, values) => `${key} notin (${values})`,
    Exists: (key) => key,
    DoesNotExist: (key) => `!${key}`,
  };
  const terms = [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      text: operators[operator]?.(key, [...(values ?? [])].sort().join(",")) ?? key,
    })),
  ];
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(",");
}
