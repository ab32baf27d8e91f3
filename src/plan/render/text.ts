/** The plan for a terminal: one section after the other, empty ones left out. */
import type { Plan } from "../schema.ts";
import { painter } from "./paint.ts";
import { changes } from "./text/changes.ts";
import { findings } from "./text/findings.ts";
import { fixes } from "./text/fixes.ts";
import { assumptions, notSimulated } from "./text/foot.ts";
import { head } from "./text/head.ts";
import { jobs } from "./text/jobs.ts";
import { nodes } from "./text/nodes.ts";
import type { Page } from "./text/page.ts";
import { pending } from "./text/pending.ts";
import { quotas } from "./text/quotas.ts";
import { rollouts } from "./text/rollouts.ts";
import { services } from "./text/services.ts";
import { timeline } from "./text/timeline.ts";

export interface TextOptions {
  readonly colors: boolean;
  /** Of the terminal. */
  readonly columns: number;
}

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 160;

export function renderText(plan: Plan, options: TextOptions): string {
  const page: Page = { plan, paint: painter(options.colors), columns: Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, options.columns)) };
  const sections = [
    head(page),
    findings(page),
    changes(page),
    pending(page),
    fixes(page),
    nodes(page),
    rollouts(page),
    jobs(page),
    quotas(page),
    services(page),
    timeline(page),
    notSimulated(page),
    assumptions(page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
