/**
 * KubeSchedulerConfiguration: the file that `kube-scheduler --config` takes.
 * @see kubernetes staging/src/k8s.io/kube-scheduler/config/v1/types.go, pkg/scheduler/apis/config/validation/validation.go
 */
import type { AnyPlugin, Profile } from "../framework.ts";
import type { Backoff } from "../queue.ts";
import { PLUGIN_MAKERS } from "./plugin-args.ts";
import { type PluginSets, profilePlugins } from "./profiles.ts";
import { anyMap, type ConfigProblem, fields, flag, ignored, integer, list, oneOf, type Reader, text } from "./read.ts";

/** What is understood of the configuration; the rest (clients, leader election, metrics) may be there and has no effect on a simulation. */
export interface KubeSchedulerConfiguration {
  readonly apiVersion: "kubescheduler.config.k8s.io/v1";
  readonly kind: "KubeSchedulerConfiguration";
  /** 0 to 100; default 0: adaptive (50 % less one for each 125 nodes, at least 5 %). */
  readonly percentageOfNodesToScore?: number;
  /** Default 1. */
  readonly podInitialBackoffSeconds?: number;
  /** Default 10. */
  readonly podMaxBackoffSeconds?: number;
  /** Default: one of name `default-scheduler`. A Pod goes to the one that its `spec.schedulerName` names. */
  readonly profiles?: readonly KubeSchedulerProfile[];
  /** Asked over the network by a real scheduler, and not asked here: what they would refuse or prefer is not known. */
  readonly extenders?: readonly { readonly urlPrefix: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

interface KubeSchedulerProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  /** By extension point, or `multiPoint` for all of them. */
  readonly plugins?: Readonly<
    Record<
      string,
      {
        readonly enabled?: readonly { readonly name: string; readonly weight?: number }[];
        readonly disabled?: readonly { readonly name: string }[];
      }
    >
  >;
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: Readonly<Record<string, unknown>> }[];
}

/** What a scheduler is started with. */
export interface SchedulerSetup {
  readonly profiles: readonly Profile[];
  readonly backoff: Backoff;
  /** By the addresses at which a real scheduler would ask them. */
  readonly extendersNotAsked: readonly string[];
}

const choice = fields({ name: text, weight: integer(0, 2 ** 31 - 1) });
const pluginSet = fields({ enabled: list(choice), disabled: list(choice) });

const profile = fields({
  schedulerName: text,
  percentageOfNodesToScore: integer(0, 100),
  plugins: fields({
    multiPoint: pluginSet,
    preEnqueue: pluginSet,
    queueSort: pluginSet,
    preFilter: pluginSet,
    filter: pluginSet,
    postFilter: pluginSet,
    preScore: pluginSet,
    score: pluginSet,
    reserve: pluginSet,
    permit: pluginSet,
    preBind: pluginSet,
    bind: pluginSet,
    postBind: pluginSet,
  }),
  pluginConfig: list(fields({ name: text, args: anyMap })),
});

const extender = fields({
  urlPrefix: text,
  filterVerb: text,
  preemptVerb: text,
  prioritizeVerb: text,
  weight: integer(-(2 ** 31)),
  bindVerb: text,
  enableHTTPS: flag,
  tlsConfig: ignored,
  httpTimeout: ignored,
  nodeCacheCapable: flag,
  managedResources: list(fields({ name: text, ignoredByScheduler: flag })),
  ignorable: flag,
});

const configuration = fields({
  apiVersion: text,
  kind: text,
  percentageOfNodesToScore: integer(0, 100),
  podInitialBackoffSeconds: integer(1),
  podMaxBackoffSeconds: integer(1),
  profiles: list(profile),
  extenders: list(extender),
  parallelism: integer(1),
  delayCacheUntilActive: ignored,
  leaderElection: ignored,
  clientConnection: ignored,
  healthzBindAddress: ignored,
  metricsBindAddress: ignored,
  enableProfiling: ignored,
  enableContentionProfiling: ignored,
});

const DEFAULT_NAME = "default-scheduler";
const INITIAL_SECONDS = 1;
const MAX_SECONDS = 10;

/** Everything that is wrong, or what to start the scheduler with. */
export function readSchedulerConfig(value: unknown): SchedulerSetup | { readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  if (!isTheKind(value, problems)) return { problems };
  const config = configuration(value, "", problems) ?? {};
  const initial = config.podInitialBackoffSeconds ?? INITIAL_SECONDS;
  const max = config.podMaxBackoffSeconds ?? MAX_SECONDS;
  if (max < initial)
    problems.push({
      path: config.podMaxBackoffSeconds === undefined ? "podInitialBackoffSeconds" : "podMaxBackoffSeconds",
      message: `podMaxBackoffSeconds (${max}) must be greater than or equal to podInitialBackoffSeconds (${initial})`,
    });
  const { addresses, ignoredResources } = readExtenders(config.extenders ?? [], problems);
  const given = config.profiles?.length ? config.profiles : [{}];
  const profiles = given.map((p, i): Profile => {
    const path = `profiles[${i}]`;
    return {
      schedulerName: nameOf(p, given, i, problems),
      percentageOfNodesToScore: p.percentageOfNodesToScore ?? config.percentageOfNodesToScore ?? 0,
      plugins: profilePlugins(
        (p.plugins ?? {}) as PluginSets,
        madePlugins(p.pluginConfig ?? [], ignoredResources, path, problems),
        `${path}.plugins`,
        problems,
      ),
    };
  });
  return problems.length > 0
    ? { problems }
    : { profiles, backoff: { initialMs: initial * 1000, maxMs: max * 1000 }, extendersNotAsked: addresses };
}

interface Extender {
  readonly urlPrefix?: string | undefined;
  readonly prioritizeVerb?: string | undefined;
  readonly weight?: number | undefined;
  readonly bindVerb?: string | undefined;
  readonly managedResources?:
    | readonly { readonly name?: string | undefined; readonly ignoredByScheduler?: boolean | undefined }[]
    | undefined;
}

/** Where they are, and the resources that they look after in the scheduler's place. */
function readExtenders(
  extenders: readonly Extender[],
  problems: ConfigProblem[],
): { readonly addresses: readonly string[]; readonly ignoredResources: readonly string[] } {
  const managed = new Set<string>();
  const ignoredResources: string[] = [];
  for (const [i, { prioritizeVerb, weight = 0, managedResources = [] }] of extenders.entries()) {
    if (prioritizeVerb && weight <= 0)
      problems.push({ path: `extenders[${i}].weight`, message: `must have a positive weight applied to it, not ${weight}` });
    for (const [j, { name = "", ignoredByScheduler }] of managedResources.entries()) {
      if (managed.has(name))
        problems.push({ path: `extenders[${i}].managedResources[${j}].name`, message: `duplicate extender managed resource name ${name}` });
      managed.add(name);
      if (ignoredByScheduler) ignoredResources.push(name);
    }
  }
  const binders = extenders.filter((e) => e.bindVerb).length;
  if (binders > 1)
    problems.push({ path: "extenders", message: `found ${binders} extenders implementing bind: only one extender can implement bind` });
  return { addresses: extenders.map((e) => e.urlPrefix ?? ""), ignoredResources };
}

function isTheKind(value: unknown, problems: ConfigProblem[]): boolean {
  const read = anyMap(value, "", problems);
  if (!read) {
    if (problems.length === 0) problems.push({ path: "", message: "there is no KubeSchedulerConfiguration" });
    return false;
  }
  if (read["kind"] !== "KubeSchedulerConfiguration")
    problems.push({ path: "kind", message: `must be "KubeSchedulerConfiguration", not ${JSON.stringify(read["kind"] ?? null)}` });
  if (read["apiVersion"] !== "kubescheduler.config.k8s.io/v1")
    problems.push({
      path: "apiVersion",
      message: `must be "kubescheduler.config.k8s.io/v1", the only version that Kubernetes 1.36 takes, not ${JSON.stringify(read["apiVersion"] ?? null)}`,
    });
  return problems.length === 0;
}

/** The only profile may go without a name. */
function nameOf(
  { schedulerName }: { readonly schedulerName?: string | undefined },
  all: readonly { readonly schedulerName?: string | undefined }[],
  i: number,
  problems: ConfigProblem[],
): string {
  if (!schedulerName && all.length > 1) problems.push({ path: `profiles[${i}]`, message: "schedulerName is required" });
  const name = schedulerName || DEFAULT_NAME;
  const first = all.findIndex((p) => p.schedulerName === schedulerName);
  if (schedulerName && first < i)
    problems.push({ path: `profiles[${i}].schedulerName`, message: `duplicate value: profiles[${first}] has ${JSON.stringify(name)} too` });
  return name;
}

function madePlugins(
  configs: readonly { readonly name?: string | undefined; readonly args?: Readonly<Record<string, unknown>> | undefined }[],
  ignoredResources: readonly string[],
  path: string,
  problems: ConfigProblem[],
): ReadonlyMap<string, AnyPlugin> {
  const made = new Map<string, AnyPlugin>();
  const seen = new Set<string>();
  const all = configs.some(({ name }) => name === FIT) || ignoredResources.length === 0 ? configs : [...configs, { name: FIT, args: {} }];
  for (const [i, { name, args: given }] of all.entries()) {
    const args = name === FIT && ignoredResources.length > 0 ? ignoring(given ?? {}, ignoredResources) : given;
    const at = `${path}.pluginConfig[${i}]`;
    const maker = makerOf(name ?? "");
    if (!name) problems.push({ path: at, message: "name is required" });
    else if (seen.has(name)) problems.push({ path: at, message: `duplicate value: ${JSON.stringify(name)} is configured already` });
    else if (!maker) problems.push({ path: at, message: `plugin ${JSON.stringify(name)} takes no arguments in the simulated scheduler` });
    else {
      const plugin = maker(args ?? {}, `${at}.args`, problems);
      if (plugin) made.set(name, plugin);
    }
    seen.add(name ?? "");
  }
  return made;
}

const FIT = "NodeResourcesFit";

/** What extenders look after is added to what the arguments leave out. */
function ignoring(args: Readonly<Record<string, unknown>>, resources: readonly string[]): Readonly<Record<string, unknown>> {
  const own = args["ignoredResources"];
  return own === undefined || own === null || Array.isArray(own) ? { ...args, ignoredResources: [...(own ?? []), ...resources] } : args;
}

function makerOf(name: string): Reader<AnyPlugin> | undefined {
  return Object.hasOwn(PLUGIN_MAKERS, name) ? PLUGIN_MAKERS[name] : Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined;
}

/** Arguments that only say how long the real plugin may take. */
const WITHOUT_EFFECT: Readonly<Record<string, Reader<never>>> = {
  DynamicResources: (value, path, problems) => {
    fields({
      apiVersion: oneOf("kubescheduler.config.k8s.io/v1"),
      kind: oneOf("DynamicResourcesArgs"),
      filterTimeout: ignored,
      bindingTimeout: ignored,
    })(value, path, problems);
    return undefined;
  },
};

/** All problems in one text, a line each. */
export function problemText({ path, message }: ConfigProblem): string {
  return path === "" ? message : `${path}: ${message}`;
}
