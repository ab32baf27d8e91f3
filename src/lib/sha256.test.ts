import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256 } from "./sha256.ts";

test("as the platform's own, at every length around the blocks", () => {
  for (let length = 0; length < 200; length++) {
    const text = "aé€😀".repeat(length).slice(0, length);
    assert.is(sha256(text), createHash("sha256").update(text).digest("hex"), `${length}`);
  }
});

test.run();
