/** The plan as it is: `seatrial.dev/plan/v1`. The keys are in the order of the documented type. */
import type { Plan } from "../schema.ts";

export function renderJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
