/** What the eviction of a Pod is answered, by its budget's status. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod, PodDisruptionBudget } from "../../../generated/v1.36/model.ts";
import { type KubeObject, kindOf, type Unchecked } from "../../api/object.ts";
import type { Answer } from "../../sim/answer.ts";
import { evict } from "./eviction.ts";
import { accepted, type Fixture, fixture, POD, pod } from "./server-fixture.ts";

const BUDGET = kindOf<PodDisruptionBudget>("policy/v1", "PodDisruptionBudget");
const COUNTS = { observedGeneration: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, disruptionsAllowed: 1 };
const condition = (reason: string, message: string): Unchecked => ({
  conditions: [{ type: "DisruptionAllowed", status: "False", reason, message, lastTransitionTime: "2026-01-01T00:00:00Z" }],
});
const manyPods = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, "2026-01-01T00:00:00Z"]));

/** A Pod that runs and is not ready, and a budget that selects it. */
function start(
  budgets: readonly { readonly name: string; readonly spec?: Unchecked; readonly status: Unchecked }[],
  ready: string,
): Fixture {
  const made = fixture();
  const { server } = made;
  const stored = accepted(server.create(pod("web", {}, { namespace: "default", labels: { app: "web" } })));
  const status = { ...(stored as Pod).status, phase: "Running", conditions: [{ type: "Ready", status: ready }] };
  accepted(server.updateStatus({ ...stored, status } as KubeObject));
  for (const { name, spec, status: counts } of budgets) {
    const budget = accepted(
      server.create({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name, namespace: "default" },
        spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } }, ...spec },
      }),
    );
    accepted(server.trustedClient("test").updateStatus({ ...budget, status: { ...COUNTS, ...counts } } as KubeObject));
  }
  return made;
}

function evicted({ server, loop }: Fixture): Answer {
  return evict(server, loop, server.get(POD, "web", "default") as Pod);
}

const REFUSED: readonly (readonly [string, Unchecked, number, string])[] = [
  ["not yet seen", { observedGeneration: 0 }, 429, "The disruption budget b is still being processed by the server."],
  [
    "no Pod to spare",
    { disruptionsAllowed: 0, currentHealthy: 2 },
    429,
    "The disruption budget b needs 2 healthy pods and has 2 currently",
  ],
  [
    "a sync that failed, whatever the counts",
    { disruptionsAllowed: 0, currentHealthy: 0, ...condition("SyncFailed", "no scale") },
    429,
    "The disruption budget b does not allow evicting pods currently because it failed sync: no scale",
  ],
  [
    "enough Pods, and a reason",
    { disruptionsAllowed: 0, ...condition("Paused", "for today") },
    429,
    "The disruption budget b does not allow evicting pods currently (Paused): for today",
  ],
  [
    "enough Pods, and no reason",
    { disruptionsAllowed: 0, ...condition("InsufficientPods", "") },
    429,
    "The disruption budget b does not allow evicting pods currently",
  ],
  [
    "less than nothing",
    { disruptionsAllowed: -1 },
    403,
    'poddisruptionbudget.policy "b" is forbidden: pdb disruptions allowed is negative',
  ],
  [
    "too many under way",
    { disruptedPods: manyPods },
    403,
    'poddisruptionbudget.policy "b" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller',
  ],
];

for (const [what, status, code, text] of REFUSED) {
  test(`refused: ${what}`, () => {
    const answer = evicted(start([{ name: "b", status }], "True"));
    assert.is(answer.code, code);
    assert.is(code === 429 && "causes" in answer ? answer.causes?.[0]?.message : answer.message, text);
  });
}

test("two budgets: an error without a reason", () => {
  const made = start(
    [
      { name: "a", status: {} },
      { name: "b", status: {} },
    ],
    "True",
  );
  const answer = evicted(made);
  assert.equal([answer.code, answer.reason], [500, ""]);
});

/** What is left of the one disruption that was allowed, and what the budget tells then. */
const UNREADY: readonly (readonly [string, Unchecked, Unchecked, number])[] = [
  ["a budget that is met lets it go uncounted", {}, {}, 1],
  ["a budget that is not met counts it", {}, { currentHealthy: 1 }, 0],
  ["AlwaysAllow lets it go uncounted", { unhealthyPodEvictionPolicy: "AlwaysAllow" }, { currentHealthy: 1 }, 1],
];
for (const [what, spec, status, left] of UNREADY) {
  test(`a Pod that is not ready: ${what}`, () => {
    const made = start([{ name: "b", spec, status }], "False");
    assert.is(evicted(made).code, 200);
    const after = made.server.get(BUDGET, "b", "default")?.status;
    assert.is(after?.disruptionsAllowed, left);
    const told = after?.conditions?.map((c) => `${c.type} ${c.status} ${c.reason}`) ?? [];
    assert.equal(told, left === 0 ? ["DisruptionAllowed False InsufficientPods"] : []);
  });
}

test.run();
