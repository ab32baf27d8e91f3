/**
 * How fast Nodes that do not answer are tainted, zone by zone: when many fail at once, it is more likely the network than the Nodes.
 * @see kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (ComputeZoneState, setLimiterInZone)
 */

export type ZoneState = "Normal" | "PartialDisruption" | "FullDisruption";

/** Between two Nodes of a zone, in milliseconds: in general, and in a large zone that is partly disrupted. */
const INTERVAL_MS = 10_000;
const SLOW_INTERVAL_MS = 100_000;
/** Up to so many Nodes a zone is small: partly disrupted, it loses no more. */
const LARGE_ZONE = 50;
const UNHEALTHY_SHARE = 0.55;

/**
 * | ready | not ready | |
 * |---|---|---|
 * | 0 | > 0 | FullDisruption |
 * | 2 | 3 | PartialDisruption: more than two, and 55 % or more |
 * | 3 | 2 | Normal |
 */
export function zoneState(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return "FullDisruption";
  return notReady > 2 && notReady / (notReady + ready) >= UNHEALTHY_SHARE ? "PartialDisruption" : "Normal";
}

/** Milliseconds between two Nodes of the zone; `undefined`: none is tainted. */
export function taintIntervalMs(state: ZoneState, size: number, allDisrupted: boolean): number | undefined {
  if (allDisrupted) return undefined;
  if (state !== "PartialDisruption") return INTERVAL_MS;
  return size > LARGE_ZONE ? SLOW_INTERVAL_MS : undefined;
}
