/** What the result rests on. */
import type { Plan } from "../../schema.ts";
import { assumptionWords } from "../words.ts";
import { type Block, rendered, span } from "./block.ts";

export function assumptions(plan: Plan): Block {
  const rows = [
    ...plan.notSimulated.map((kind) => `- accepted, not simulated: ${span(kind)}`),
    ...plan.assumptions.map((a) => `- ${rendered(assumptionWords(a))}`),
  ];
  return { name: "assumptions", head: "<details><summary>Assumptions</summary>\n", rows, tail: "\n</details>\n", share: 100 };
}
