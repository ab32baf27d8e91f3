import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container, Volume } from "../../../generated/v1.36/model.ts";
import { pod } from "../../../test/support/kubelet-world.ts";
import { missingEnvironment, missingVolume, type Sources } from "./references.ts";

/** What the namespace `default` has. */
const found = (objects: Readonly<Record<string, object>>): { get: (key: string) => never } => ({ get: (key) => objects[key] as never });
const SOURCES: Sources = {
  configMaps: found({ "default/have": { data: { a: "1" }, binaryData: { b: "" } } }),
  secrets: found({ "default/have": { data: { a: "" } } }),
  claims: found({
    "default/bound": { spec: { volumeName: "pv" }, status: { phase: "Bound" } },
    "default/pending": { status: { phase: "Pending" } },
  }),
};

test("volumes", () => {
  const setUp = (why: string): string => `MountVolume.SetUp failed for volume "v" : ${why}`;
  const claim = (why: string): string =>
    `Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC ${why}`;
  const cases: [Omit<Volume, "name">, string | undefined][] = [
    [{ emptyDir: {} }, undefined],
    [{ configMap: { name: "have" } }, undefined],
    [
      {
        configMap: {
          name: "have",
          items: [
            { key: "a", path: "x" },
            { key: "b", path: "y" },
          ],
        },
      },
      undefined,
    ],
    [{ configMap: { name: "have", items: [{ key: "z", path: "x" }] } }, setUp("configmap references non-existent config key: z")],
    [{ configMap: { name: "gone" } }, setUp('configmap "gone" not found')],
    [{ configMap: { name: "gone", optional: true } }, undefined],
    [{ secret: { secretName: "gone" } }, setUp('secret "gone" not found')],
    [{ secret: { secretName: "have", items: [{ key: "z", path: "x" }] } }, setUp("references non-existent secret key: z")],
    [{ projected: { sources: [{ serviceAccountToken: { path: "t" } }, { configMap: { name: "kube-root-ca.crt" } }] } }, undefined],
    [{ projected: { sources: [{ configMap: { name: "have" } }, { secret: { name: "gone" } }] } }, setUp('secret "gone" not found')],
    [{ persistentVolumeClaim: { claimName: "bound" } }, undefined],
    [{ persistentVolumeClaim: { claimName: "pending" } }, claim("default/pending: PVC is not bound")],
    [
      { persistentVolumeClaim: { claimName: "gone" } },
      claim('default/gone: failed to fetch PVC from API server: persistentvolumeclaims "gone" not found'),
    ],
    [{ ephemeral: {} }, claim('default/p-v: failed to fetch PVC from API server: persistentvolumeclaims "p-v" not found')],
  ];
  for (const [volume, want] of cases)
    assert.is(missingVolume(pod("p", { volumes: [{ name: "v", ...volume }] }), SOURCES)?.message, want, JSON.stringify(volume));
});

test("environment", () => {
  const from = (valueFrom: object): Partial<Container> => ({ env: [{ name: "A", valueFrom }] });
  const cases: [Partial<Container>, string | undefined][] = [
    [{ env: [{ name: "A", value: "1" }] }, undefined],
    [from({ fieldRef: { fieldPath: "metadata.name" } }), undefined],
    [from({ configMapKeyRef: { name: "have", key: "a" } }), undefined],
    [from({ configMapKeyRef: { name: "have", key: "b" } }), "couldn't find key b in ConfigMap default/have"],
    [from({ configMapKeyRef: { name: "have", key: "z", optional: true } }), undefined],
    [from({ configMapKeyRef: { name: "gone", key: "a" } }), 'configmap "gone" not found'],
    [from({ secretKeyRef: { name: "have", key: "z" } }), "couldn't find key z in Secret default/have"],
    [from({ secretKeyRef: { name: "gone", key: "z" } }), 'secret "gone" not found'],
    [{ envFrom: [{ configMapRef: { name: "gone" } }] }, 'configmap "gone" not found'],
    [{ envFrom: [{ secretRef: { name: "gone", optional: true } }, { configMapRef: { name: "have" } }] }, undefined],
  ];
  for (const [container, want] of cases)
    assert.is(missingEnvironment(pod("p"), { name: "c", ...container }, SOURCES)?.message, want, JSON.stringify(container));
});

test.run();
