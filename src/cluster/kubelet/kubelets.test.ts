import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Lease, Pod } from "../../../generated/v1.36/model.ts";
import { fakeCluster, node, pod } from "../../../test/support/kubelet-world.ts";
import { CONFIG_MAP, LEASE, NODE, PERSISTENT_VOLUME_CLAIM, POD } from "../../api/kinds.ts";
import { isRenewing, lastRenewedMs } from "../../sim/heartbeat.ts";
import type { PodAddresses } from "../../sim/network.ts";
import { type Kubelets, type PodSeconds, startKubelets } from "./kubelets.ts";

const INSTANT: PodSeconds = { startSeconds: 0, runSeconds: 1, stopSeconds: 0 };

interface Setup extends ReturnType<typeof fakeCluster> {
  readonly kubelets: Kubelets;
  readonly released: string[];
  /** phase, ready, address: in one line. */
  line(name: string): string;
}

function setUp(pods: PodSeconds = INSTANT, room = 1000): Setup {
  const cluster = fakeCluster();
  const released: string[] = [];
  const held = new Set<string>();
  let given = 1;
  const addresses: PodAddresses = {
    allocate(uid) {
      if (held.size >= room) return { error: "failed to allocate for range 0: no IP addresses available in range set: A-B" };
      held.add(uid);
      return { ips: [`10.244.0.${++given}`] };
    },
    release(uid) {
      if (held.delete(uid)) released.push(uid);
    },
    adopt: (uid) => void held.add(uid),
  };
  const kubelets = startKubelets(cluster.context, { addresses, pods });
  const line = (name: string): string => {
    const found = cluster.get<Pod>(POD, name, "default");
    if (!found) return "gone";
    const ready = found.status?.conditions?.find((c) => c.type === "Ready");
    return `${found.status?.phase} ${ready?.status ?? "-"} ${found.status?.podIP ?? "-"}`;
  };
  return { ...cluster, kubelets, released, line };
}

test("a node registers: it is ready, without pressure, and holds a Lease", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.run(1);
  const conditions = t.get(NODE, "node-1")?.status?.conditions ?? [];
  assert.equal(
    conditions.map((c) => `${c.type} ${c.status} ${c.reason}: ${c.message}`),
    [
      "MemoryPressure False KubeletHasSufficientMemory: kubelet has sufficient memory available",
      "DiskPressure False KubeletHasNoDiskPressure: kubelet has no disk pressure",
      "PIDPressure False KubeletHasSufficientPID: kubelet has sufficient PID available",
      "Ready True KubeletReady: kubelet is posting ready status",
    ],
  );
  const lease = t.get(LEASE, "node-1", "kube-node-lease");
  assert.is(lease?.spec.holderIdentity, "node-1");
  const writes = t.writes();
  t.run(86_400);
  assert.is(t.writes(), writes, "a day of heartbeats costs no write");
  assert.ok(isRenewing(lease!) && t.loop.now() - lastRenewedMs(lease!, t.loop)! <= 10_000);
});

test("a node that is down is not renewed, starts nothing and stops nothing; up again, it catches up", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.put(pod("old"));
  t.run(35);
  t.kubelets.setDown("node-1", true);
  const lease = (): Lease => t.get(LEASE, "node-1", "kube-node-lease")!;
  assert.not.ok(isRenewing(lease()));
  t.put(pod("new"));
  t.delete(POD, "old", "default");
  t.run(60);
  assert.is(lastRenewedMs(lease(), t.loop), 30_000);
  assert.is(t.line("new"), "Pending - -");
  assert.is(t.line("old"), "Running True 10.244.0.2");
  const lost = t.get(NODE, "node-1")!;
  const conditions = lost.status!.conditions!.map((c) => ({ ...c, status: "Unknown", reason: "NodeStatusUnknown" }));
  t.put({ ...lost, status: { ...lost.status, conditions } } as typeof lost);
  t.run(1);
  assert.is(t.get(NODE, "node-1")?.status?.conditions?.at(-1)?.status, "Unknown");
  t.kubelets.setDown("node-1", false);
  t.run(1);
  assert.is(t.get(NODE, "node-1")?.status?.conditions?.at(-1)?.status, "True");
  assert.ok(isRenewing(lease()));
  assert.is(t.line("new"), "Running True 10.244.0.3");
  assert.is(t.line("old"), "gone");
});

test("a Pod marked not ready while its node was down is ready again", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.put(pod("web"));
  t.run(1);
  t.kubelets.setDown("node-1", true);
  const web = t.get(POD, "web", "default")!;
  const conditions = web.status!.conditions!.map((c) => (c.type === "Ready" ? { ...c, status: "False" } : c));
  t.put({ ...web, status: { ...web.status, conditions } } as Pod);
  assert.is(t.line("web"), "Running False 10.244.0.2");
  t.kubelets.setDown("node-1", false);
  t.run(1);
  assert.is(t.line("web"), "Running True 10.244.0.2");
});

test("started at once, a Pod takes one write; with a delay, two", () => {
  for (const [startSeconds, want] of [
    [0, 1],
    [1, 2],
  ] as const) {
    const t = setUp({ ...INSTANT, startSeconds });
    t.put(node("node-1"));
    t.run(1);
    const before = t.writes();
    t.put(pod("web"));
    t.run(5);
    assert.is(t.writes() - before, want);
    assert.is(t.line("web"), "Running True 10.244.0.2");
  }
});

test("only Pods on a node that is there are run", () => {
  const t = setUp();
  t.put(pod("early"));
  t.put(pod("elsewhere", { nodeName: "node-9" }));
  t.run(1);
  assert.is(t.line("early"), "Pending - -");
  t.put(node("node-1"));
  t.run(1);
  assert.is(t.line("early"), "Running True 10.244.0.2");
  assert.is(t.line("elsewhere"), "Pending - -");
});

test("the host's network has the host's address", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.put(pod("host", { hostNetwork: true }));
  t.run(1);
  assert.is(t.line("host"), "Running True 192.168.1.1");
});

test("run to completion, and what annotations say", () => {
  const t = setUp();
  t.put(node("node-1"));
  const cases: [string, Partial<Pod["spec"]>, Record<string, string>, string][] = [
    ["done", { restartPolicy: "Never" }, {}, "Succeeded False"],
    ["failed", { restartPolicy: "Never" }, { "seatrial.dev/exit-code": "3" }, "Failed False"],
    ["hangs", { restartPolicy: "Never" }, { "seatrial.dev/hang": "true" }, "Running True"],
    ["tries", { restartPolicy: "OnFailure" }, { "seatrial.dev/exit-code": "1" }, "Running False"],
    ["serves", {}, {}, "Running True"],
    ["unready", {}, { "seatrial.dev/ready": "false" }, "Running False"],
    ["crashes", {}, { "seatrial.dev/exit-code": "1" }, "Running False"],
  ];
  for (const [name, spec, annotations] of cases) t.put(pod(name, spec, annotations));
  t.run(3);
  for (const [name, , , want] of cases) assert.is(t.line(name).split(" ").slice(0, 2).join(" "), want, name);
  assert.equal(t.released.sort(), ["uid-Pod default/done", "uid-Pod default/failed"], "what has ended gives its address back");
  const crash = t.get(POD, "crashes", "default")?.status?.containerStatuses?.[0];
  assert.is(crash?.restartCount, 1);
  assert.equal(crash?.state?.waiting, {
    message: "back-off 10s restarting failed container=c pod=crashes_default(uid-Pod default/crashes)",
    reason: "CrashLoopBackOff",
  });
  const events = t.context.recorder.list().filter((e) => e.object === "Pod default/crashes");
  assert.equal(
    events.map((e) => `${e.type} ${e.reason} ${e.message}`),
    ["Warning BackOff Back-off restarting failed container c in pod crashes_default(uid-Pod default/crashes)"],
  );
});

test("a Pod ready again when its annotation goes", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.put(pod("web", {}, { "seatrial.dev/ready": "false" }));
  t.run(1);
  assert.is(t.line("web"), "Running False 10.244.0.2");
  const web = t.get(POD, "web", "default")!;
  t.put({ ...web, metadata: { ...web.metadata, annotations: {} } });
  t.run(1);
  assert.is(t.line("web"), "Running True 10.244.0.2");
});

test("deletion: the containers stop within the grace period, then the Pod is gone", () => {
  for (const [stopSeconds, grace, hook, goneAfter] of [
    [0, 30, 0, 0.04],
    [2, 30, 0, 2],
    [60, 30, 0, 30],
    [2, 30, 5, 7],
    [2, 4, 5, 4],
    [0, 30, 5, 0.04],
  ] as const) {
    const t = setUp({ ...INSTANT, stopSeconds });
    t.put(node("node-1"));
    const lifecycle = hook ? { lifecycle: { preStop: { sleep: { seconds: hook } } } } : {};
    t.put(pod("web", { terminationGracePeriodSeconds: grace, containers: [{ name: "c", image: "a:1", ...lifecycle }] }));
    t.run(1);
    t.delete(POD, "web", "default");
    if (goneAfter > 0) {
      t.run(goneAfter - 0.001);
      assert.is(t.line("web"), "Running True 10.244.0.2", `${stopSeconds} ${grace} ${hook}`);
    }
    t.run(0.002);
    assert.is(t.line("web"), "gone", `${stopSeconds} ${grace} ${hook}`);
    assert.equal(t.released, ["uid-Pod default/web"]);
  }
});

test("a Pod kept by a finalizer shows how it ended", () => {
  const t = setUp();
  t.put(node("node-1"));
  const job = pod("job", { restartPolicy: "Never" }, { "seatrial.dev/hang": "true" });
  t.put({ ...job, metadata: { ...job.metadata, finalizers: ["batch.kubernetes.io/job-tracking"] } });
  t.run(1);
  t.delete(POD, "job", "default");
  t.run(1);
  assert.is(t.line("job").split(" ")[0], "Failed");
  assert.is(t.get(POD, "job", "default")?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 143);
});

test("volumes and variables that are not there keep a Pod waiting, with what a person would be told", () => {
  const t = setUp();
  t.put(node("node-1"));
  t.put(pod("mounts", { volumes: [{ name: "v", configMap: { name: "late" } }] }));
  t.put(pod("claims", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] }));
  const env = [{ name: "A", valueFrom: { configMapKeyRef: { name: "late", key: "a" } } }];
  t.put(pod("reads", { containers: [{ name: "c", image: "a:1", env }] }));
  t.run(1);
  assert.is(t.line("mounts"), "Pending False -");
  assert.is(t.line("claims"), "Pending False -");
  assert.is(t.line("reads"), "Pending False 10.244.0.2");
  const waiting = (name: string): string | undefined => t.get(POD, name, "default")?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
  assert.equal([waiting("mounts"), waiting("reads")], ["ContainerCreating", "CreateContainerConfigError"]);
  assert.equal(
    t.context.recorder.list().map((e) => `${e.object} ${e.reason} ${e.message}`),
    [
      'Pod default/mounts FailedMount MountVolume.SetUp failed for volume "v" : configmap "late" not found',
      "Pod default/claims FailedMount Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], " +
        'failed to process volumes=[v]: error processing PVC default/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
      'Pod default/reads Failed Error: configmap "late" not found',
    ],
  );
  t.put({ apiVersion: "v1", kind: CONFIG_MAP.kind, metadata: { name: "late", namespace: "default" }, data: { a: "1" } } as never);
  const claim = { apiVersion: "v1", kind: PERSISTENT_VOLUME_CLAIM.kind, metadata: { name: "data", namespace: "default" } };
  t.put({ ...claim, spec: { volumeName: "pv" }, status: { phase: "Bound" } } as never);
  t.run(1);
  for (const name of ["mounts", "claims", "reads"]) assert.is(t.line(name).split(" ")[0], "Running", name);
});

test("when the node has no more addresses, Pods wait until one is given back", () => {
  const t = setUp(INSTANT, 1);
  t.put(node("node-1"));
  t.put(pod("first"));
  t.put(pod("second"));
  t.run(1);
  assert.is(t.line("second"), "Pending False -");
  assert.match(
    t.context.recorder.list()[0]?.message ?? "",
    /^Failed to create pod sandbox: .*no IP addresses available in range set: A-B$/,
  );
  t.delete(POD, "first", "default");
  t.run(1);
  assert.is(t.line("second"), "Running True 10.244.0.3");
});

test("a Pod that names its node itself is refused where there is no room; one that was scheduled is not", () => {
  const t = setUp();
  t.put(node("node-1", { status: { allocatable: { cpu: "1", memory: "1Gi", pods: "10" } } }));
  const containers = [{ name: "c", image: "a:1", resources: { requests: { cpu: "800m" } } }];
  t.put(pod("one", { containers }));
  t.put(pod("two", { containers }));
  const { nodeName: _nodeName, ...unbound } = pod("three", { containers }).spec;
  t.put({ ...pod("three"), spec: unbound } as Pod);
  t.put(pod("three", { containers }));
  t.run(1);
  assert.is(t.line("one"), "Running True 10.244.0.2");
  assert.is(t.line("two"), "Failed - -");
  const { status } = t.get(POD, "two", "default")!;
  assert.is(status?.reason, "OutOfcpu");
  assert.is(status?.message, "Pod was rejected: Node didn't have enough resource: cpu, requested: 800, used: 800, capacity: 1000");
  assert.is(t.line("three"), "Running True 10.244.0.3");
});

test("a loaded cluster is left as it is: nodes that are not ready, Pods that run, crash or are done", () => {
  const t = setUp();
  const conditions = [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }];
  t.put(node("lost", { status: { conditions } }));
  t.put(node("node-1", { status: { conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }] } }));
  const running = {
    phase: "Running",
    startTime: "2025-12-31T00:00:00Z",
    podIP: "10.244.0.9",
    podIPs: [{ ip: "10.244.0.9" }],
    conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady" }],
    containerStatuses: [
      { name: "c", image: "a:1", imageID: "x", ready: false, restartCount: 7, state: { waiting: { reason: "CrashLoopBackOff" } } },
    ],
  } as const;
  t.put({ ...pod("crashing"), status: running } as Pod);
  t.put({ ...pod("creating"), status: { phase: "Pending", startTime: "2025-12-31T00:00:00Z" } } as Pod);
  t.put(pod("on-lost", { nodeName: "lost" }));
  t.run(60);
  assert.equal(t.get(POD, "crashing", "default")?.status, running);
  assert.is(t.line("creating"), "Running True 10.244.0.2");
  assert.is(t.line("on-lost"), "Pending - -");
  assert.is(t.get(NODE, "lost")?.status?.conditions?.[0]?.status, "Unknown");
  t.kubelets.setDown("lost", false);
  t.run(1);
  assert.is(t.line("on-lost").split(" ")[0], "Running");
  t.delete(POD, "crashing", "default");
  t.run(1);
  assert.is(t.line("crashing"), "gone");
});

test.run();
