import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../api/object.ts";
import { deployment, fixture } from "./server-fixture.ts";

const template = (metadata: Unchecked): Unchecked => ({ metadata, spec: { containers: [{ name: "c", image: "a" }] } });
const storageClass = (parameters?: Unchecked): Unchecked => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "fast" },
  provisioner: "a.example.com",
  ...(parameters ? { parameters } : {}),
});

/** What is stated, and how the refusal shows it. */
const CASES: readonly (readonly [string, (server: ReturnType<typeof fixture>["server"]) => { message?: string | undefined }, string])[] = [
  ["no labels", (s) => s.create(deployment("web", { template: template({}) })), "labels: Invalid value: null:"],
  ["empty labels", (s) => s.create(deployment("web", { template: template({ labels: {} }) })), "labels: Invalid value: {}:"],
  ["no parameters", (s) => s.update(storageClass() as never), "parameters: Invalid value: null:"],
  ["empty parameters", (s) => s.update(storageClass({}) as never), "parameters: Invalid value: {}:"],
];

for (const [what, act, text] of CASES) {
  test(`${what}: ${text}`, () => {
    const { server } = fixture();
    server.create(storageClass({ type: "ssd" }));
    const { message = "" } = act(server);
    assert.ok(message.includes(text), message);
  });
}

test.run();
