import { test } from "uvu";
import * as assert from "uvu/assert";
import { defaultPullPolicy } from "./image.ts";

const DIGEST = `sha256:${"ab12".repeat(16)}`;

const cases: readonly [string | undefined, string][] = [
  ["nginx", "Always"],
  ["nginx:latest", "Always"],
  ["nginx:1.25", "IfNotPresent"],
  ["registry.example.com:5000/team/app", "Always"],
  ["registry.example.com:5000/team/app:v1", "IfNotPresent"],
  [`nginx@${DIGEST}`, "IfNotPresent"],
  [`nginx:latest@${DIGEST}`, "Always"],
  // No image reference at all: nothing is understood.
  ["<YOUR-CONTAINER>", "IfNotPresent"],
  ["Upper/case", "Always"],
  ["UPPER", "IfNotPresent"],
  [undefined, "IfNotPresent"],
];

for (const [image, want] of cases) test(`${image} is pulled ${want}`, () => assert.is(defaultPullPolicy(image), want));

test.run();
