/**
 * Load profiles: a scenario writes down on the autoscaler how much load there is in all, and when; the ready Pods share it.
 *
 * Annotation `seatrial.dev/load-<metric>`, such as `seatrial.dev/load-cpu: "500m, 60s=4, 300s=1"`: half a CPU from the autoscaler's creation on, four
 * from a minute later, one from five minutes later. For metrics of objects and from outside, the value itself.
 */
import type { HorizontalPodAutoscaler } from "../../../generated/v1.36/model.ts";
import { milliOf, parseQuantity } from "../../lib/quantity.ts";
import type { Loop } from "../../sim/loop.ts";
import type { Measured, MetricsSource, Unmeasured } from "../../sim/metrics.ts";
import { isPodActive, isPodReady } from "./pods.ts";

const PREFIX = "seatrial.dev/load-";
/** A metrics server measures over so long, in milliseconds. */
const WINDOW_MS = 30_000;

/** The amount at a time, in thousandths; `undefined` when the text is no profile. */
export function loadAt(profile: string, sinceMs: number): number | undefined {
  let load = 0;
  for (const [i, part] of profile.split(",").entries()) {
    const { seconds, amount } = /^\s*(?:(?<seconds>\d+(?:\.\d+)?)s=)?(?<amount>[^=\s]+)\s*$/.exec(part)?.groups ?? {};
    const quantity = amount === undefined ? undefined : parseQuantity(amount);
    if (!quantity || (seconds === undefined && i > 0)) return undefined;
    if (Number(seconds ?? 0) * 1000 <= sinceMs) load = Number(milliOf(quantity));
  }
  return load;
}

/** Asks the profiles first, then `others`. */
export function withLoads(others: MetricsSource, loop: Loop): MetricsSource {
  const load = ({ metadata }: HorizontalPodAutoscaler, metric: string): number | Unmeasured | undefined => {
    const profile = metadata.annotations?.[PREFIX + metric];
    if (profile === undefined) return undefined;
    const createdMs = metadata.creationTimestamp === undefined ? 0 : loop.instantOf(metadata.creationTimestamp);
    const found = loadAt(profile, loop.now() - createdMs);
    return found ?? { error: `the annotation ${PREFIX}${metric} is no load profile such as "500m, 60s=4": ${JSON.stringify(profile)}` };
  };
  type Pods = Parameters<MetricsSource["resource"]>[0]["pods"];
  const shared = (total: number, pods: Pods): ReadonlyMap<string, Measured> => {
    const serving = pods.filter((p) => isPodActive(p) && isPodReady(p));
    const milli = Math.round(total / Math.max(1, serving.length));
    return new Map(serving.map((p) => [p.metadata.name, { milli, atMs: loop.now(), windowMs: WINDOW_MS }]));
  };
  return {
    resource(query) {
      const total = load(query.autoscaler, query.resource);
      if (total === undefined) return others.resource(query);
      return typeof total === "number" ? shared(total, query.pods) : total;
    },
    pods(query) {
      const total = load(query.autoscaler, query.metric);
      if (total === undefined) return others.pods(query);
      return typeof total === "number" ? shared(total, query.pods) : total;
    },
    object: (query) => load(query.autoscaler, query.metric) ?? others.object(query),
    external: (query) => load(query.autoscaler, query.metric) ?? others.external(query),
  };
}
