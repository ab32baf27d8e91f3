import { fileURLToPath } from "node:url";
import { test } from "uvu";
import { fakeSnapshot, material, scaleUp } from "../../../test/support/fake-snapshots.ts";
import { golden } from "../../../test/support/golden.ts";
import { makePlan } from "../plan.ts";
import type { Plan } from "../schema.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderText } from "./text.ts";

const folder = fileURLToPath(new URL("golden/", import.meta.url));

const PLANS: Readonly<Record<string, () => Plan>> = {
  "scale-up": () => makePlan(scaleUp()),
  nothing: () => makePlan(material(fakeSnapshot([]), fakeSnapshot([]), [])),
};
const FORMATS: Readonly<Record<string, (plan: Plan) => string>> = {
  txt: (plan) => renderText(plan, { colors: false, columns: 100 }),
  "ansi.txt": (plan) => renderText(plan, { colors: true, columns: 80 }),
  md: renderMarkdown,
  json: renderJson,
  html: renderHtml,
};

for (const [name, plan] of Object.entries(PLANS)) {
  for (const [format, render] of Object.entries(FORMATS)) {
    test(`${name}.${format}`, () => {
      golden(`${folder}${name}.${format}`, render(plan()));
    });
  }
}

test.run();
