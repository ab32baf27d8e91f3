import { test } from "uvu";
import * as assert from "uvu/assert";
import { POD } from "../api/kinds.ts";
import type { KubeObject } from "../api/object.ts";
import type { Client, WatchHandler } from "./client.ts";
import { Informer, Informers } from "./informer.ts";

type Labelled = KubeObject & { readonly spec?: { readonly nodeName?: string } };

/** A server of which only `watch` is asked. */
function watched(existing: readonly Labelled[] = []): { client: Client; send: WatchHandler; watches: () => number } {
  const handlers: WatchHandler[] = [];
  const client = {
    watch: (_: unknown, handler: WatchHandler) => {
      handlers.push(handler);
      for (const object of existing) handler("ADDED", object, undefined);
      return () => undefined;
    },
  } as unknown as Client;
  return { client, send: (...event) => handlers.forEach((h) => void h(...event)), watches: () => handlers.length };
}

const pod = (name: string, node: string, owner?: string): Labelled => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    ...(owner ? { ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true }] } : {}),
  },
  spec: { nodeName: node },
});
const names = (objects: Iterable<KubeObject>): string[] => [...objects].map((o) => o.metadata.name);

test("indexes follow the objects: additions, moves, deletions", () => {
  const { client, send } = watched([pod("a", "n1", "rs")]);
  const informer = new Informer<Labelled>(client, POD as never);
  informer.addIndex("node", (p) => [p.spec?.nodeName ?? ""]);
  send("ADDED", pod("b", "n1"), undefined);
  send("ADDED", pod("c", "n2", "rs"), undefined);
  assert.equal(names(informer.by("node", "n1")), ["a", "b"]);
  assert.equal(names(informer.controlledBy("rs")), ["a", "c"]);
  send("MODIFIED", pod("a", "n2", "rs"), pod("a", "n1", "rs"));
  assert.equal(names(informer.by("node", "n1")), ["b"]);
  assert.equal(names(informer.by("node", "n2")), ["c", "a"]);
  send("DELETED", pod("c", "n2", "rs"), pod("c", "n2", "rs"));
  assert.equal(names(informer.by("node", "n2")), ["a"]);
  assert.equal(names(informer.inNamespace("default")), ["a", "b"]);
  assert.is(informer.get("default/c"), undefined);
});

test("an object that changes and stays in an index keeps its place there, and is the new one", () => {
  const { client, send } = watched([pod("a", "n1"), pod("b", "n1")]);
  const informer = new Informer<Labelled>(client, POD as never);
  const changed = { ...pod("a", "n1"), status: {} } as Labelled;
  send("MODIFIED", changed, pod("a", "n1"));
  assert.equal(names(informer.inNamespace("default")), ["a", "b"]);
  assert.is(informer.inNamespace("default")[0], changed);
});

test("a handler is told of what is there, then of what comes, with what was before", () => {
  const { client, send } = watched([pod("a", "n1")]);
  const informer = new Informer<Labelled>(client, POD as never);
  const told: string[] = [];
  informer.on((type, object, before) => told.push(`${type} ${object.metadata.name} ${before?.spec?.nodeName ?? "-"}`));
  send("MODIFIED", pod("a", "n2"), pod("a", "n1"));
  send("DELETED", pod("a", "n2"), pod("a", "n2"));
  assert.equal(told, ["ADDED a -", "MODIFIED a n1", "DELETED a n2"]);
});

test("one informer serves all who watch a kind", () => {
  const { client, watches } = watched();
  const informers = new Informers(client);
  assert.is(informers.for(POD), informers.for(POD));
  assert.is(watches(), 1);
});

test("who asks for the spec is not told where the status alone changes; indexes show the new object all the same", () => {
  const { client, send } = watched();
  const informer = new Informer<Labelled>(client, POD as never);
  informer.addIndex("node", (p) => [p.spec?.nodeName ?? ""]);
  const all: string[] = [];
  const ofSpec: string[] = [];
  informer.on((type) => void all.push(type));
  informer.on((type) => void ofSpec.push(type), "spec");
  const first = pod("a", "n1");
  const running = { ...first, metadata: { ...first.metadata, resourceVersion: "2" }, status: { phase: "Running" } };
  const marked = { ...running, metadata: { ...running.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
  const freed = { ...marked, metadata: { ...marked.metadata, finalizers: ["f"] } };
  const moved = { ...freed, spec: { nodeName: "n2" } };
  send("ADDED", first, undefined);
  send("MODIFIED", running, first);
  assert.is(informer.by("node", "n1")[0], running);
  send("MODIFIED", marked, running);
  send("MODIFIED", freed, marked);
  send("MODIFIED", moved, freed);
  send("DELETED", moved, moved);
  assert.equal(all, ["ADDED", "MODIFIED", "MODIFIED", "MODIFIED", "MODIFIED", "DELETED"]);
  assert.equal(ofSpec, ["ADDED", "MODIFIED", "MODIFIED", "MODIFIED", "DELETED"]);
  assert.equal(names(informer.by("node", "n2")), []);
});

test.run();
