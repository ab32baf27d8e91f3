import { test } from "uvu";
import * as assert from "uvu/assert";
import { amountsOf } from "../../../api/quota/amounts.ts";
import { limitErrors, maxRequestErrors } from "./limits.ts";

type List = Record<string, string>;
const cases: readonly [string, { min?: List; max?: List; maxLimitRequestRatio?: List }, List, List, readonly string[]][] = [
  ["within", { min: { cpu: "50m" }, max: { cpu: "1" } }, { cpu: "100m" }, { cpu: "1" }, []],
  ["below the minimum", { min: { cpu: "50m" } }, { cpu: "10m" }, {}, ["minimum cpu usage per Container is 50m, but request is 10m"]],
  ["no request under a minimum", { min: { cpu: "50m" } }, {}, {}, ["minimum cpu usage per Container is 50m.  No request is specified"]],
  ["above the maximum", { max: { cpu: "1" } }, {}, { cpu: "2" }, ["maximum cpu usage per Container is 1, but limit is 2"]],
  ["no limit under a maximum", { max: { cpu: "1" } }, { cpu: "1" }, {}, ["maximum cpu usage per Container is 1.  No limit is specified"]],
  [
    "too wide",
    { maxLimitRequestRatio: { cpu: "10" } },
    { cpu: "100m" },
    { cpu: "2" },
    ["cpu max limit to request ratio per Container is 10, but provided ratio is 20.000000"],
  ],
  ["exactly as wide", { maxLimitRequestRatio: { cpu: "10" } }, { cpu: "100m" }, { cpu: "1" }, []],
];
for (const [name, item, requests, limits, want] of cases) {
  test(name, () => assert.equal(limitErrors({ type: "Container", ...item }, amountsOf(requests), amountsOf(limits)), want));
}

test("a claim's request is bounded itself", () => {
  const errors = maxRequestErrors({ type: "PersistentVolumeClaim", max: { storage: "5Gi" } }, amountsOf({ storage: "10Gi" }));
  assert.equal(errors, ["maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 10Gi"]);
});

test.run();
