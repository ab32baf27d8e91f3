/**
 * Which plugins of a configured profile act where: the defaults, with what the profile enables and disables for all extension points
 * (`multiPoint`) and for single ones.
 * @see kubernetes pkg/scheduler/apis/config/v1/default_plugins.go (mergePlugins), framework/runtime/framework.go (expandMultiPointPlugins)
 */
import type { AnyPlugin, Profile } from "../framework.ts";
import { EXTENSION_POINTS, type ExtensionPoint, PLUGINS, type RegisteredPlugin } from "../registry.ts";
import type { ConfigProblem } from "./read.ts";

interface Choice {
  readonly name?: string | undefined;
  readonly weight?: number | undefined;
}

export interface PluginSet {
  readonly enabled?: readonly Choice[] | undefined;
  readonly disabled?: readonly Choice[] | undefined;
}

export type PluginSets = Readonly<Partial<Record<ExtensionPoint | "multiPoint", PluginSet | undefined>>>;

const REGISTERED: ReadonlyMap<string, RegisteredPlugin> = new Map(PLUGINS.map((p) => [p.plugin.name, p]));
/** All plugins, where names are disabled. */
const ALL = "*";
/** What a plugin does at the second extension point needs what it prepared at the first. */
const PREPARED: readonly (readonly [ExtensionPoint, ExtensionPoint])[] = [
  ["preFilter", "filter"],
  ["preScore", "score"],
  ["filter", "reserve"],
  ["reserve", "preBind"],
];

/** `configured`: plugins made by their arguments, in place of the registered ones. */
export function profilePlugins(
  sets: PluginSets,
  configured: ReadonlyMap<string, AnyPlugin>,
  path: string,
  problems: ConfigProblem[],
): Profile["plugins"] {
  checkNames(sets, path, problems);
  const multi = mergeMultiPoint(sets.multiPoint ?? {});
  const active = new Map(EXTENSION_POINTS.map((point) => [point, pluginsAt(point, sets[point] ?? {}, multi)]));
  for (const point of ["queueSort", "bind"] as const)
    if ((active.get(point)?.length ?? 0) === 0) problems.push({ path, message: `no ${point} plugin is enabled: one is needed` });
  // Filters decide by their order which reason is given; elsewhere the order has no effect, or is that of one plugin.
  const order = [...new Set([...active.get("filter")!, ...EXTENSION_POINTS.flatMap((point) => active.get(point)!)])];
  return order.flatMap((name) => {
    const registered = REGISTERED.get(name);
    if (!registered) return [];
    const acts = (point: ExtensionPoint): boolean => active.get(point)!.includes(name);
    checkPrepared(registered, acts, path, problems);
    const plugin = restricted(configured.get(name) ?? registered.plugin, registered.points, acts);
    return [{ plugin, weight: acts("score") ? weightOf(name, sets.score ?? {}, multi) : 0 }];
  });
}

function checkNames(sets: PluginSets, path: string, problems: ConfigProblem[]): void {
  for (const [point, set] of Object.entries(sets)) {
    for (const side of ["enabled", "disabled"] as const) {
      const names = (set?.[side] ?? []).map(({ name }) => name);
      for (const [i, choice] of (set?.[side] ?? []).entries()) {
        const message = names.indexOf(choice.name) < i ? `is already ${side} here` : side === "enabled" ? whyNot(choice, point) : undefined;
        const named = choice.name
          ? message === undefined
            ? undefined
            : `plugin ${JSON.stringify(choice.name)} ${message}`
          : "name is required";
        if (named) problems.push({ path: `${path}.${point}.${side}[${i}]`, message: named });
      }
    }
  }
}

function whyNot({ name = "", weight }: Choice, point: string): string | undefined {
  const known = REGISTERED.get(name);
  if (!known) return "is none that the simulated scheduler has";
  if (point !== "multiPoint" && !known.points.includes(point as ExtensionPoint)) return `does not extend ${point}`;
  return weight !== undefined && point !== "multiPoint" && point !== "score" ? `has no weight at ${point}` : undefined;
}

/** The default list: what is enabled again stays in its place with the new weight, what is new comes behind. */
function mergeMultiPoint({ enabled = [], disabled = [] }: PluginSet): readonly Required<Choice>[] {
  const off = new Set(disabled.map(({ name }) => name));
  const kept = off.has(ALL) ? [] : PLUGINS.filter(({ plugin }) => !off.has(plugin.name));
  const merged: Required<Choice>[] = kept.map(({ plugin: { name }, weight }) => ({
    name,
    weight: enabled.find((e) => e.name === name) ? (enabled.find((e) => e.name === name)?.weight ?? 0) : weight,
  }));
  for (const { name, weight = 0 } of enabled) if (!merged.some((m) => m.name === name)) merged.push({ name, weight });
  return merged;
}

/** First those of `multiPoint` that are enabled here again, in the order given here; then the others of `multiPoint`; then what is new here. */
function pluginsAt(
  point: ExtensionPoint,
  { enabled = [], disabled = [] }: PluginSet,
  multi: readonly Required<Choice>[],
): readonly string[] {
  const own = enabled.flatMap(({ name }) => (name ? [name] : []));
  const off = new Set(disabled.map(({ name }) => name));
  if (off.has(ALL)) return own;
  const inherited = multi.flatMap(({ name }) => (name && !off.has(name) && REGISTERED.get(name)?.points.includes(point) ? [name] : []));
  const again = own.filter((name) => inherited.includes(name));
  return [...again, ...inherited.filter((name) => !own.includes(name)), ...own.filter((name) => !again.includes(name))];
}

/** A weight of 0 counts as 1. */
function weightOf(name: string, { enabled = [] }: PluginSet, multi: readonly Required<Choice>[]): number {
  const given = enabled.find((e) => e.name === name) ?? multi.find((m) => m.name === name);
  return given?.weight || 1;
}

/** A real scheduler lets a plugin run without what it prepared, and then fails every Pod. */
function checkPrepared(
  { plugin, points }: RegisteredPlugin,
  acts: (point: ExtensionPoint) => boolean,
  path: string,
  problems: ConfigProblem[],
): void {
  for (const [first, second] of PREPARED) {
    if (!acts(second) || acts(first) || !points.includes(first)) continue;
    problems.push({ path: `${path}.${first}`, message: `plugin ${plugin.name} is needed here, since it is enabled at ${second}` });
  }
}

/** The plugin without what it does elsewhere. */
function restricted(plugin: AnyPlugin, points: readonly ExtensionPoint[], acts: (point: ExtensionPoint) => boolean): AnyPlugin {
  const only: { -readonly [K in keyof AnyPlugin]: AnyPlugin[K] } = { ...plugin };
  if (!acts("preEnqueue")) delete only.preEnqueue;
  if (!acts("queueSort")) delete only.compare;
  // Some of ours prepare what the real ones do not need to.
  if (!acts(points.includes("preFilter") ? "preFilter" : "filter")) delete only.preFilter;
  if (!acts("filter")) {
    delete only.filter;
    delete only.update;
  }
  if (!acts("preBind")) delete only.preBind;
  if (!acts("postFilter")) delete only.postFilter;
  if (!acts("score")) {
    delete only.preScore;
    delete only.score;
    delete only.normalize;
  }
  if (!acts("bind")) delete only.bind;
  return only;
}
