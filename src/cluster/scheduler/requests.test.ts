import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container, Pod } from "../../../generated/v1.36/model.ts";
import { podRequests } from "./requests.ts";

const asks = (requests: Record<string, string>, more: Partial<Container> = {}): Container => ({
  name: "c",
  resources: { requests },
  ...more,
});
const sidecar = { restartPolicy: "Always" };
const Mi = 1024 * 1024;

/** What the spec says → milli-CPU, MiB, and what scoring assumes of both. */
const CASES: readonly (readonly [string, Pod["spec"], readonly [number, number, number, number]])[] = [
  ["nothing asked for", { containers: [asks({})] }, [0, 0, 100, 200]],
  ["two containers add up", { containers: [asks({ cpu: "250m", memory: "64Mi" }), asks({ cpu: "1" })] }, [1250, 64, 1250, 264]],
  ["an explicit zero is an answer", { containers: [asks({ cpu: "0", memory: "0" })] }, [0, 0, 0, 0]],
  [
    "a larger init container counts alone",
    { containers: [asks({ cpu: "1" })], initContainers: [asks({ cpu: "3", memory: "1Gi" })] },
    [3000, 1024, 3000, 1024],
  ],
  [
    "of two init containers the larger",
    { containers: [asks({ cpu: "1" })], initContainers: [asks({ cpu: "2" }), asks({ cpu: "3" })] },
    [3000, 0, 3000, 200],
  ],
  [
    "a sidecar runs beside the containers",
    { containers: [asks({ cpu: "1" })], initContainers: [asks({ cpu: "500m" }, sidecar)] },
    [1500, 0, 1500, 400],
  ],
  [
    "an init container runs beside the sidecars before it",
    {
      containers: [asks({ cpu: "1" })],
      initContainers: [asks({ cpu: "500m" }, sidecar), asks({ cpu: "2" }), asks({ cpu: "100m" }, sidecar)],
    },
    [2500, 0, 2500, 600],
  ],
  [
    "overhead is added",
    { containers: [asks({ cpu: "1", memory: "1Gi" })], overhead: { cpu: "250m", memory: "120Mi" } },
    [1250, 1144, 1250, 1144],
  ],
  [
    "Pod-level requests replace the sum",
    { containers: [asks({ cpu: "1" })], resources: { requests: { cpu: "2", memory: "1Gi" } } },
    [2000, 1024, 2000, 1024],
  ],
  [
    "and leave what they do not name",
    { containers: [asks({ cpu: "1" })], resources: { requests: { memory: "1Gi" } } },
    [1000, 1024, 1000, 1024],
  ],
  [
    "fractions are summed before they are rounded up",
    { containers: [asks({ memory: "500m" }), asks({ memory: "500m" })] },
    [0, 1 / Mi, 200, 1 / Mi],
  ],
];

for (const [name, spec, want] of CASES) {
  test(name, () => {
    const r = podRequests({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec });
    assert.equal([r.milliCpu, r.memory / Mi, r.nonZeroMilliCpu, r.nonZeroMemory / Mi], want);
  });
}

test("extended resources and huge pages, in order of name, without zeros", () => {
  const spec = {
    containers: [asks({ "nvidia.com/gpu": "2", "hugepages-2Mi": "4Mi", "example.com/none": "0" }), asks({ "nvidia.com/gpu": "1" })],
  };
  assert.equal(podRequests({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec }).scalars, [
    ["hugepages-2Mi", 4 * Mi],
    ["nvidia.com/gpu", 3],
  ]);
});

test("while a container is resized the larger of asked for, allocated and in effect counts", () => {
  const spec = { containers: [asks({ cpu: "1" })] };
  const status = (requests: string, allocated: string): Pod["status"] => ({
    containerStatuses: [
      {
        name: "c",
        image: "",
        imageID: "",
        ready: true,
        restartCount: 0,
        resources: { requests: { cpu: requests } },
        allocatedResources: { cpu: allocated },
      },
    ],
  });
  const of = (requests: string, allocated: string): number =>
    podRequests({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec, status: status(requests, allocated) }).milliCpu;
  assert.is(of("500m", "500m"), 1000);
  assert.is(of("2", "500m"), 2000);
  assert.is(of("500m", "3"), 3000);
});

const reported = (name: string, cpu: string) => ({
  name,
  image: "",
  imageID: "",
  ready: true,
  restartCount: 0,
  resources: { requests: { cpu } },
  allocatedResources: { cpu },
});

/** What the spec asks for, what the status reports → milli-CPU. */
const RESIZED: readonly (readonly [about: string, spec: Pod["spec"], status: Pod["status"], milliCpu: number])[] = [
  [
    "what cannot be had does not count",
    { containers: [asks({ cpu: "8" })] },
    { containerStatuses: [reported("c", "1")], conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }] },
    1000,
  ],
  [
    "what must wait counts",
    { containers: [asks({ cpu: "8" })] },
    { containerStatuses: [reported("c", "1")], conditions: [{ type: "PodResizePending", status: "True", reason: "Deferred" }] },
    8000,
  ],
  [
    "a sidecar is resized, too",
    { containers: [asks({})], initContainers: [asks({ cpu: "1" }, { ...sidecar, name: "s" })] },
    { initContainerStatuses: [reported("s", "2")] },
    2000,
  ],
  [
    "an init container that ends is not",
    { containers: [asks({})], initContainers: [asks({ cpu: "1" }, { name: "i" })] },
    { initContainerStatuses: [reported("i", "2")] },
    1000,
  ],
  [
    "the Pod as a whole",
    { containers: [asks({ cpu: "1" })], resources: { requests: { cpu: "2" } } },
    { resources: { requests: { cpu: "3" } }, allocatedResources: { cpu: "4" } },
    4000,
  ],
  [
    "the Pod as a whole, that cannot be had",
    { containers: [asks({ cpu: "1" })], resources: { requests: { cpu: "9" } } },
    {
      resources: { requests: { cpu: "3" } },
      allocatedResources: { cpu: "2" },
      conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }],
    },
    3000,
  ],
];
for (const [about, spec, status, milliCpu] of RESIZED) {
  test(`resized: ${about}`, () =>
    assert.is(podRequests({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec, status }).milliCpu, milliCpu));
}

test("to place a Pod, containers that ask for nothing count a little even where the Pod asks for the other resource as a whole", () => {
  const spec = { containers: [asks({ cpu: "50m" }), asks({})], resources: { requests: { memory: "1Gi" } } };
  const r = podRequests({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec });
  assert.equal([r.nonZeroMilliCpu, r.scoredMilliCpu, r.nonZeroMemory / Mi, r.scoredMemory / Mi], [50, 150, 1024, 1024]);
});

test.run();
