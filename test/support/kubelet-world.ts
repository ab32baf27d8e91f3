/** For tests of the kubelets alone: a store behind the client interface, without any rule of the API server but deletion. */
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import { type Kind, type KubeObject, keyOf } from "../../src/api/object.ts";
import type { Client, WatchEventType, WatchHandler } from "../../src/sim/client.ts";
import type { ComponentContext } from "../../src/sim/component.ts";
import { Informers } from "../../src/sim/informer.ts";
import { Loop } from "../../src/sim/loop.ts";
import { Recorder } from "../../src/sim/recorder.ts";

interface FakeCluster {
  readonly context: ComponentContext;
  readonly loop: Loop;
  /** How many writes there were. */
  readonly writes: () => number;
  /** Puts an object in the place of what is there, as somebody else would. */
  put(object: KubeObject): void;
  /** Deletes as the API server does: a Pod on a node gets a time to stop, unless it gets none. */
  delete<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string, graceSeconds?: number): void;
  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined;
  /** Runs until nothing is due before `seconds` from now. */
  run(seconds: number): void;
}

export function fakeCluster(): FakeCluster {
  const loop = new Loop();
  const objects = new Map<string, KubeObject>();
  const handlers: { kind: string; handler: WatchHandler }[] = [];
  let writes = 0;
  let version = 0;
  const idOf = (kind: string, name: string, namespace?: string): string => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  const tell = (type: WatchEventType, object: KubeObject, before?: KubeObject): void => {
    for (const h of handlers) if (h.kind === object.kind) h.handler(type, object, before);
  };
  const put = (object: KubeObject): KubeObject => {
    const id = `${object.kind} ${keyOf(object)}`;
    const before = objects.get(id);
    const stored = { ...object, metadata: { uid: `uid-${id}`, ...object.metadata, resourceVersion: String(++version) } };
    objects.set(id, stored);
    tell(before ? "MODIFIED" : "ADDED", stored, before);
    return stored;
  };
  const remove = (id: string): void => {
    const object = objects.get(id);
    if (object && objects.delete(id)) tell("DELETED", object, object);
  };
  const answer = (object: KubeObject): { code: number; object: KubeObject } => {
    writes++;
    return { code: 200, object: put(object) };
  };
  const deleteObject = (kind: Kind, name: string, namespace?: string, graceSeconds?: number): void => {
    const id = idOf(kind.kind, name, namespace);
    const object = objects.get(id);
    if (!object) return;
    const grace = graceSeconds ?? (object as Pod).spec?.terminationGracePeriodSeconds ?? 30;
    if (kind.kind !== "Pod" || (grace === 0 && !object.metadata.finalizers?.length)) remove(id);
    else
      put({
        ...object,
        metadata: { ...object.metadata, deletionGracePeriodSeconds: grace, deletionTimestamp: loop.timestamp(loop.now() + grace * 1000) },
      });
  };
  const client = {
    get: (kind: Kind, name: string, namespace?: string) => objects.get(idOf(kind.kind, name, namespace)),
    create: (object: KubeObject) => answer(object),
    update: (object: KubeObject) => answer(object),
    updateStatus: (object: KubeObject) => answer(object),
    delete(kind: Kind, name: string, namespace?: string, options?: { gracePeriodSeconds?: number }) {
      writes++;
      deleteObject(kind, name, namespace, options?.gracePeriodSeconds);
      return { code: 200 };
    },
    watch(kind: Kind, handler: WatchHandler) {
      handlers.push({ kind: kind.kind, handler });
      for (const object of objects.values()) if (object.kind === kind.kind) handler("ADDED", object, undefined);
      return () => {};
    },
  } as unknown as Client;
  const context = { client, informers: new Informers(client), loop, recorder: new Recorder(loop) };
  return {
    context,
    loop,
    writes: () => writes,
    put: (object) => void put(object),
    delete: (kind, name, namespace, grace) => deleteObject(kind, name, namespace, grace),
    get: (kind, name, namespace) => client.get(kind, name, namespace),
    run(seconds) {
      const untilMs = loop.now() + seconds * 1000;
      for (let next = loop.nextAt(); next !== undefined && next <= untilMs; next = loop.nextAt()) loop.step();
      loop.skipTo(untilMs);
    },
  };
}

export function node(name: string, more: Partial<Node> = {}): Node {
  const status = { addresses: [{ address: "192.168.1.1", type: "InternalIP" }] };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: { podCIDRs: ["10.244.0.0/24"] }, status, ...more };
}

export function pod(name: string, spec: Partial<Pod["spec"]> = {}, annotations?: Readonly<Record<string, string>>): Pod {
  const containers = [{ name: "c", image: "a:1" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", generation: 1, ...(annotations ? { annotations } : {}) },
    spec: { containers, nodeName: "node-1", restartPolicy: "Always", ...spec },
    status: { phase: "Pending", qosClass: "BestEffort" },
  };
}
