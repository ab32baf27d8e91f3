/** Which events help a Pod that a plugin refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, Pod } from "../../../../generated/v1.36/model.ts";
import { MemoryClient } from "../../../../test/support/memory-client.ts";
import { node, pod } from "../../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../../api/object.ts";
import { Informers } from "../../../sim/informer.ts";
import { viewParts } from "../evaluate.ts";
import type { ClusterEvent } from "../events.ts";
import { PLUGINS } from "../registry.ts";

type Verb = "added" | "updated" | "removed";

const labelled = (labels: Record<string, string>): Node => node("n", { labels });
const term = (app: string, topologyKey = "zone") => ({ topologyKey, labelSelector: { matchLabels: { app } } });
const near = pod("p", { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("x")] } } });
const nearBoth = pod("p", { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("x"), term("y")] } } });
const far = pod("p", { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("x")] } } });
const plain = pod("p", { labels: { app: "p" } });
const placed = (app: string, spec: object = {}): Pod => pod("other", { nodeName: "n", labels: { app }, ...spec });
const hatesP = placed("z", { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("p")] } } });
const withClaim = (name: string, spec: object = {}): Pod =>
  pod(name, { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }], ...spec });
const storage = (kind: string, name: string, rest: object = {}, labels: Record<string, string> = {}): KubeObject =>
  ({ apiVersion: "v1", kind, metadata: { name, namespace: "default", labels }, ...rest }) as unknown as KubeObject;
const limits = (count: number): KubeObject =>
  storage("CSINode", "n", { spec: { drivers: [{ name: "d", nodeID: "n", allocatable: { count } }] } });
const late = { volumeBindingMode: "WaitForFirstConsumer" };
const ports = (hostPort: number) => ({
  containers: [{ name: "c", image: "app:1", ports: [{ containerPort: 80, hostPort, protocol: "TCP" as const }] }],
});
const zone = { "topology.kubernetes.io/zone": "z" };

/** Plugin, the Pod that waits, what happens (to what it becomes, from what it was) → whether it helps. */
const CASES: readonly (readonly [
  plugin: string,
  subject: Pod,
  verb: Verb,
  object: KubeObject,
  before: KubeObject | undefined,
  helps: boolean,
])[] = [
  ["NodeName", plain, "added", node("any"), undefined, true],
  ["NodeUnschedulable", plain, "added", node("n", { unschedulable: true }), undefined, false],
  ["NodeUnschedulable", plain, "updated", node("n"), node("n", { unschedulable: true }), true],
  ["NodePorts", pod("p", ports(80)), "removed", pod("other", { nodeName: "n", ...ports(80) }), undefined, true],
  ["NodePorts", pod("p", ports(80)), "removed", pod("other", { nodeName: "n", ...ports(81) }), undefined, false],

  ["InterPodAffinity", near, "added", placed("x"), undefined, true],
  ["InterPodAffinity", nearBoth, "added", placed("x"), undefined, false],
  ["InterPodAffinity", near, "removed", placed("x"), undefined, false],
  ["InterPodAffinity", far, "removed", placed("x"), undefined, true],
  ["InterPodAffinity", plain, "removed", hatesP, undefined, true],
  ["InterPodAffinity", near, "updated", placed("x"), placed("y"), true],
  ["InterPodAffinity", far, "updated", placed("y"), placed("x"), true],
  ["InterPodAffinity", far, "updated", placed("x"), placed("y"), false],
  ["InterPodAffinity", near, "added", labelled({ zone: "a" }), undefined, true],
  ["InterPodAffinity", near, "added", labelled({}), undefined, false],
  ["InterPodAffinity", far, "added", labelled({}), undefined, true],
  ["InterPodAffinity", plain, "added", labelled({ zone: "a" }), undefined, false],
  ["InterPodAffinity", near, "updated", labelled({ zone: "b" }), labelled({ zone: "a" }), true],
  ["InterPodAffinity", near, "updated", labelled({}), labelled({ zone: "a" }), false],
  ["InterPodAffinity", far, "updated", labelled({}), labelled({ zone: "a" }), true],
  ["InterPodAffinity", far, "updated", labelled({ zone: "a" }), labelled({}), false],
  ["InterPodAffinity", far, "removed", labelled({ zone: "a" }), undefined, false],
  ["InterPodAffinity", far, "updated", storage("Namespace", "x"), storage("Namespace", "x"), false],

  ["VolumeBinding", withClaim("p"), "updated", storage("PersistentVolumeClaim", "c"), storage("PersistentVolumeClaim", "c"), true],
  ["VolumeBinding", withClaim("p"), "updated", storage("PersistentVolumeClaim", "d"), storage("PersistentVolumeClaim", "d"), false],
  ["VolumeBinding", withClaim("p"), "removed", storage("PersistentVolumeClaim", "c"), undefined, false],
  ["VolumeBinding", withClaim("p"), "updated", storage("PersistentVolume", "v"), storage("PersistentVolume", "v"), true],
  ["VolumeBinding", withClaim("p"), "added", storage("StorageClass", "s"), undefined, true],
  ["VolumeBinding", withClaim("p"), "updated", storage("StorageClass", "s", { parameters: {} }), storage("StorageClass", "s"), false],
  [
    "VolumeBinding",
    withClaim("p"),
    "updated",
    storage("CSIStorageCapacity", "s", { capacity: "2Gi" }),
    storage("CSIStorageCapacity", "s", { capacity: "1Gi" }),
    true,
  ],
  [
    "VolumeBinding",
    withClaim("p"),
    "updated",
    storage("CSIStorageCapacity", "s", { capacity: "1Gi" }),
    storage("CSIStorageCapacity", "s", { capacity: "2Gi" }),
    false,
  ],

  ["VolumeRestrictions", withClaim("p"), "removed", withClaim("other", { nodeName: "n" }), undefined, true],
  ["VolumeRestrictions", withClaim("p"), "removed", placed("x"), undefined, false],
  ["VolumeRestrictions", withClaim("p"), "updated", storage("PersistentVolumeClaim", "c"), storage("PersistentVolumeClaim", "c"), false],
  ["VolumeRestrictions", withClaim("p"), "added", storage("PersistentVolumeClaim", "c"), undefined, true],

  ["VolumeZone", withClaim("p"), "added", storage("StorageClass", "s", late), undefined, true],
  ["VolumeZone", withClaim("p"), "added", storage("StorageClass", "s"), undefined, false],
  ["VolumeZone", withClaim("p"), "updated", storage("PersistentVolume", "v", {}, zone), storage("PersistentVolume", "v"), true],
  ["VolumeZone", withClaim("p"), "updated", storage("PersistentVolume", "v", { spec: {} }), storage("PersistentVolume", "v"), false],

  ["NodeVolumeLimits", withClaim("p"), "removed", withClaim("other", { nodeName: "n" }), undefined, true],
  ["NodeVolumeLimits", withClaim("p"), "removed", placed("x"), undefined, false],
  ["NodeVolumeLimits", withClaim("p"), "updated", limits(3), limits(2), true],
  ["NodeVolumeLimits", withClaim("p"), "updated", limits(2), limits(3), false],
  ["NodeVolumeLimits", withClaim("p"), "removed", storage("VolumeAttachment", "a"), undefined, true],
  ["NodeVolumeLimits", withClaim("p"), "added", node("n"), undefined, false],
];
for (const [name, subject, verb, object, before, helps] of CASES) {
  const what = `${verb} ${object.kind} ${JSON.stringify(object.metadata.labels ?? {})}`;
  test(`${name} refused ${subject.metadata.name}: ${what} ${helps ? "helps" : "does not help"}`, () => {
    const { cache, listers } = viewParts(new Informers(new MemoryClient()));
    const info = (p: KubeObject) => cache.shapes.infoOf(p as Pod);
    const event = (): ClusterEvent => {
      if (object.kind === "Node") {
        const type = `node-${verb}` as const;
        return { type, node: object as Node, before: before as Node } as ClusterEvent;
      }
      if (object.kind === "Pod")
        return { type: `pod-${verb}`, pod: info(object), ...(before ? { before: info(before) } : {}) } as ClusterEvent;
      return verb === "removed" ? { type: "object-removed", object } : { type: "object", object, before };
    };
    const { plugin } = PLUGINS.find((p) => p.plugin.name === name)!;
    assert.is(plugin.wakes?.(event(), info(subject), { pod: info(subject), cache, listers }), helps);
  });
}

test.run();
