/**
 * The arguments of plugins: `pluginConfig` of a profile.
 * @see kubernetes staging/src/k8s.io/kube-scheduler/config/v1/types_pluginargs.go, pkg/scheduler/apis/config/validation/validation_pluginargs.go
 */
import type {
  NodeSelector,
  NodeSelectorTerm,
  PreferredSchedulingTerm,
  TopologySpreadConstraint,
} from "../../../../generated/v1.36/model.ts";
import type { AnyPlugin } from "../framework.ts";
import { defaultPreemption } from "../plugins/default-preemption.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { nodeAffinity } from "../plugins/node-affinity.ts";
import { nodeResourcesBalancedAllocation } from "../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit } from "../plugins/node-resources-fit.ts";
import { podTopologySpread } from "../plugins/pod-topology-spread.ts";
import { CPU_AND_MEMORY, type ScoringStrategy, type ShapePoint, type WeightedResource } from "../plugins/resource-scoring.ts";
import { volumeBinding } from "../plugins/volume-binding.ts";
import { SYSTEM_DEFAULTS } from "../spread-constraints.ts";
import { type ConfigProblem, fields, flag, integer, list, oneOf, type Reader, text, unsupported } from "./read.ts";

/** Makes a plugin by its arguments; `undefined` when they are wrong. */
export type PluginMaker = Reader<AnyPlugin>;

/** The version and kind that every arguments object may name. */
const typeMeta = (kind: string) => ({ apiVersion: oneOf("kubescheduler.config.k8s.io/v1"), kind: oneOf(kind) });

const resource = fields({ name: text, weight: integer(1, 100) });
const shapePoint = fields({ utilization: integer(0, 100), score: integer(0, 10) });
const requirement = fields({
  key: text,
  operator: oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
  values: list(text),
});
const term = fields({ matchExpressions: list(requirement), matchFields: list(requirement) });

const fitArgs = fields({
  ...typeMeta("NodeResourcesFitArgs"),
  ignoredResources: list(text),
  ignoredResourceGroups: list(text),
  scoringStrategy: fields({
    type: oneOf("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"),
    resources: list(resource),
    requestedToCapacityRatio: fields({ shape: list(shapePoint) }),
  }),
});

const nodeResourcesFitOf: PluginMaker = (value, path, problems) => {
  const args = fitArgs(value, path, problems);
  if (!args) return undefined;
  (args.ignoredResourceGroups ?? []).forEach((group, i) => {
    if (group.includes("/"))
      problems.push({ path: `${path}.ignoredResourceGroups[${i}]`, message: "resource group name can't contain '/'" });
  });
  const strategy = args.scoringStrategy;
  const at = `${path}.scoringStrategy`;
  const type = strategy?.type ?? "LeastAllocated";
  const resources = strategy?.resources?.length ? weighted(strategy.resources, `${at}.resources`, problems) : CPU_AND_MEMORY;
  const shape = strategy?.requestedToCapacityRatio?.shape;
  if (type !== "RequestedToCapacityRatio" && strategy?.requestedToCapacityRatio)
    problems.push({ path: `${at}.requestedToCapacityRatio`, message: "must be absent when type is not RequestedToCapacityRatio" });
  if (type === "RequestedToCapacityRatio" && !strategy?.requestedToCapacityRatio)
    problems.push({ path: at, message: "requestedToCapacityRatio must be specified when type is RequestedToCapacityRatio" });
  const chosen: ScoringStrategy =
    type === "RequestedToCapacityRatio"
      ? { type, resources, shape: strategy?.requestedToCapacityRatio ? shapeOf(shape, `${at}.requestedToCapacityRatio`, problems) : [] }
      : { type, resources };
  return nodeResourcesFit({
    strategy: chosen,
    ignored: new Set(args.ignoredResources),
    ignoredGroups: new Set(args.ignoredResourceGroups),
  });
};

function weighted(
  resources: readonly { readonly name?: string | undefined; readonly weight?: number | undefined }[],
  path: string,
  problems: ConfigProblem[],
): readonly WeightedResource[] {
  return resources.flatMap(({ name, weight }, i) => {
    if (!name) problems.push({ path: `${path}[${i}]`, message: "name is required" });
    return name ? [{ name, weight: weight ?? 1 }] : [];
  });
}

function shapeOf(
  points: readonly { readonly utilization?: number | undefined; readonly score?: number | undefined }[] | undefined,
  path: string,
  problems: ConfigProblem[],
): readonly ShapePoint[] {
  if (!points || points.length === 0) {
    problems.push({ path, message: "shape needs at least one point" });
    return [];
  }
  const shape = points.map(({ utilization = 0, score = 0 }) => ({ utilization, score }));
  const unsorted = shape.findIndex((p, i) => i > 0 && shape[i - 1]!.utilization >= p.utilization);
  if (unsorted >= 0)
    problems.push({ path: `${path}.shape[${unsorted}].utilization`, message: "values must be sorted in increasing order" });
  return shape;
}

const balancedArgs = fields({ ...typeMeta("NodeResourcesBalancedAllocationArgs"), resources: list(resource) });

const balancedAllocationOf: PluginMaker = (value, path, problems) => {
  const args = balancedArgs(value, path, problems);
  if (!args) return undefined;
  if (!args.resources?.length) return nodeResourcesBalancedAllocation();
  const resources = weighted(args.resources, `${path}.resources`, problems);
  resources.forEach(({ name, weight }, i) => {
    if (weight !== 1) problems.push({ path: `${path}.resources[${i}].weight`, message: `must be 1, not ${weight}` });
    if (resources.findIndex((r) => r.name === name) < i)
      problems.push({ path: `${path}.resources[${i}].name`, message: `duplicate value ${JSON.stringify(name)}` });
  });
  return nodeResourcesBalancedAllocation(resources.map(({ name }) => name));
};

const spreadArgs = fields({
  ...typeMeta("PodTopologySpreadArgs"),
  defaultingType: oneOf("System", "List"),
  defaultConstraints: list(
    fields({
      topologyKey: text,
      maxSkew: integer(1),
      whenUnsatisfiable: oneOf("DoNotSchedule", "ScheduleAnyway"),
      minDomains: integer(1),
      nodeAffinityPolicy: oneOf("Honor", "Ignore"),
      nodeTaintsPolicy: oneOf("Honor", "Ignore"),
      matchLabelKeys: list(text),
      labelSelector: unsupported("constraint must not define a selector, as they are deduced for each pod"),
    }),
  ),
});

const podTopologySpreadOf: PluginMaker = (value, path, problems) => {
  const args = spreadArgs(value, path, problems);
  if (!args) return undefined;
  const given = args.defaultConstraints ?? [];
  if (args.defaultingType !== "List") {
    if (given.length > 0) problems.push({ path: `${path}.defaultConstraints`, message: 'default constraints need defaultingType: "List"' });
    return podTopologySpread(SYSTEM_DEFAULTS);
  }
  const constraints: TopologySpreadConstraint[] = [];
  given.forEach((c, i) => {
    const { topologyKey, maxSkew, whenUnsatisfiable } = c;
    const at = `${path}.defaultConstraints[${i}]`;
    for (const name of ["maxSkew", "topologyKey", "whenUnsatisfiable"] as const)
      if (c[name] === undefined && !problems.some((p) => p.path === `${at}.${name}`))
        problems.push({ path: at, message: `${name} is required` });
    if (!topologyKey || maxSkew === undefined || whenUnsatisfiable === undefined) return;
    if (constraints.some((o) => o.topologyKey === topologyKey && o.whenUnsatisfiable === whenUnsatisfiable))
      problems.push({ path: at, message: `duplicate value {${topologyKey}, ${whenUnsatisfiable}}` });
    constraints.push({ ...c, topologyKey, maxSkew, whenUnsatisfiable } as TopologySpreadConstraint);
  });
  return podTopologySpread({ constraints, needsAllKeys: true });
};

const affinityArgs = fields({
  ...typeMeta("InterPodAffinityArgs"),
  hardPodAffinityWeight: integer(0, 100),
  ignorePreferredTermsOfExistingPods: flag,
});

const interPodAffinityOf: PluginMaker = (value, path, problems) => {
  const args = affinityArgs(value, path, problems);
  return args
    ? interPodAffinity({
        hardPodAffinityWeight: args.hardPodAffinityWeight ?? 1,
        ignorePreferredTermsOfExistingPods: args.ignorePreferredTermsOfExistingPods ?? false,
      })
    : undefined;
};

const nodeAffinityArgs = fields({
  ...typeMeta("NodeAffinityArgs"),
  addedAffinity: fields({
    requiredDuringSchedulingIgnoredDuringExecution: fields({ nodeSelectorTerms: list(term) }),
    preferredDuringSchedulingIgnoredDuringExecution: list(fields({ weight: integer(1, 100), preference: term })),
  }),
});

const nodeAffinityOf: PluginMaker = (value, path, problems) => {
  const args = nodeAffinityArgs(value, path, problems);
  if (!args) return undefined;
  const { addedAffinity } = args;
  const at = `${path}.addedAffinity`;
  const required = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required && !required.nodeSelectorTerms?.length)
    problems.push({
      path: `${at}.requiredDuringSchedulingIgnoredDuringExecution`,
      message: "nodeSelectorTerms needs at least one node selector term",
    });
  (required?.nodeSelectorTerms ?? []).forEach((t, i) => {
    checkTerm(t, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`, problems);
  });
  const preferred = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  preferred.forEach(({ weight, preference }, i) => {
    const place = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
    if (weight === undefined && !problems.some((p) => p.path === `${place}.weight`))
      problems.push({ path: place, message: "weight is required" });
    checkTerm(preference ?? {}, `${place}.preference`, problems);
  });
  return nodeAffinity({
    required: required as NodeSelector | undefined,
    preferred: preferred.map(({ weight = 1, preference = {} }): PreferredSchedulingTerm => {
      return { weight, preference: preference as NodeSelectorTerm };
    }),
  });
};

/** The values that each operator takes. @see kubernetes component-helpers/scheduling/corev1/nodeaffinity */
function checkTerm(
  { matchExpressions = [], matchFields = [] }: NonNullable<ReturnType<typeof term>>,
  path: string,
  problems: ConfigProblem[],
): void {
  const check = (requirements: NonNullable<typeof matchExpressions>, name: string): void =>
    requirements.forEach(({ key, operator, values = [] }, i) => {
      const at = `${path}.${name}[${i}]`;
      if (!key) problems.push({ path: at, message: "key is required" });
      if (!operator && !problems.some((p) => p.path === `${at}.operator`)) problems.push({ path: at, message: "operator is required" });
      if ((operator === "In" || operator === "NotIn") && values.length === 0)
        problems.push({ path: at, message: `operator ${operator} needs values` });
      if ((operator === "Exists" || operator === "DoesNotExist") && values.length > 0)
        problems.push({ path: `${at}.values`, message: `operator ${operator} takes no values` });
      if ((operator === "Gt" || operator === "Lt") && (values.length !== 1 || !/^[+-]?[0-9]+$/.test(values[0] ?? "")))
        problems.push({ path: at, message: `operator ${operator} takes one whole number, as a text` });
    });
  check(matchExpressions, "matchExpressions");
  check(matchFields, "matchFields");
}

const preemptionArgs = fields({
  ...typeMeta("DefaultPreemptionArgs"),
  minCandidateNodesPercentage: integer(0, 100),
  minCandidateNodesAbsolute: integer(0),
});

const defaultPreemptionOf: PluginMaker = (value, path, problems) => {
  const args = preemptionArgs(value, path, problems);
  if (!args) return undefined;
  const percentMin = args.minCandidateNodesPercentage ?? 10;
  const absoluteMin = args.minCandidateNodesAbsolute ?? 100;
  if (percentMin === 0 && absoluteMin === 0)
    problems.push({
      path: `${path}.minCandidateNodesPercentage`,
      message: "cannot be zero at the same time as minCandidateNodesAbsolute",
    });
  return defaultPreemption({ percentMin, absoluteMin });
};

const volumeArgs = fields({
  ...typeMeta("VolumeBindingArgs"),
  bindTimeoutSeconds: integer(0),
  shape: unsupported("it needs the feature gate StorageCapacityScoring, which is off in 1.36"),
});

const volumeBindingOf: PluginMaker = (value, path, problems) => {
  const args = volumeArgs(value, path, problems);
  return args ? volumeBinding((args.bindTimeoutSeconds ?? 600) * 1000) : undefined;
};

/** By plugin. Those that are not here take no arguments that matter. */
export const PLUGIN_MAKERS: Readonly<Record<string, PluginMaker>> = {
  NodeResourcesFit: nodeResourcesFitOf,
  NodeResourcesBalancedAllocation: balancedAllocationOf,
  PodTopologySpread: podTopologySpreadOf,
  InterPodAffinity: interPodAffinityOf,
  NodeAffinity: nodeAffinityOf,
  DefaultPreemption: defaultPreemptionOf,
  VolumeBinding: volumeBindingOf,
};
