/** A small world for tests of controllers: the fake client, the controllers, and a stub that runs Pods (one second to start, one to stop). */
import type { Pod } from "../../generated/v1.36/model.ts";
import { POD } from "../../src/api/kinds.ts";
import type { KubeObject, Unchecked } from "../../src/api/object.ts";
import { targetNode } from "../../src/cluster/controllers/daemon-pods.ts";
import { CONTROLLERS } from "../../src/cluster/controllers/index.ts";
import { Informers } from "../../src/sim/informer.ts";
import { Loop } from "../../src/sim/loop.ts";
import { Recorder } from "../../src/sim/recorder.ts";
import { FakeClient } from "./fake-client.ts";

export interface World {
  readonly client: FakeClient;
  readonly loop: Loop;
  readonly recorder: Recorder;
  create(object: Unchecked): void;
  /** Lets virtual time run for so many seconds. */
  run(seconds: number): void;
  get<T extends KubeObject>(kind: { apiVersion: string; kind: string; type?: T }, name: string, namespace?: string): T;
  /** `Reason: message`, in order. */
  events(reason?: string): string[];
}

export function createWorld(): World {
  const loop = new Loop();
  const client = new FakeClient(loop);
  const recorder = new Recorder(loop);
  const informers = new Informers(client);
  for (const controller of CONTROLLERS) controller.start({ client, informers, loop, recorder });
  startPods(client, loop);
  return {
    client,
    loop,
    recorder,
    create(object) {
      const answer = client.create(object);
      if (!answer.object) throw new Error(answer.message);
    },
    run(seconds) {
      const end = loop.now() + seconds * 1000;
      for (let i = 0; i < 10_000_000; i++) {
        const next = loop.nextAt();
        if (next === undefined || next > end) break;
        loop.step();
      }
      loop.skipTo(end);
    },
    get(kind, name, namespace = "default") {
      const found = client.get(kind, name, namespace);
      if (!found) throw new Error(`no ${kind.kind} ${name}`);
      return found;
    },
    events: (reason) =>
      recorder
        .list()
        .filter((e) => reason === undefined || e.reason === reason)
        .map((e) => `${e.reason}: ${e.message}`),
  };
}

/** Binds Pods to the node that they ask for, else to node-1, and runs them; annotation `seatrial.dev/ready: "false"` keeps one from becoming ready. */
function startPods(client: FakeClient, loop: Loop): void {
  let address = 1;
  client.watch(POD, (type, pod) => {
    const { name, namespace = "", uid } = pod.metadata;
    const now = (): Pod | undefined => {
      const found = client.get(POD, name, namespace);
      return found?.metadata.uid === uid ? found : undefined;
    };
    if (type === "ADDED")
      loop.after(1000, () => {
        if (!now()) return;
        if (!pod.spec.nodeName) client.bind(name, namespace, targetNode(pod) ?? "node-1");
        const ready = pod.metadata.annotations?.["seatrial.dev/ready"] === "false" ? "False" : "True";
        const podIP = `10.244.0.${address++}`;
        const conditions = [{ type: "Ready", status: ready, lastTransitionTime: loop.timestamp() }];
        const bound = now();
        if (bound) client.updateStatus({ ...bound, status: { phase: "Running", podIP, podIPs: [{ ip: podIP }], conditions } });
      });
    else if (type === "MODIFIED" && pod.metadata.deletionTimestamp !== undefined)
      loop.after(1000, () => {
        if (now()) client.delete(POD, name, namespace, { gracePeriodSeconds: 0 });
      });
  });
}
