/** The profile of a scheduler that nobody configured. */
import { invariant } from "../../lib/invariant.ts";
import type { AnyPlugin, Profile } from "./framework.ts";
import { PLUGINS } from "./registry.ts";
import { columnsOf } from "./totals.ts";

export const DEFAULT_PROFILE: Profile = {
  schedulerName: "default-scheduler",
  percentageOfNodesToScore: 0,
  plugins: PLUGINS.map(({ plugin, weight }) => ({ plugin, weight })),
};

/** What exactly one plugin does. */
export function theOne<K extends "bind" | "compare">({ plugins }: Profile, what: K): NonNullable<AnyPlugin[K]> {
  const doing = plugins.map(({ plugin }) => plugin[what]).filter((f) => f !== undefined);
  invariant(doing.length === 1 && doing[0], `one plugin of the profile has ${what}`);
  return doing[0];
}

/** What is worked out once for a profile. */
export interface ProfileParts {
  readonly bind: NonNullable<AnyPlugin["bind"]>;
  /** Of the tables that identical Pods share. */
  readonly columns: number;
  /** Whether nodes are compared: if not, the first that will do is as good as any. */
  readonly scores: boolean;
}

export function partsOf(profile: Profile): ProfileParts {
  const scores = profile.plugins.some(({ plugin, weight }) => plugin.score !== undefined && weight > 0);
  return { bind: theOne(profile, "bind"), columns: columnsOf(profile), scores };
}
