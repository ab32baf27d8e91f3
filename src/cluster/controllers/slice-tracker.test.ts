import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EndpointSlice } from "../../../generated/v1.36/model.ts";
import { SliceTracker } from "./slice-tracker.ts";

const slice = (uid: string, generation: number): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: uid, uid, generation },
  addressType: "IPv4",
  endpoints: [],
});

test("after a write the cache of that Service is stale for a moment, of no other", () => {
  const tracker = new SliceTracker();
  assert.is(tracker.isStale("a/web", 0), false);
  tracker.wrote("a/web", slice("s", 1), 1000);
  for (const [service, nowMs, want] of [
    ["a/web", 1000, true],
    ["a/web", 1029, true],
    ["a/web", 1030, false],
    ["a/other", 1000, false],
  ] as const)
    assert.is(tracker.isStale(service, nowMs), want, `${service} ${nowMs}`);
});

test("slices that somebody else wrote or removed are told from the controller's own", () => {
  const tracker = new SliceTracker();
  tracker.wrote("a/web", slice("s", 2), 0);
  for (const [service, seen, want] of [
    ["a/web", slice("s", 1), false],
    ["a/web", slice("s", 2), false],
    ["a/web", slice("s", 3), true],
    ["a/web", slice("t", 1), true],
    ["a/other", slice("s", 2), true],
  ] as const)
    assert.is(tracker.isForeign(service, seen), want, `${service} ${seen.metadata.name} ${seen.metadata.generation}`);
  assert.is(tracker.expects("a/web", slice("s", 2)), true);
  tracker.removed("a/web", slice("s", 2));
  assert.is(tracker.expects("a/web", slice("s", 2)), false);
  tracker.wrote("a/web", slice("s", 4), 0);
  tracker.forget("a/web");
  assert.is(tracker.expects("a/web", slice("s", 4)), false);
});

test.run();
