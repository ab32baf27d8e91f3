import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fakeSnapshot, material, scaleUp } from "../../../test/support/fake-snapshots.ts";
import { makePlan } from "../plan.ts";
import type { Plan } from "../schema.ts";
import { renderJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderText } from "./text.ts";

const update = process.env["UPDATE_GOLDEN"] === "1";
if (update && process.env["CI"]) throw new Error("UPDATE_GOLDEN is refused in CI");
const folder = fileURLToPath(new URL("golden/", import.meta.url));
mkdirSync(folder, { recursive: true });

const PLANS: Readonly<Record<string, () => Plan>> = {
  "scale-up": () => makePlan(scaleUp()),
  nothing: () => makePlan(material(fakeSnapshot([]), fakeSnapshot([]), [])),
};
const FORMATS: Readonly<Record<string, (plan: Plan) => string>> = {
  txt: (plan) => renderText(plan, { colors: false, columns: 100 }),
  "ansi.txt": (plan) => renderText(plan, { colors: true, columns: 80 }),
  md: renderMarkdown,
  json: renderJson,
};

for (const [name, plan] of Object.entries(PLANS)) {
  for (const [format, render] of Object.entries(FORMATS)) {
    test(`${name}.${format}`, () => {
      const file = `${folder}${name}.${format}`;
      const text = render(plan());
      if (update) writeFileSync(file, text);
      assert.fixture(text, readFileSync(file, "utf8"));
    });
  }
}

test.run();
