import { test } from "uvu";
import * as assert from "uvu/assert";
import { desired, fakeDeployment, fakeSnapshot, material } from "../../test/support/fake-snapshots.ts";
import type { Unchecked } from "../api/object.ts";
import type { RolloutStep } from "../cluster/snapshot.ts";
import { makePlan } from "./plan.ts";
import type { RolloutReport } from "./schema.ts";

const step = (atMs: number, updated: number, old: number, available: number): RolloutStep => ({
  atMs,
  desired: 3,
  updated,
  old,
  ready: available,
  available,
});

interface Case {
  readonly about: string;
  readonly deployment: Parameters<typeof fakeDeployment>[1];
  readonly steps: readonly RolloutStep[];
  readonly want: Partial<RolloutReport> | undefined;
}

/** The change is applied at 60 s. */
const CASES: readonly Case[] = [
  { about: "nothing moved", deployment: { replicas: 3, ready: 3 }, steps: [], want: undefined },
  {
    about: "one by one",
    deployment: { replicas: 3, ready: 3 },
    steps: [step(10_000, 0, 3, 3), step(60_000, 1, 3, 3), step(62_000, 1, 2, 2), step(70_000, 3, 0, 3)],
    want: { outcome: "completes", at: 3, seconds: 10, availableMin: 2, podsMax: 4, deadline: { kind: "none" } },
  },
  {
    about: "a scale-up without room never times out",
    deployment: { replicas: 3, ready: 2 },
    steps: [step(60_000, 3, 0, 1), step(61_000, 3, 0, 2)],
    want: { outcome: "waits", at: 2, deadline: { kind: "never" } },
  },
  {
    about: "a new revision that does not come up: the old Pods do not count",
    deployment: { replicas: 3, ready: 3, updated: 4, progressing: "ReplicaSetUpdated" },
    steps: [step(60_000, 1, 3, 3)],
    want: { outcome: "waits", at: 0, deadline: { kind: "after", seconds: 600 } },
  },
  {
    about: "one whose deadline is over",
    deployment: { replicas: 3, ready: 0, progressing: "ProgressDeadlineExceeded" },
    steps: [],
    want: { outcome: "waits", at: 0, deadline: { kind: "exceeded" } },
  },
];

for (const c of CASES) {
  test(c.about, () => {
    const d = fakeDeployment("web", c.deployment);
    const rollouts = [{ kind: "Deployment", namespace: "shop", name: "web", steps: c.steps, complete: false }];
    const plan = makePlan(material(fakeSnapshot([]), fakeSnapshot([d], { rollouts }), [desired(d as unknown as Unchecked)]));
    const report = plan.rollouts[0];
    assert.is(plan.rollouts.length, c.want ? 1 : 0);
    for (const [key, value] of Object.entries(c.want ?? {})) assert.equal(report?.[key as keyof RolloutReport], value, key);
  });
}

test("a paused rollout is no failure", () => {
  const d = fakeDeployment("web", { replicas: 3, ready: 1, updated: 1 });
  const paused = { ...d, spec: { ...d.spec, paused: true } };
  const plan = makePlan(material(fakeSnapshot([]), fakeSnapshot([paused]), [desired(paused as unknown as Unchecked)]));
  assert.equal([plan.rollouts[0]?.outcome, plan.verdict.level], ["paused", "healthy"]);
});

test.run();
