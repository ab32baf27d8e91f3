/** Which devices claims get on a node `a`. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Device, DeviceClaim, ResourceSliceSpec } from "../../../../generated/v1.36/model.ts";
import { MemoryClient } from "../../../../test/support/memory-client.ts";
import { node } from "../../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../../api/object.ts";
import { Informers } from "../../../sim/informer.ts";
import { viewParts } from "../evaluate.ts";
import { Allocator } from "./allocator.ts";
import type { Claim } from "./pod-claims.ts";

const DRIVER = "d.example.com";

const slice = (name: string, devices: readonly Device[], spec: Partial<ResourceSliceSpec> = {}): KubeObject =>
  ({
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name },
    spec: { driver: DRIVER, nodeName: "a", pool: { name: "p", generation: 1, resourceSliceCount: 1 }, devices, ...spec },
  }) as KubeObject;
const pool = (resourceSliceCount: number, name = "p", generation = 1) => ({ pool: { name, generation, resourceSliceCount } });

const claim = (name: string, requests: DeviceClaim["requests"], more: DeviceClaim = {}, status: object = {}): Claim => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceClaim",
  metadata: { name, namespace: "default", uid: name },
  spec: { devices: { requests, ...more } },
  status,
});
const want = (more: object = {}, name = "r") => ({
  name,
  exactly: { deviceClassName: "any", allocationMode: "ExactCount" as const, count: 1, ...more },
});
const all = want({ allocationMode: "All", count: undefined });
/** A claim that has a device already. */
const holder = (device: string, more: object = {}): Claim =>
  claim(
    `holds-${device}`,
    [want()],
    {},
    { allocation: { devices: { results: [{ request: "r", driver: DRIVER, pool: "p", device, ...more }] } } },
  );

const shared = (name: string, memory: string): Device => ({
  name,
  allowMultipleAllocations: true,
  capacity: { memory: { value: memory } },
});
const takes = (memory: string) => want({ capacity: { requests: { memory } } });
const colour = (name: string, value: string): Device => ({ name, attributes: { colour: { string: value } } });
const tainted = (name: string, effect: "NoSchedule" | "NoExecute" | "None"): Device => ({ name, taints: [{ key: "broken", effect }] });
const counts = (name: string, gib: string): Device => ({
  name,
  consumesCounters: [{ counterSet: "memory", counters: { gib: { value: gib } } }],
});
const counters = (gib: string): KubeObject =>
  slice("zz-counters", [], { ...pool(2), sharedCounters: [{ name: "memory", counters: { gib: { value: gib } } }] });

/** What there is, claims → request=device of each claim; or why not. */
const CASES: readonly (readonly [about: string, objects: readonly KubeObject[], claims: readonly Claim[], outcome: string])[] = [
  ["the first free one", [slice("s", [{ name: "x" }, { name: "y" }]), holder("x")], [claim("c", [want()])], "r=y"],
  [
    "pools by driver and name, slices by name",
    [slice("s2", [{ name: "q" }], pool(1, "q")), slice("s1", [{ name: "p2" }], pool(2)), slice("s0", [{ name: "p1" }], pool(2))],
    [claim("c", [want({ count: 3 })])],
    "r=p1 r=p2 r=q",
  ],
  [
    "an older generation counts no more",
    [slice("s", [{ name: "x" }]), slice("t", [{ name: "y" }], pool(1, "p", 2))],
    [claim("c", [want()])],
    "r=y",
  ],
  ["a pool of which slices are missing", [slice("s", [{ name: "x" }], pool(2))], [claim("c", [want()])], "none"],
  [
    "slices of the pool for other nodes are not missing",
    [slice("s", [{ name: "x" }], pool(2)), slice("t", [{ name: "y" }], { ...pool(2), nodeName: "b" })],
    [claim("c", [want()])],
    "r=x",
  ],
  [
    "a newer generation for another node makes the pool obsolete",
    [slice("s", [{ name: "x" }], pool(2)), slice("t", [{ name: "y" }], { ...pool(1, "p", 2), nodeName: "b" })],
    [claim("c", [want()])],
    "none",
  ],
  [
    "all of a pool of which slices are missing",
    [slice("s", [{ name: "x" }], pool(2))],
    [claim("c", [all])],
    `error: claim default/c, request r: asks for all devices, but resource pool ${DRIVER}/p is currently being updated`,
  ],
  [
    "a device named twice",
    [slice("s", [{ name: "x" }], pool(2)), slice("t", [{ name: "x" }], pool(2))],
    [claim("c", [want()])],
    "invalid resource pools were encountered",
  ],
  [
    "more than one claim can have",
    [],
    [claim("c", [want({ count: 20 }), want({ count: 20 }, "s")])],
    "error: claim default/c: number of requested devices 40 exceeds the claim limit of 32",
  ],
  [
    "a device of the node's own, of those that say it one by one",
    [
      slice(
        "s",
        [
          { name: "x", nodeName: "b" },
          { name: "y", nodeName: "a" },
          { name: "z", allNodes: true },
        ],
        { nodeName: undefined, perDeviceNodeSelection: true },
      ),
    ],
    [claim("c", [want({ count: 2 })])],
    "r=y r=z",
  ],
  [
    "devices that must be made ready come last",
    [
      slice("s", [{ name: "x", bindingConditions: ["Ready"], bindingFailureConditions: ["Bad"] }], pool(1, "a")),
      slice("t", [{ name: "y" }], pool(1, "b")),
    ],
    [claim("c", [want({ count: 2 })])],
    "r=y r=x?Ready",
  ],

  [
    "two share a device",
    [slice("s", [shared("x", "10Gi")])],
    [claim("c", [takes("6Gi")]), claim("e", [takes("4Gi")])],
    "r=x@6Gi | r=x@4Gi",
  ],
  ["two that are too much together", [slice("s", [shared("x", "10Gi")])], [claim("c", [takes("6Gi")]), claim("e", [takes("5Gi")])], "none"],
  [
    "the next has room",
    [slice("s", [shared("x", "10Gi"), shared("y", "10Gi")])],
    [claim("c", [takes("6Gi")]), claim("e", [takes("5Gi")])],
    "r=x@6Gi | r=y@5Gi",
  ],
  [
    "what others took before is gone",
    [slice("s", [shared("x", "10Gi")]), holder("x", { shareID: "1", consumedCapacity: { memory: "8Gi" } })],
    [claim("c", [takes("3Gi")])],
    "none",
  ],
  ["without an amount all of it", [slice("s", [shared("x", "10Gi")])], [claim("c", [want()])], "r=x@10Gi"],
  [
    "one request takes a shared device once",
    [slice("s", [shared("x", "10Gi")])],
    [claim("c", [want({ count: 2, capacity: { requests: { memory: "1Gi" } } })])],
    "none",
  ],
  [
    "two requests of a claim may share",
    [slice("s", [shared("x", "10Gi")])],
    [claim("c", [takes("1Gi"), { ...takes("2Gi"), name: "s" }])],
    "r=x@1Gi s=x@2Gi",
  ],
  [
    "an exclusive device must have the capacity",
    [
      slice("s", [
        { name: "x", capacity: { memory: { value: "4Gi" } } },
        { name: "y", capacity: { memory: { value: "8Gi" } } },
      ]),
    ],
    [claim("c", [takes("6Gi")])],
    "r=y",
  ],

  [
    "counters for two of three",
    [slice("s", [counts("x", "8"), counts("y", "8"), counts("z", "8")], pool(2)), counters("16")],
    [claim("c", [want({ count: 2 })])],
    "r=x r=y",
  ],
  [
    "counters used up by others",
    [slice("s", [counts("x", "8"), counts("y", "16")], pool(2)), counters("16"), holder("x")],
    [claim("c", [want()])],
    "none",
  ],
  ["counters that nobody has", [slice("s", [counts("x", "8")])], [claim("c", [want()])], "invalid resource pools were encountered"],
  [
    "counters given back on the way",
    [slice("s", [counts("x", "16"), counts("y", "8"), counts("z", "8")], pool(2)), counters("16")],
    [claim("c", [want({ count: 2 })])],
    "r=y r=z",
  ],

  ["a tainted device", [slice("s", [tainted("x", "NoSchedule"), tainted("y", "NoExecute"), { name: "z" }])], [claim("c", [want()])], "r=z"],
  ["a taint without effect", [slice("s", [tainted("x", "None")])], [claim("c", [want()])], "r=x"],
  ["a tolerated taint", [slice("s", [tainted("x", "NoSchedule")])], [claim("c", [want({ tolerations: [{ operator: "Exists" }] })])], "r=x"],
  ["an administrator is kept off, too", [slice("s", [tainted("x", "NoSchedule")])], [claim("c", [want({ adminAccess: true })])], "none"],

  [
    "an administrator looks at what others have",
    [slice("s", [{ name: "x" }]), holder("x")],
    [claim("c", [want({ adminAccess: true })])],
    "r=x!",
  ],
  [
    "an administrator's access leaves the device free",
    [slice("s", [{ name: "x" }]), holder("x", { adminAccess: true })],
    [claim("c", [want()])],
    "r=x",
  ],
  ["but not for the same Pod", [slice("s", [{ name: "x" }])], [claim("c", [want({ adminAccess: true })]), claim("e", [want()])], "none"],

  [
    "the same attribute",
    [slice("s", [colour("x", "red"), colour("y", "blue"), colour("z", "blue")])],
    [claim("c", [want({ count: 2 })], { constraints: [{ matchAttribute: `${DRIVER}/colour` }] })],
    "r=y r=z",
  ],
  [
    "another attribute for each request",
    [slice("s", [colour("x", "red"), colour("y", "red"), colour("z", "blue")])],
    [claim("c", [want(), want({}, "s")], { constraints: [{ distinctAttribute: `${DRIVER}/colour` }] })],
    "r=x s=z",
  ],
  [
    "all, against a constraint",
    [slice("s", [colour("x", "red"), colour("y", "blue")])],
    [claim("c", [all], { constraints: [{ matchAttribute: `${DRIVER}/colour` }] })],
    `error: claim default/c, request r: cannot add device ${DRIVER}/p/y because a claim constraint would not be satisfied`,
  ],
  [
    "an alternative that leaves room for the next request",
    [slice("s", [{ name: "x" }, { name: "y" }])],
    [
      claim("c", [
        {
          name: "r",
          firstAvailable: [
            { name: "two", deviceClassName: "any", count: 2 },
            { name: "one", deviceClassName: "any", count: 1 },
          ],
        },
        want({}, "s"),
      ]),
    ],
    "r/one=x s=y",
  ],
];
for (const [about, objects, claims, outcome] of CASES) {
  test(`devices: ${about}`, () => {
    const client = new MemoryClient();
    const { cache, listers } = viewParts(new Informers(client));
    cache.setNode(node("a"));
    client.put({ apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", metadata: { name: "any" }, spec: {} } as KubeObject);
    for (const object of objects) client.put(object);
    const found = new Allocator(listers).allocate(claims, cache.node("a")!);
    const shown =
      found === undefined
        ? "none"
        : "error" in found
          ? `error: ${found.error}`
          : "reason" in found
            ? found.reason
            : found.results
                .map(({ devices }) =>
                  (devices?.results ?? [])
                    .map((r) => {
                      assert.is(r.shareID !== undefined, r.consumedCapacity !== undefined);
                      const amount = r.consumedCapacity ? `@${r.consumedCapacity["memory"]}` : "";
                      return `${r.request}=${r.device}${amount}${r.adminAccess ? "!" : ""}${r.bindingConditions ? `?${r.bindingConditions}` : ""}`;
                    })
                    .join(" "),
                )
                .join(" | ");
    assert.is(shown, outcome);
  });
}

test.run();
