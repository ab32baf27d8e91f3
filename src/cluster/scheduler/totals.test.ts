import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryClient } from "../../../test/support/memory-client.ts";
import { node, pod } from "../../../test/support/scheduler-world.ts";
import { Informers } from "../../sim/informer.ts";
import { choose, prepare, scoreNodes, search } from "./cycle.ts";
import { viewParts } from "./evaluate.ts";
import { DEFAULT_PROFILE } from "./profile.ts";
import { columnsOf, totalsOf } from "./totals.ts";

const cpu = (amount: string): Record<string, string> => ({ cpu: amount });

const arbitraryPod = fc.record({
  template: fc.nat(3),
  cpu: fc.constantFrom("0", "100m", "500m", "2"),
  toleration: fc.boolean(),
  spread: fc.constantFrom("none", "hard", "soft"),
  anti: fc.boolean(),
  preferred: fc.boolean(),
});

test("with the tables of identical Pods every choice is the same as without", () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryPod, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(3), { minLength: 5, maxLength: 40 }),
      fc.nat(6),
      (templates, order, taints) => {
        const make = (shared: boolean): string[] => {
          const client = new MemoryClient();
          const { cache, listers, nominator } = viewParts(new Informers(client));
          const profile = DEFAULT_PROFILE;
          for (let i = 0; i < 7; i++) {
            const effect = i % 2 ? ("NoSchedule" as const) : ("PreferNoSchedule" as const);
            cache.setNode(node(`n${i}`, { labels: { zone: `z${i % 3}` }, ...(i < taints ? { taints: [{ key: "k", effect }] } : {}) }));
          }
          const chosen: string[] = [];
          order.forEach((pick, i) => {
            const t = templates[pick % templates.length]!;
            const labels = { app: `t${t.template}` };
            const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
            const p = pod(`p${i}`, {
              labels,
              requests: cpu(t.cpu),
              ...(t.toleration ? { tolerations: [{ operator: "Exists" as const }] } : {}),
              ...(t.spread === "none"
                ? {}
                : {
                    topologySpreadConstraints: [
                      {
                        maxSkew: 1,
                        topologyKey: "zone",
                        whenUnsatisfiable: t.spread === "hard" ? ("DoNotSchedule" as const) : ("ScheduleAnyway" as const),
                        labelSelector: { matchLabels: labels },
                      },
                    ],
                  }),
              affinity: {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: t.anti ? [term] : [],
                  preferredDuringSchedulingIgnoredDuringExecution: t.preferred ? [{ weight: 10, podAffinityTerm: term }] : [],
                },
              },
            });
            const context = { pod: cache.shapes.infoOf(p), cache, listers };
            const prepared = prepare(profile, context, shared ? columnsOf(profile) : 0);
            const { feasible, diagnosis } = search(prepared, nominator, i, 5);
            const totals = shared ? totalsOf(profile, prepared, feasible) : scoreNodes(profile, context, feasible).totals;
            const refusals = cache.order().map((n) => diagnosis.refusals.get(n)?.reasons.join() ?? "-");
            const best = feasible[choose(totals).index];
            chosen.push(`${best?.name} ${[...totals].join()} ${refusals.join("|")}`);
            if (best) cache.setPod({ ...p, spec: { ...p.spec, nodeName: best.name } });
          });
          return chosen;
        };
        assert.equal(make(true), make(false));
      },
    ),
    { numRuns: 60 },
  );
});

test.run();
