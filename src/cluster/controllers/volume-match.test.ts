import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { findBestMatch, unsatisfied } from "./volume-match.ts";

type Mode = NonNullable<PersistentVolumeClaim["spec"]["accessModes"]>[number];
interface Wish {
  readonly size?: string;
  readonly modes?: readonly Mode[];
  readonly class?: string;
  readonly block?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly claimRef?: PersistentVolume["spec"]["claimRef"];
  readonly phase?: "Available" | "Bound" | "Released";
  readonly going?: boolean;
}

function volume(
  name: string,
  { size = "1Gi", modes = ["ReadWriteOnce"], block, labels, claimRef, phase = "Available", going, ...w }: Wish,
): PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, ...(labels && { labels }), ...(going && { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    spec: {
      capacity: { storage: size },
      accessModes: modes,
      storageClassName: w.class ?? "a",
      volumeMode: block ? "Block" : "Filesystem",
      ...(claimRef && { claimRef }),
    },
    status: { phase },
  };
}

function claim({ size = "1Gi", modes = ["ReadWriteOnce"], block, labels, ...w }: Wish): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c", namespace: "n", uid: "u" },
    spec: {
      resources: { requests: { storage: size } },
      accessModes: modes,
      storageClassName: w.class ?? "a",
      ...(block && { volumeMode: "Block" as const }),
      ...(labels && { selector: { matchLabels: labels } }),
    },
  };
}

const mine = { namespace: "n", name: "c" };

/** Volumes by name, the claim → the volume it takes, and the one it takes when it waits for its first consumer. */
const CASES: readonly (readonly [Readonly<Record<string, Wish>>, Wish, string | undefined, string | undefined])[] = [
  [{ big: { size: "10Gi" }, fit: { size: "2Gi" }, small: { size: "1Gi" } }, { size: "1500Mi" }, "fit", undefined],
  [{ small: { size: "1Gi" } }, { size: "2Gi" }, undefined, undefined],
  [{ other: { class: "b" }, none: { class: "" } }, {}, undefined, undefined],
  [{ none: { class: "" } }, { class: "" }, "none", undefined],
  [{ block: { block: true }, fs: {} }, { block: true }, "block", undefined],
  [{ many: { modes: ["ReadOnlyMany"] } }, {}, undefined, undefined],
  [{ both: { modes: ["ReadWriteOnce", "ReadOnlyMany"] }, one: { size: "5Gi" } }, {}, "one", undefined],
  [{ both: { modes: ["ReadWriteOnce", "ReadOnlyMany"] }, one: {} }, { modes: ["ReadOnlyMany"] }, "both", undefined],
  [{ red: { labels: { c: "red" } }, blue: { labels: { c: "blue" } } }, { labels: { c: "blue" } }, "blue", undefined],
  [{ taken: { claimRef: { namespace: "n", name: "x" } } }, {}, undefined, undefined],
  [{ free: {}, mine: { size: "9Gi", claimRef: mine } }, {}, "mine", "mine"],
  [{ mine: { claimRef: { ...mine, uid: "u" }, phase: "Bound" } }, {}, "mine", "mine"],
  [{ old: { claimRef: { ...mine, uid: "earlier" } } }, {}, undefined, undefined],
  [{ mine: { claimRef: mine, class: "b" } }, {}, "mine", "mine"],
  [{ mine: { claimRef: mine, size: "1Gi" }, free: { size: "3Gi" } }, { size: "2Gi" }, "free", undefined],
  [{ released: { phase: "Released" } }, {}, undefined, undefined],
  [{ going: { going: true } }, {}, undefined, undefined],
];

test("which volume a claim takes", () => {
  for (const [volumes, wish, want, wantLater] of CASES) {
    const all = Object.entries(volumes).map(([name, w]) => volume(name, w));
    const about = JSON.stringify([volumes, wish]);
    assert.is(findBestMatch(claim(wish), all, false)?.metadata.name, want, about);
    assert.is(findBestMatch(claim(wish), all, true)?.metadata.name, wantLater, `${about}, later`);
  }
});

test("why a claim cannot have the volume that it names", () => {
  const cases: readonly (readonly [Wish, Wish, string | undefined])[] = [
    [{}, {}, undefined],
    [{ size: "5Gi" }, {}, undefined],
    [{}, { size: "2Gi" }, "requested PV is too small"],
    [{ class: "b" }, {}, "storageClassName does not match"],
    [{ block: true }, {}, "incompatible volumeMode"],
    [{}, { modes: ["ReadWriteMany"] }, "incompatible accessMode"],
    [{ going: true }, {}, 'the volume is marked for deletion "v"'],
  ];
  for (const [has, wants, want] of cases) assert.is(unsatisfied(volume("v", has), claim(wants)), want);
});

test.run();
