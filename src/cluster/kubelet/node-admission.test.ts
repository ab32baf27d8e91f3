import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container, Pod, PodSpec } from "../../../generated/v1.36/model.ts";
import { node, pod } from "../../../test/support/kubelet-world.ts";
import { rejection } from "./node-admission.ts";

const NODE = node("node-1", {
  metadata: { name: "node-1", labels: { disk: "ssd" } },
  status: { allocatable: { cpu: "2", memory: "1Gi", pods: "3", "example.com/gpu": "1" } },
});

const c = (requests: Readonly<Record<string, string>>, more: Partial<Container> = {}): Container => ({
  name: "c",
  image: "a:1",
  resources: { requests },
  ...more,
});
const asks = (requests: Readonly<Record<string, string>>, more: Partial<PodSpec> = {}): Pod =>
  pod("p", { containers: [c(requests)], ...more });
const port = (hostPort: number, more: object = {}): Pod =>
  pod("p", { containers: [{ name: "c", image: "a:1", ports: [{ containerPort: 80, hostPort, ...more }] }] });

test("what a kubelet refuses, and what it says", () => {
  const ports = "NodePorts Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
  const cases: [Pod, Pod[], string | undefined][] = [
    [asks({ cpu: "2", memory: "1Gi" }), [], undefined],
    [
      asks({ cpu: "1500m" }),
      [asks({ cpu: "600m" })],
      "OutOfcpu Node didn't have enough resource: cpu, requested: 1500, used: 600, capacity: 2000",
    ],
    [asks({ cpu: "3", memory: "2Gi" }), [], "OutOfcpu Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 2000"],
    [
      asks({ memory: "2Gi" }),
      [],
      "OutOfmemory Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
    ],
    [
      asks({ "example.com/gpu": "1" }),
      [asks({ "example.com/gpu": "1" })],
      "OutOfexample.com/gpu Node didn't have enough resource: example.com/gpu, requested: 1, used: 1, capacity: 1",
    ],
    [asks({ "example.com/unknown": "1" }), [], undefined],
    [asks({}), [asks({}), asks({}), asks({})], "OutOfpods Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3"],
    [asks({ cpu: "1" }, { initContainers: [c({ cpu: "2" })] }), [], undefined],
    [
      asks({ cpu: "1" }, { initContainers: [c({ cpu: "500m" }, { restartPolicy: "Always" }), c({ cpu: "2" })] }),
      [],
      "OutOfcpu Node didn't have enough resource: cpu, requested: 2500, used: 0, capacity: 2000",
    ],
    [
      asks({ cpu: "2" }, { overhead: { cpu: "1m" } }),
      [],
      "OutOfcpu Node didn't have enough resource: cpu, requested: 2001, used: 0, capacity: 2000",
    ],
    [asks({}, { nodeSelector: { disk: "ssd" } }), [], undefined],
    [
      asks({}, { nodeSelector: { disk: "hdd" } }),
      [],
      "NodeAffinity Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    [port(80), [port(80)], ports],
    [port(80), [port(81), port(80, { protocol: "UDP" })], undefined],
    [port(80, { hostIP: "10.0.0.1" }), [port(80, { hostIP: "10.0.0.2" })], undefined],
    [port(80, { hostIP: "10.0.0.1" }), [port(80)], ports],
  ];
  for (const [given, others, want] of cases) {
    const found = rejection(given, NODE, others);
    assert.is(found && `${found.reason} ${found.message}`, want, JSON.stringify(given.spec));
  }
});

test.run();
