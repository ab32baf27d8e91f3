import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../../generated/v1.36/model.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";
import { node, pod } from "../../../test/support/scheduler-world.ts";
import { Informers } from "../../sim/informer.ts";
import { choose, nodesWanted, prepare, scoreNodes, search } from "./cycle.ts";
import { viewParts } from "./evaluate.ts";
import { DEFAULT_PROFILE } from "./profile.ts";
import { chooseQuickly } from "./quick-choice.ts";
import { columnsOf, totalsOf } from "./totals.ts";

const NODES = 320;

/** What happens before a Pod is placed. */
const arbitraryStep = fc.record({
  template: fc.constantFrom(0, 0, 0, 0, 0, 1),
  other: fc.constantFrom(
    "-",
    "-",
    "-",
    "-",
    "-",
    "-",
    "a Pod ends",
    "a node fills up",
    "a Pod is nominated",
    "many Pods end",
    "a node goes",
  ),
  place: fc.nat(NODES - 1),
});

const arbitraryCluster = fc.record({
  steps: fc.array(arbitraryStep, { minLength: 60, maxLength: 60 }),
  cpus: fc.array(fc.constantFrom("2", "4"), { minLength: 1, maxLength: 5 }),
  taints: fc.constantFrom("none", "none", "NoSchedule", "PreferNoSchedule"),
  anti: fc.boolean(),
  requests: fc.constantFrom("100m", "1500m"),
});
type Story = typeof arbitraryCluster extends fc.Arbitrary<infer T> ? T : never;

/** The nodes chosen with the size of each tie, and how many were chosen without a walk. */
function play(story: Story, quickly: boolean): { readonly chosen: readonly string[]; readonly quick: number } {
  const { cache, listers, nominator } = viewParts(new Informers(new MemoryClient()));
  const profile = DEFAULT_PROFILE;
  for (let i = 0; i < NODES; i++) {
    const taints = story.taints !== "none" && i % 7 === 0 ? { taints: [{ key: "k", effect: story.taints }] } : {};
    cache.setNode(
      node(`n${i}`, {
        labels: { "topology.kubernetes.io/zone": `z${i % 3}` },
        allocatable: { cpu: story.cpus[i % story.cpus.length]! },
        ...taints,
      }),
    );
  }
  const placed: Pod[] = [];
  const place = (p: Pod, nodeName: string): void => {
    const bound = { ...p, spec: { ...p.spec, nodeName } };
    placed.push(bound);
    cache.setPod(bound);
  };
  const end = (p: Pod | undefined): void => cache.removePod(`default/${p?.metadata.name}`);
  const chosen: string[] = [];
  let start = 0;
  let quick = 0;
  story.steps.forEach(({ template, other, place: at }, i) => {
    const nodes = cache.order().length;
    const name = cache.order()[at % nodes]!.name;
    if (other === "a Pod ends") end(placed.shift());
    if (other === "many Pods end") for (const p of placed.splice(0, 15)) end(p);
    if (other === "a node fills up") place(pod(`full-${i}`, { requests: { cpu: "2" } }), name);
    if (other === "a node goes") cache.removeNode(name);
    if (other === "a Pod is nominated") {
      const info = cache.shapes.infoOf(pod(`promised-${i}`, { priority: 1, requests: { cpu: "1500m" } }));
      nominator.set(info, name);
    }
    const labelSelector = { matchLabels: { app: "t1" } };
    const antiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector }] };
    const p = pod(`p${i}`, {
      labels: { app: `t${template}` },
      requests: { cpu: story.requests },
      ...(story.anti && template === 1 ? { affinity: { podAntiAffinity: antiAffinity } } : {}),
    });
    const context = { pod: cache.shapes.infoOf(p), cache, listers };
    const wanted = nodesWanted(cache.order().length, 0);
    const prepared = prepare(profile, context, quickly ? columnsOf(profile) : 0);
    const found = chooseQuickly(profile, prepared, nominator, start, wanted);
    if (found) {
      quick++;
      start = (start + found.processed) % cache.order().length;
      chosen.push(`${found.node.name} ${found.size} ${start}`);
      place(p, found.node.name);
      return;
    }
    const { feasible, processed } = search(prepared, nominator, start, wanted);
    start = (start + processed) % cache.order().length;
    const { index, size } = choose(quickly ? totalsOf(profile, prepared, feasible) : scoreNodes(profile, context, feasible).totals);
    chosen.push(`${feasible[index]?.name} ${size} ${start}`);
    if (feasible[index]) place(p, feasible[index].name);
  });
  return { chosen, quick };
}

test("without a walk every choice, and every tie, is the same as with one", () => {
  let quick = 0;
  fc.assert(
    fc.property(arbitraryCluster, (story) => {
      const quickly = play(story, true);
      const plainly = play(story, false);
      quick += quickly.quick;
      assert.is(plainly.quick, 0);
      assert.equal(quickly.chosen, plainly.chosen);
    }),
    { numRuns: 40 },
  );
  assert.ok(quick > 400, `only ${quick} of 2,400 choices were made without a walk`);
});

test.run();
