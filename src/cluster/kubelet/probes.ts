/**
 * When the probes of a container let it pass. Probes are taken to succeed: a plan cannot know better.
 * Simplified: the first probe comes exactly after its delay; a real one comes at the next turn of its period.
 * @see kubernetes pkg/kubelet/prober/worker.go
 */
import type { Container, Probe } from "../../../generated/v1.36/model.ts";

/** API defaults. @see kubernetes pkg/apis/core/v1/defaults.go */
const PERIOD_SECONDS = 10;
const SUCCESS_THRESHOLD = 1;

/** Milliseconds from the first look at the container to the success of the probe. */
function passesAfterMs(probe: Probe): number {
  const successes = probe.successThreshold ?? SUCCESS_THRESHOLD;
  return ((probe.initialDelaySeconds ?? 0) + (successes - 1) * (probe.periodSeconds ?? PERIOD_SECONDS)) * 1000;
}

export interface ProbeDelays {
  /** From running to started: the startup probe has passed. */
  readonly startedMs: number;
  /** From running to ready: the readiness probe, which begins once the container has started, has passed too. */
  readonly readyMs: number;
}

/** The delays of a container from the moment at which it runs. `initialDelaySeconds` counts from there for both probes. */
export function probeDelays(container: Pick<Container, "startupProbe" | "readinessProbe">): ProbeDelays {
  const startedMs = container.startupProbe ? passesAfterMs(container.startupProbe) : 0;
  if (!container.readinessProbe) return { startedMs, readyMs: startedMs };
  const readiness = container.readinessProbe;
  const firstMs = Math.max(startedMs, (readiness.initialDelaySeconds ?? 0) * 1000);
  return { startedMs, readyMs: firstMs + passesAfterMs({ ...readiness, initialDelaySeconds: 0 }) };
}
