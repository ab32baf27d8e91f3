/** What happens when. */
import { clip, padStart, visible } from "../../../lib/display-width.ts";
import { jobPictures } from "../job-words.ts";
import { eventsToShow } from "../selection.ts";
import { type Cell, table } from "../table.ts";
import { eventObject, rolloutPictures, virtualTime } from "../timeline.ts";
import { plural, showRef } from "../words.ts";
import { more, type Page, ROWS_MAX, title } from "./page.ts";

/** Columns of a picture, events shown at most. */
const PICTURE_COLUMNS = 30;
const EVENTS_MAX = 12;

/** Only where something moves or goes wrong: of a first deployment that just works there is nothing to tell. */
export function timeline(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const pictures = rolloutPictures(plan, PICTURE_COLUMNS).slice(0, ROWS_MAX);
  const jobs = jobPictures(plan, PICTURE_COLUMNS).slice(0, ROWS_MAX);
  const { shown: news, passing } = eventsToShow(plan);
  const troubled = jobs.some(({ job }) => job.outcome === "fails" || job.outcome === "waits");
  if (pictures.length === 0 && !troubled && !news.some((e) => e.type === "Warning")) return [];
  const { leftOut, seconds } = plan.timeline;
  const rows = [
    ...pictures.map(({ rollout, blocks }): readonly Cell[] => [
      { text: visible(showRef(rollout.object)) },
      { text: blocks },
      { text: `${rollout.at} of ${rollout.desired} ready` },
    ]),
    ...jobs.map(({ job, blocks }): readonly Cell[] => [
      { text: visible(showRef(job.object)) },
      { text: blocks },
      { text: `${job.succeeded} of ${job.completions ?? 1} done` },
    ]),
  ];
  const legend = rows.length > 0 ? `; a block is the fewest ready pods meanwhile${jobs.length > 0 ? ", ▪ a job at work" : ""}` : "";
  const shown = news.slice(0, EVENTS_MAX);
  const times = shown.map((e) => virtualTime(e.atSeconds));
  const width = times.reduce((most, t) => Math.max(most, t.length), 0);
  const lines = shown.map((e, i) => {
    const words = clip(visible(`${eventObject(e)}  ${e.reason}: ${e.message}`), columns - width - 6);
    return `  ${paint("dim", padStart(times[i]!, width))} ${e.type === "Warning" ? paint("yellow", "!") : " "} ${words}`;
  });
  return [
    `${title(page, "Timeline")}  ${paint("dim", `virtual, ${virtualTime(seconds)}${legend}`)}`,
    ...table(rows, columns, "  "),
    ...lines,
    ...more(page, news.length - shown.length + leftOut, "event"),
    ...(passing > 0
      ? [`  ${paint("dim", `${plural(passing, "warning")} on the way, of pods that are well in the end (--format json has them)`)}`]
      : []),
  ];
}
