/** The profile of a scheduler that nobody configured. */
import type { Profile } from "./framework.ts";
import { PLUGINS } from "./registry.ts";

export const DEFAULT_PROFILE: Profile = {
  schedulerName: "default-scheduler",
  percentageOfNodesToScore: 0,
  plugins: PLUGINS.map(({ plugin, weight }) => ({ plugin, weight })),
};
