/** The timeline of a plan: pictures of the rollouts that move something, and what is reported meanwhile. */
import type { Plan, RolloutReport, TimelineEvent } from "../schema.ts";
import { blockLine, fewestReady } from "../timeline.ts";

export interface RolloutPicture {
  readonly rollout: RolloutReport;
  /** One block per stretch of time: the fewest ready Pods in it. */
  readonly blocks: string;
}

/** Of the rollouts that change what was there, and of those that do not get to their end; where nothing is ever ready there is nothing to see. */
export function rolloutPictures(plan: Plan, columns: number): readonly RolloutPicture[] {
  // A picture goes on for a tenth longer than anything happens, so that how it ends is seen.
  const toMs = Math.max(1, plan.timeline.seconds * 1100);
  return plan.rollouts
    .filter((r) => r.steps.some((s) => s.ready > 0) && r.steps.length > 1 && (!r.first || r.outcome !== "completes"))
    .map((rollout) => {
      const samples = rollout.steps.map((s) => ({
        atMs: s.atSeconds * 1000,
        desired: rollout.desired,
        ready: s.ready,
        pods: s.updated + s.old,
      }));
      const full = samples.reduce((most, s) => Math.max(most, s.ready), rollout.desired);
      return { rollout, blocks: blockLine(fewestReady(samples, 0, toMs, columns), full) };
    });
}

/** `4.2 s`, `10 min 1 s`. */
export function virtualTime(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${seconds} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `Pod shop/web-1 and 2 more`. */
export function eventObject({ object, others }: TimelineEvent): string {
  return others === 0 ? object : `${object} and ${others} more`;
}
