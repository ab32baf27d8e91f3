import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod, ResourceRequirements } from "../../../generated/v1.36/model.ts";
import { qosClassOf } from "./qos.ts";

const both = (cpu: string, memory: string): ResourceRequirements => ({ requests: { cpu, memory }, limits: { cpu, memory } });

/** Containers, init containers and the Pod's own resources → the class. */
const CASES: readonly (readonly [
  what: string,
  containers: readonly ResourceRequirements[],
  init: readonly ResourceRequirements[],
  own: ResourceRequirements | undefined,
  wanted: string,
])[] = [
  ["nothing", [{}], [], undefined, "BestEffort"],
  ["zero is nothing", [both("0", "0")], [], undefined, "BestEffort"],
  ["another resource is nothing", [{ requests: { "ephemeral-storage": "1Gi" } }], [], undefined, "BestEffort"],
  ["a request", [{ requests: { cpu: "1" } }], [], undefined, "Burstable"],
  ["all limited, as requested", [both("1", "1Gi")], [], undefined, "Guaranteed"],
  [
    "equal amounts, written otherwise",
    [{ requests: { cpu: "1000m", memory: "1Gi" }, limits: { cpu: "1", memory: "1024Mi" } }],
    [],
    undefined,
    "Guaranteed",
  ],
  ["less requested", [{ requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "1Gi" } }], [], undefined, "Burstable"],
  ["memory without a limit", [{ requests: { cpu: "1" }, limits: { cpu: "1" } }], [], undefined, "Burstable"],
  ["one container of two", [both("1", "1Gi"), {}], [], undefined, "Burstable"],
  ["an init container counts", [both("1", "1Gi")], [{}], undefined, "Burstable"],
  ["the Pod's own decide alone", [{}], [], both("1", "1Gi"), "Guaranteed"],
  ["the Pod's own, stating nothing, do not", [both("1", "1Gi")], [], {}, "Guaranteed"],
];
for (const [what, containers, init, own, wanted] of CASES)
  test(`${what}: ${wanted}`, () => {
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: {
        containers: containers.map((resources, i) => ({ name: `c${i}`, resources })),
        initContainers: init.map((resources, i) => ({ name: `i${i}`, resources })),
        resources: own,
      },
    };
    assert.is(qosClassOf(pod), wanted);
  });

test.run();
