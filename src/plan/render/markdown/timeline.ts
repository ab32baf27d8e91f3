/** What happens when. */
import type { Plan } from "../../schema.ts";
import { jobPictures } from "../job-words.ts";
import { codeSpan, row } from "../markdown-escape.ts";
import { eventsToShow } from "../selection.ts";
import { eventObject, rolloutPictures, virtualTime } from "../timeline.ts";
import { plural, showRef } from "../words.ts";
import { type Block, details, quoted, span } from "./block.ts";

/** Columns of a picture, events shown at most. */
const PICTURE_COLUMNS = 40;
const EVENTS_MAX = 60;

export function timeline(plan: Plan): Block {
  const { seconds, leftOut } = plan.timeline;
  const { shown: events, passing } = eventsToShow(plan);
  const pictures = rolloutPictures(plan, PICTURE_COLUMNS).map(({ rollout, blocks }) =>
    row(["0 s to end", span(showRef(rollout.object)), `${codeSpan(blocks)} ${rollout.at} of ${rollout.desired} ready`]),
  );
  const jobs = jobPictures(plan, PICTURE_COLUMNS).map(({ job, blocks }) =>
    row(["0 s to end", span(showRef(job.object)), `${codeSpan(blocks)} ${job.succeeded} of ${job.completions ?? 1} done`]),
  );
  const shown = events.slice(0, EVENTS_MAX);
  const rows = shown.map((e) =>
    row([virtualTime(e.atSeconds), span(eventObject(e)), `${e.type === "Warning" ? "⚠️ " : ""}${quoted(e.reason)}: ${quoted(e.message)}`]),
  );
  const missing = events.length - shown.length + leftOut;
  const rest = [
    ...(missing > 0 ? [row(["", "", `… and ${plural(missing, "more event")}`])] : []),
    ...(passing > 0 ? [row(["", "", `${plural(passing, "warning")} on the way, of pods that are well in the end`])] : []),
  ];
  return details(
    `Timeline (virtual, ${virtualTime(seconds)}; a block is the fewest ready pods meanwhile${jobs.length > 0 ? ", ▪ a job at work" : ""})`,
    "timeline entries",
    ["At", "Object", "What"],
    [...pictures, ...jobs, ...rows, ...rest],
    70,
  );
}
