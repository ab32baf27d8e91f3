/** What the components report, in virtual time. */
import { eventObject, virtualTime } from "../timeline.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { fitting, moreLine, type Page, row, type Section, table } from "./page.ts";

const ROWS_MAX = 300;
const MESSAGE_MAX = 1000;

export function events({ plan }: Page): Section | undefined {
  const { events: list, leftOut, seconds } = plan.timeline;
  if (list.length === 0) return undefined;
  const rows = list.map(
    (e): Html =>
      row([
        virtualTime(e.atSeconds),
        html`${e.type === "Warning" && !e.passes ? html`<span class="mark warn" role="img" aria-label="Warning">!</span> ` : NOTHING}${e.reason}`,
        html`<code>${clipText(eventObject(e), 300)}</code>`,
        e.passes ? html`<span class="soft">${clipText(e.message, MESSAGE_MAX)} (passes)</span>` : clipText(e.message, MESSAGE_MAX),
      ]),
  );
  const { shown, more } = fitting(rows, ROWS_MAX, "event");
  const missing = rows.length - shown.length + leftOut;
  const body = html`<details><summary>${list.length + leftOut === 1 ? "1 event" : `${list.length + leftOut} events`} within ${virtualTime(seconds)} of virtual time</summary>
${table("Events", ["At", "Reason", "Object", "Message"], shown)}${leftOut > 0 ? moreLine(missing, "event") : more}</details>`;
  return { id: "events", title: "Events", count: list.length + leftOut, body: [body] };
}
