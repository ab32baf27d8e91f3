/** The order in which objects are checked: as given, but for what others refer to, and for kinds that nothing depends on. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkOrder } from "./check-order.ts";

const CONFIG = "v1 ConfigMap";
const DEPLOYMENT = "apps/v1 Deployment";
const SERVICE = "v1 Service";
const QUOTA = "v1 ResourceQuota";
const POLICY = "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy";

const CASES: readonly (readonly [name: string, given: readonly string[], stages: readonly (readonly number[])[]])[] = [
  ["nothing", [], []],
  ["kind by kind, each in its order", [DEPLOYMENT, SERVICE, DEPLOYMENT, CONFIG, SERVICE], [[0, 2, 1, 4, 3]]],
  ["what others refer to is a stage of its own", [SERVICE, "v1 ServiceAccount", "v1 Namespace", SERVICE], [[2], [1], [0, 3]]],
  ["nothing passes what is not independent", [SERVICE, CONFIG, QUOTA, SERVICE, CONFIG, SERVICE], [[0, 1, 2, 3, 5, 4]]],
  ["a kind of the same name in another group", [SERVICE, "serving.knative.dev/v1 Service", CONFIG, SERVICE], [[0, 1, 2, 3]]],
  ["with an admission policy all stay where they are", [SERVICE, CONFIG, SERVICE, POLICY], [[0, 1, 2, 3]]],
];

for (const [name, given, stages] of CASES)
  test(name, () => {
    const objects = given.map((text) => {
      const [apiVersion = "", kind = ""] = text.split(" ");
      return { apiVersion, kind };
    });
    assert.equal(checkOrder(objects), stages);
  });

test.run();
