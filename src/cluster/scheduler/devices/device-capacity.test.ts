import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CapacityRequestPolicy } from "../../../../generated/v1.36/model.ts";
import { formatQuantity, parseQuantity } from "../../../lib/quantity.ts";
import { consumedOf, isLeft } from "./device-capacity.ts";

const range = (min: string, step?: string, max?: string): CapacityRequestPolicy => ({
  default: min,
  validRange: { min, ...(step ? { step } : {}), ...(max ? { max } : {}) },
});

/** A device of 16Gi with this policy → asked for → taken (`-`: not to be had). */
const AMOUNTS: readonly (readonly [policy: CapacityRequestPolicy | undefined, asked: string | undefined, taken: string])[] = [
  [undefined, undefined, "16Gi"],
  [undefined, "3Gi", "3Gi"],
  [{ default: "1Gi" }, undefined, "1Gi"],
  [{ default: "1Gi" }, "1500M", "1500M"],
  [range("2Gi"), "1Gi", "2Gi"],
  [range("2Gi"), "5Gi", "5Gi"],
  [range("2Gi", "2Gi"), "4Gi", "4Gi"],
  [range("2Gi", "2Gi"), "5Gi", "6Gi"],
  [range("2Gi", "2Gi", "8Gi"), "9Gi", "-"],
  [range("2Gi", "4Gi", "8Gi"), "7Gi", "-"],
  [{ default: "1Gi", validValues: ["1Gi", "4Gi"] }, "2Gi", "4Gi"],
  [{ default: "1Gi", validValues: ["1Gi", "4Gi"] }, "5Gi", "-"],
  [{ default: "1Gi", validValues: ["1Gi", "4Gi"] }, undefined, "1Gi"],
];
for (const [requestPolicy, asked, taken] of AMOUNTS) {
  test(`of 16Gi under ${JSON.stringify(requestPolicy) ?? "no policy"}, asked for ${asked ?? "nothing"}: ${taken}`, () => {
    const device = { name: "d", capacity: { memory: { value: "16Gi", ...(requestPolicy ? { requestPolicy } : {}) } } };
    const amount = consumedOf(asked === undefined ? {} : { memory: asked }, device)?.get("memory");
    assert.is(amount ? formatQuantity(amount) : "-", taken);
  });
}

test("a capacity that the device has not", () => assert.is(consumedOf({ cores: "1" }, { name: "d" }), undefined));

test("what is left", () => {
  const device = { name: "d", capacity: { memory: { value: "16Gi" } } };
  const six = consumedOf({ memory: "6Gi" }, device)!;
  const used = (gib: string) => () => parseQuantity(gib)!.nano;
  assert.equal(
    ["0", "10Gi", "11Gi"].map((gib) => isLeft(six, device, used(gib))),
    [true, true, false],
  );
});

test.run();
