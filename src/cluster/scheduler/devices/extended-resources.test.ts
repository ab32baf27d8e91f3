import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container } from "../../../../generated/v1.36/model.ts";
import { pod } from "../../../../test/support/scheduler-world.ts";
import { requestsFor } from "./extended-resources.ts";

const GPU = "example.com/gpu";
const NIC = "example.com/nic";
const classes = new Map([
  [GPU, "gpu"],
  [NIC, "nic"],
]);
const c = (name: string, requests: Record<string, string>, sidecar = false): Container => ({
  name,
  image: "app:1",
  resources: { requests },
  ...(sidecar ? { restartPolicy: "Always" as const } : {}),
});

/** Init containers, containers → requests (`name class×count`), who uses which. */
const CASES: readonly (readonly [about: string, init: readonly Container[], main: readonly Container[], requests: string, uses: string])[] =
  [
    ["one", [], [c("a", { cpu: "1", [GPU]: "2" })], "container-0-request-1 gpu×2", "a:container-0-request-1"],
    [
      "each container its own",
      [],
      [c("a", { [GPU]: "1" }), c("b", { [GPU]: "1", [NIC]: "1" })],
      "container-0-request-0 gpu×1, container-1-request-0 gpu×1, container-1-request-1 nic×1",
      "a:container-0-request-0 b:container-1-request-0 b:container-1-request-1",
    ],
    [
      "an init container uses what the others will have",
      [c("i", { [GPU]: "1" })],
      [c("a", { [GPU]: "2" })],
      "container-1-request-0 gpu×2",
      "a:container-1-request-0 i:container-1-request-0",
    ],
    [
      "what an init container needs beyond",
      [c("i", { [GPU]: "3" })],
      [c("a", { [GPU]: "1" }), c("b", { [GPU]: "1" })],
      "container-0-request-0 gpu×1, container-1-request-0 gpu×1, container-2-request-0 gpu×1",
      "a:container-1-request-0 b:container-2-request-0 i:container-1-request-0 i:container-2-request-0 i:container-0-request-0",
    ],
    [
      "of several init containers the greediest",
      [c("i", { [GPU]: "1" }), c("j", { [GPU]: "3" })],
      [c("a", {})],
      "container-1-request-0 gpu×3",
      "i:container-1-request-0 j:container-1-request-0",
    ],
    [
      "a sidecar keeps its own; the init containers before it may use it",
      [c("i", { [GPU]: "1" }), c("s", { [GPU]: "1" }, true), c("j", { [GPU]: "1" })],
      [c("a", {})],
      "container-1-request-0 gpu×1, container-2-request-0 gpu×1",
      "s:container-1-request-0 i:container-1-request-0 j:container-2-request-0",
    ],
  ];
for (const [about, initContainers, containers, requests, uses] of CASES) {
  test(`requests for devices: ${about}`, () => {
    const made = requestsFor(pod("p", { initContainers, containers }), classes);
    assert.is(made.requests.map((r) => `${r.name} ${r.exactly?.deviceClassName}×${r.exactly?.count}`).join(", "), requests);
    assert.is(made.mappings.map((m) => `${m.containerName}:${m.requestName}`).join(" "), uses);
  });
}

test.run();
