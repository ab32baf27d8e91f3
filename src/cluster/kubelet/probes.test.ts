import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Probe } from "../../../generated/v1.36/model.ts";
import { probeDelays } from "./probes.ts";

test("when a container has started, and when it is ready", () => {
  const cases: [startup: Probe | undefined, readiness: Probe | undefined, startedSeconds: number, readySeconds: number][] = [
    [undefined, undefined, 0, 0],
    [undefined, {}, 0, 0],
    [undefined, { initialDelaySeconds: 10 }, 0, 10],
    [undefined, { initialDelaySeconds: 10, periodSeconds: 5, successThreshold: 3 }, 0, 20],
    [undefined, { successThreshold: 2 }, 0, 10],
    [{ initialDelaySeconds: 30 }, undefined, 30, 30],
    [{ initialDelaySeconds: 30 }, { initialDelaySeconds: 10 }, 30, 30],
    [{ initialDelaySeconds: 30 }, { initialDelaySeconds: 40, periodSeconds: 2, successThreshold: 2 }, 30, 42],
  ];
  for (const [startupProbe, readinessProbe, startedSeconds, readySeconds] of cases)
    assert.equal(
      probeDelays({ startupProbe, readinessProbe }),
      { startedMs: startedSeconds * 1000, readyMs: readySeconds * 1000 },
      JSON.stringify([startupProbe, readinessProbe]),
    );
});

test.run();
