import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Lease } from "../../generated/v1.36/model.ts";
import { isRenewing, lastRenewedMs, RENEWING_ANNOTATION } from "./heartbeat.ts";
import { Loop } from "./loop.ts";

function lease(loop: Loop, renewedMs: number | undefined, renewing: boolean): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "n", annotations: renewing ? { [RENEWING_ANNOTATION]: "true" } : {} },
    spec: renewedMs === undefined ? {} : { renewTime: loop.microTimestamp(renewedMs) },
  };
}

test("while it goes on, a Lease was renewed ten seconds ago at most; else when it says", () => {
  const loop = new Loop({ startsAtSecond: 7 });
  const cases: [nowSeconds: number, renewedSeconds: number | undefined, renewing: boolean, wantSeconds: number | undefined][] = [
    [0, undefined, true, undefined],
    [0, 0, true, 0],
    [5, 3, true, 3],
    [12.999, 3, true, 3],
    [13, 3, true, 13],
    [99, 3, true, 93],
    [100, 3, false, 3],
  ];
  for (const [now, renewed, renewing, want] of cases) {
    loop.skipTo(now * 1000);
    const given = lease(loop, renewed === undefined ? undefined : renewed * 1000, renewing);
    assert.is(isRenewing(given), renewing);
    assert.is(lastRenewedMs(given, loop), want === undefined ? undefined : want * 1000, `${now} ${renewed}`);
  }
});

test.run();
