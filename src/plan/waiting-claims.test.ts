import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../generated/v1.36/model.ts";
import { fakeSnapshot } from "../../test/support/fake-snapshots.ts";
import type { KubeObject } from "../api/object.ts";
import { claimWords } from "./render/words.ts";
import { viewOf } from "./view.ts";
import { waitingClaims } from "./waiting-claims.ts";

const UNBOUND = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "db-0", namespace: "shop" },
  spec: { containers: [], volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
} as unknown as Pod;
const claim = (phase: string, storageClassName?: string): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "shop" },
    spec: storageClassName === undefined ? {} : { storageClassName },
    status: { phase },
  }) as unknown as KubeObject;
const storageClass = (provisioner: string, annotations: object = {}): KubeObject =>
  ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast", annotations },
    provisioner,
  }) as unknown as KubeObject;

const CASES: readonly (readonly [about: string, objects: readonly KubeObject[], message: string, want: readonly string[]])[] = [
  ["CPU is short: claims are not in question", [claim("Pending")], "1 Insufficient cpu.", []],
  ["no such claim", [], 'persistentvolumeclaim "data" not found.', ["The claim data does not exist."]],
  ["bound", [claim("Bound")], UNBOUND, []],
  [
    "no class: what the controller said last",
    [claim("Pending")],
    UNBOUND,
    ["The claim data is not bound: no persistent volumes available."],
  ],
  [
    "a class whose provisioner is another program",
    [claim("Pending", "fast"), storageClass("x.example.com")],
    UNBOUND,
    [
      "The claim data (storage class fast) is not bound: its provisioner x.example.com is not simulated; the annotation seatrial.dev/provisioner: assumed on the class assumes that it runs.",
    ],
  ],
  [
    "a class whose provisioner is assumed",
    [claim("Pending", "fast"), storageClass("x.example.com", { "seatrial.dev/provisioner": "assumed" })],
    UNBOUND,
    ["The claim data (storage class fast) is not bound: no persistent volumes available."],
  ],
];
for (const [about, objects, message, want] of CASES)
  test(about, () => {
    const told = (atMs: number, text: string) =>
      ({
        type: "Normal",
        object: "PersistentVolumeClaim shop/data",
        reason: "X",
        message: text,
        from: "x",
        firstAtMs: atMs,
        lastAtMs: atMs,
        count: 1,
      }) as const;
    const events = [told(2, "no persistent volumes available"), told(1, "something else")];
    const claims = waitingClaims(viewOf(fakeSnapshot(objects, { events })), [pod], message);
    assert.equal(
      claims.map((c) =>
        claimWords(c)
          .map((p) => (typeof p === "string" ? p : Object.values(p).join("")))
          .join(""),
      ),
      want,
    );
  });

test.run();
