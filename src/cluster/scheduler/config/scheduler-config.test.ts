import { test } from "uvu";
import * as assert from "uvu/assert";
import { node, pod, scoresOf, verdicts, World } from "../../../../test/support/scheduler-world.ts";
import { scoreAt } from "../plugins/resource-scoring.ts";
import { DEFAULT_PROFILE } from "../profile.ts";
import { problemText, readSchedulerConfig, type SchedulerSetup } from "./scheduler-config.ts";

const HEAD = { apiVersion: "kubescheduler.config.k8s.io/v1", kind: "KubeSchedulerConfiguration" };

function setupOf(rest: object): SchedulerSetup {
  const setup = readSchedulerConfig({ ...HEAD, ...rest });
  if ("problems" in setup) throw new Error(setup.problems.map(problemText).join("\n"));
  return setup;
}

function problemsOf(value: unknown): readonly string[] {
  const setup = readSchedulerConfig(value);
  return "problems" in setup ? setup.problems.map(problemText) : [];
}

const profileOf = (plugins: object): SchedulerSetup => setupOf({ profiles: [{ plugins }] });
const configured = (name: string, args: object): SchedulerSetup => setupOf({ profiles: [{ pluginConfig: [{ name, args }] }] });

test("an empty configuration is the default profile", () => {
  const { profiles, backoff } = setupOf({});
  assert.equal(backoff, { initialMs: 1000, maxMs: 10_000 });
  assert.is(profiles.length, 1);
  const shown = ({ plugins }: SchedulerSetup["profiles"][number]): string[] => plugins.map((p) => `${p.plugin.name} ${p.weight}`).sort();
  assert.equal(shown(profiles[0]!), shown(DEFAULT_PROFILE));
  const filters = ({ plugins }: SchedulerSetup["profiles"][number]): string[] =>
    plugins.flatMap(({ plugin }) => (plugin.filter ? [plugin.name] : []));
  assert.equal(filters(profiles[0]!), filters(DEFAULT_PROFILE));
});

test("extenders are not asked, but told of; the resources that they look after are no concern of the scheduler's", () => {
  const managedResources = [{ name: "x.com/a", ignoredByScheduler: true }, { name: "x.com/b" }];
  const setup = setupOf({ extenders: [{ urlPrefix: "http://x/", filterVerb: "filter", httpTimeout: "5s", managedResources }] });
  assert.equal(setup.extendersNotAsked, ["http://x/"]);
  const world = new World([node("n"), pod("p", { requests: { "x.com/a": "1" } }), pod("q", { requests: { "x.com/b": "1" } })], setup);
  world.run();
  assert.equal(world.placement(), { p: "n", q: "-" });
});

test("without scores the search ends with the first node that will do, and the next goes on from there", () => {
  const nodes = ["a", "b", "c"].map((name) => node(name));
  const world = new World(nodes, profileOf({ multiPoint: { disabled: [] }, score: { disabled: [{ name: "*" }] } }));
  for (const name of ["p", "q", "r"]) world.put(pod(name));
  world.run();
  assert.equal(world.placement(), { p: "a", q: "b", r: "c" });
});

const wrong: readonly (readonly [about: string, value: unknown, problem: string])[] = [
  ["nothing", null, "there is no KubeSchedulerConfiguration"],
  ["a list", [], "must be a map, not []"],
  ["another kind", { ...HEAD, kind: "Pod" }, 'kind: must be "KubeSchedulerConfiguration", not "Pod"'],
  [
    "an old version",
    { ...HEAD, apiVersion: "kubescheduler.config.k8s.io/v1beta3" },
    'apiVersion: must be "kubescheduler.config.k8s.io/v1", the only version that Kubernetes 1.36 takes, not "kubescheduler.config.k8s.io/v1beta3"',
  ],
  ["a share above 100", { ...HEAD, percentageOfNodesToScore: 101 }, "percentageOfNodesToScore: must be a whole number, 0 to 100, not 101"],
  [
    "a back-off upside down",
    { ...HEAD, podInitialBackoffSeconds: 20 },
    "podInitialBackoffSeconds: podMaxBackoffSeconds (10) must be greater than or equal to podInitialBackoffSeconds (20)",
  ],
  [
    "an extender without a weight",
    { ...HEAD, extenders: [{ urlPrefix: "http://x", prioritizeVerb: "prioritize" }] },
    "extenders[0].weight: must have a positive weight applied to it, not 0",
  ],
  [
    "a resource of two extenders",
    { ...HEAD, extenders: [{ managedResources: [{ name: "x.com/a" }] }, { managedResources: [{ name: "x.com/a" }] }] },
    "extenders[1].managedResources[0].name: duplicate extender managed resource name x.com/a",
  ],
  [
    "two extenders that bind",
    { ...HEAD, extenders: [{ bindVerb: "bind" }, { bindVerb: "bind" }] },
    "extenders: found 2 extenders implementing bind: only one extender can implement bind",
  ],
  [
    "two of a name",
    { ...HEAD, profiles: [{ schedulerName: "a" }, { schedulerName: "a" }] },
    'profiles[1].schedulerName: duplicate value: profiles[0] has "a" too',
  ],
  ["two without a name", { ...HEAD, profiles: [{ schedulerName: "a" }, {}] }, "profiles[1]: schedulerName is required"],
  [
    "an unknown plugin",
    { ...HEAD, profiles: [{ plugins: { score: { enabled: [{ name: "Magic" }] } } }] },
    'profiles[0].plugins.score.enabled[0]: plugin "Magic" is none that the simulated scheduler has',
  ],
  [
    "a plugin where it does nothing",
    { ...HEAD, profiles: [{ plugins: { score: { enabled: [{ name: "NodeName" }] } } }] },
    'profiles[0].plugins.score.enabled[0]: plugin "NodeName" does not extend score',
  ],
  [
    "a plugin twice",
    { ...HEAD, profiles: [{ plugins: { score: { enabled: [{ name: "ImageLocality" }, { name: "ImageLocality" }] } } }] },
    'profiles[0].plugins.score.enabled[1]: plugin "ImageLocality" is already enabled here',
  ],
  [
    "half a plugin",
    { ...HEAD, profiles: [{ plugins: { preFilter: { disabled: [{ name: "NodePorts" }] } } }] },
    "profiles[0].plugins.preFilter: plugin NodePorts is needed here, since it is enabled at filter",
  ],
  [
    "nobody binds",
    { ...HEAD, profiles: [{ plugins: { bind: { disabled: [{ name: "*" }] } } }] },
    "profiles[0].plugins: no bind plugin is enabled: one is needed",
  ],
  [
    "a misspelt field",
    { ...HEAD, profiles: [{ plugin: {} }] },
    'profiles[0].plugin: unknown field "plugin": one of schedulerName, percentageOfNodesToScore, plugins, pluginConfig',
  ],
];
for (const [about, value, problem] of wrong)
  test(`refused: ${about}`, () => assert.ok(problemsOf(value).includes(problem), problemsOf(value).join("\n")));

const wrongArgs: readonly (readonly [name: string, args: object, problem: string])[] = [
  [
    "NodeResourcesFit",
    { scoringStrategy: { type: "Best" } },
    'scoringStrategy.type: must be "LeastAllocated" or "MostAllocated" or "RequestedToCapacityRatio", not "Best"',
  ],
  [
    "NodeResourcesFit",
    { scoringStrategy: { type: "RequestedToCapacityRatio" } },
    "scoringStrategy: requestedToCapacityRatio must be specified when type is RequestedToCapacityRatio",
  ],
  [
    "NodeResourcesFit",
    { scoringStrategy: { resources: [{ name: "cpu", weight: 0 }] } },
    "scoringStrategy.resources[0].weight: must be a whole number, 1 to 100, not 0",
  ],
  ["NodeResourcesFit", { ignoredResourceGroups: ["a/b"] }, "ignoredResourceGroups[0]: resource group name can't contain '/'"],
  ["NodeResourcesBalancedAllocation", { resources: [{ name: "cpu", weight: 2 }] }, "resources[0].weight: must be 1, not 2"],
  ["PodTopologySpread", { defaultConstraints: [{}] }, 'defaultConstraints: default constraints need defaultingType: "List"'],
  [
    "PodTopologySpread",
    { defaultingType: "List", defaultConstraints: [{ maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }] },
    "defaultConstraints[0]: topologyKey is required",
  ],
  ["InterPodAffinity", { hardPodAffinityWeight: 101 }, "hardPodAffinityWeight: must be a whole number, 0 to 100, not 101"],
  [
    "NodeAffinity",
    { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } },
    "addedAffinity.requiredDuringSchedulingIgnoredDuringExecution: nodeSelectorTerms needs at least one node selector term",
  ],
  [
    "DefaultPreemption",
    { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 },
    "minCandidateNodesPercentage: cannot be zero at the same time as minCandidateNodesAbsolute",
  ],
  [
    "VolumeBinding",
    { shape: [{ utilization: 0, score: 0 }] },
    "shape: is not supported: it needs the feature gate StorageCapacityScoring, which is off in 1.36",
  ],
];
for (const [name, args, problem] of wrongArgs) {
  test(`refused: ${name} ${JSON.stringify(args)}`, () => {
    const problems = problemsOf({ ...HEAD, profiles: [{ pluginConfig: [{ name, args }] }] });
    assert.ok(problems.includes(`profiles[0].pluginConfig[0].args.${problem}`), problems.join("\n"));
  });
}

test("a disabled filter does not refuse", () => {
  const nodes = [node("tainted", { taints: [{ key: "k", effect: "NoSchedule" }] })];
  const off = profileOf({ filter: { disabled: [{ name: "TaintToleration" }] } });
  assert.equal(verdicts(new World(nodes).scheduler.evaluate(pod("p"))), { tainted: "node(s) had untolerated taint(s)" });
  assert.equal(verdicts(new World(nodes, off).scheduler.evaluate(pod("p"))), { tainted: "ok" });
});

test("weights: of one extension point, of all, and of what is enabled without one", () => {
  const weightsOf = (plugins: object): Record<string, number> =>
    Object.fromEntries(profileOf(plugins).profiles[0]!.plugins.map(({ plugin, weight }) => [plugin.name, weight]));
  assert.is(weightsOf({ score: { enabled: [{ name: "NodeAffinity", weight: 7 }] } })["NodeAffinity"], 7);
  assert.is(weightsOf({ multiPoint: { enabled: [{ name: "NodeAffinity", weight: 5 }] } })["NodeAffinity"], 5);
  assert.is(weightsOf({ multiPoint: { enabled: [{ name: "NodeAffinity" }] } })["NodeAffinity"], 1);
  const only = weightsOf({ score: { disabled: [{ name: "*" }], enabled: [{ name: "ImageLocality", weight: 3 }] } });
  assert.equal([only["ImageLocality"], only["NodeAffinity"], only["TaintToleration"]], [3, 0, 0]);
});

test("filters enabled by name come first, and their reason with them", () => {
  const nodes = [node("n", { unschedulable: true, allocatable: { cpu: "1" } })];
  const first = profileOf({ filter: { enabled: [{ name: "NodeResourcesFit" }] } });
  const p = pod("p", { requests: { cpu: "2" } });
  assert.equal(verdicts(new World(nodes).scheduler.evaluate(p)), { n: "node(s) were unschedulable" });
  assert.equal(verdicts(new World(nodes, first).scheduler.evaluate(p)), { n: "Insufficient cpu" });
});

const strategies: readonly (readonly [about: string, strategy: object, score: number])[] = [
  ["least", { type: "LeastAllocated" }, 62],
  [
    "least, by weight",
    {
      type: "LeastAllocated",
      resources: [
        { name: "cpu", weight: 3 },
        { name: "memory", weight: 1 },
      ],
    },
    56,
  ],
  ["most", { type: "MostAllocated" }, 37],
  [
    "most, of a resource that the Pod does not ask for",
    { type: "MostAllocated", resources: [{ name: "cpu" }, { name: "x.io/gpu", weight: 9 }] },
    50,
  ],
  [
    "ratio, rising",
    {
      type: "RequestedToCapacityRatio",
      requestedToCapacityRatio: {
        shape: [
          { utilization: 0, score: 0 },
          { utilization: 100, score: 10 },
        ],
      },
    },
    38,
  ],
  [
    "ratio, falling",
    {
      type: "RequestedToCapacityRatio",
      requestedToCapacityRatio: {
        shape: [
          { utilization: 0, score: 10 },
          { utilization: 100, score: 0 },
        ],
      },
    },
    63,
  ],
];
for (const [about, scoringStrategy, score] of strategies) {
  test(`scoring strategy: ${about}`, () => {
    const { scheduler } = new World([node("n")], configured("NodeResourcesFit", { scoringStrategy }));
    const evaluation = scheduler.evaluate(pod("p", { requests: { cpu: "2", memory: "2Gi" } }));
    assert.equal(scoresOf(evaluation, "NodeResourcesFit"), { n: score });
  });
}

test("the line through the points of a shape", () => {
  const points = [
    { utilization: 20, score: 10 },
    { utilization: 60, score: 90 },
  ];
  assert.equal(
    [0, 20, 30, 60, 100].map((u) => scoreAt(points, u)),
    [10, 10, 30, 90, 90],
  );
});

test("ignored resources do not keep a Pod away", () => {
  const p = pod("p", { requests: { "x.io/gpu": "1", "y.io/fpga": "1" } });
  const ignored = configured("NodeResourcesFit", { ignoredResources: ["x.io/gpu"], ignoredResourceGroups: ["y.io"] });
  assert.equal(verdicts(new World([node("n")]).scheduler.evaluate(p)), { n: "Insufficient x.io/gpu; Insufficient y.io/fpga" });
  assert.equal(verdicts(new World([node("n")], ignored).scheduler.evaluate(p)), { n: "ok" });
});

test("balance over three resources", () => {
  const { scheduler } = new World(
    [node("n", { allocatable: { "x.io/gpu": "4" } })],
    configured("NodeResourcesBalancedAllocation", { resources: [{ name: "cpu" }, { name: "memory" }, { name: "x.io/gpu" }] }),
  );
  const evaluation = scheduler.evaluate(pod("p", { requests: { cpu: "2", memory: "2Gi", "x.io/gpu": "4" } }));
  // Shares 0.5, 0.25 and 1: a deviation of 0.31; the GPU is not counted before.
  assert.equal(scoresOf(evaluation, "NodeResourcesBalancedAllocation"), { n: 59 });
});

test("default constraints of a list", () => {
  const setup = configured("PodTopologySpread", {
    defaultingType: "List",
    defaultConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
  });
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" } },
  };
  const labels = { app: "web" };
  const { scheduler } = new World(
    [node("a", { labels: { zone: "a" } }), node("b", { labels: { zone: "b" } }), node("c"), service, pod("old", { labels, nodeName: "a" })],
    setup,
  );
  assert.equal(verdicts(scheduler.evaluate(pod("p", { labels }))), {
    a: "node(s) didn't match pod topology spread constraints",
    b: "ok",
    c: "node(s) didn't match pod topology spread constraints (missing required label)",
  });
});

test("added affinity holds for every Pod", () => {
  const matchExpressions = [{ key: "pool", operator: "In", values: ["batch"] }];
  const setup = configured("NodeAffinity", {
    addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  });
  const { scheduler } = new World([node("a", { labels: { pool: "batch" } }), node("b")], setup);
  assert.equal(verdicts(scheduler.evaluate(pod("p"))), { a: "ok", b: "node(s) didn't match scheduler-enforced node affinity" });
});

test("profiles by scheduler name; a Pod of nobody stays Pending", () => {
  const setup = setupOf({
    podInitialBackoffSeconds: 2,
    profiles: [
      { schedulerName: "default-scheduler" },
      { schedulerName: "packing", pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }] },
    ],
  });
  const full = pod("full", { nodeName: "a", requests: { cpu: "1", memory: "2Gi" } });
  const world = new World([node("a"), node("b"), full], setup);
  const requests = { cpu: "1", memory: "2Gi" };
  world.put(pod("spread", { requests }), pod("packed", { requests, schedulerName: "packing" }), pod("lost", { schedulerName: "nobody" }));
  world.run();
  assert.equal(world.placement(), { full: "a", spread: "b", packed: "a", lost: "-" });
  assert.match(world.scheduler.evaluate(pod("lost", { schedulerName: "nobody" })).message ?? "", 'no scheduler of the name "nobody" runs');
  const reporters = world.recorder.list().map((e) => e.from);
  assert.equal(reporters, ["default-scheduler", "packing"]);
});

test.run();
