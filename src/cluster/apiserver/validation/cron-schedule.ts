/** Whether a cron schedule can be read, in the words of the parser that the API server uses. @see github.com/robfig/cron v3 parser.go (ParseStandard) */
import { remember } from "../../../lib/remember.ts";

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];
const DESCRIPTORS: ReadonlySet<string> = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);
const DURATION = /^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/;

/** The first thing that is wrong, or nothing. */
export const scheduleError: (schedule: string) => string | undefined = remember(errorOf);

function errorOf(schedule: string): string | undefined {
  if (schedule.startsWith("@")) return descriptorError(schedule);
  const parts = schedule.trim().split(/\s+/).filter(Boolean);
  if (parts.length !== FIELDS.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`;
  for (const [i, part] of parts.entries()) {
    for (const range of part.split(",").filter(Boolean)) {
      const error = rangeError(range, FIELDS[i]!);
      if (error !== undefined) return error;
    }
  }
  return undefined;
}

function descriptorError(text: string): string | undefined {
  if (DESCRIPTORS.has(text)) return undefined;
  if (!text.startsWith("@every ")) return `unrecognized descriptor: ${text}`;
  const duration = text.slice("@every ".length);
  return DURATION.test(duration) ? undefined : `failed to parse duration ${text}: time: invalid duration "${duration}"`;
}

/** `*`, `5`, `1-5`, each perhaps with a step. */
function rangeError(expression: string, { min, max, names }: Field): string | undefined {
  const [range = "", step, ...moreSteps] = expression.split("/");
  const [low = "", high, ...moreBounds] = range.split("-");
  let start = min;
  let end = max;
  if (low !== "*" && low !== "?") {
    const first = readNumber(low, names, min);
    if (typeof first === "string") return first;
    start = first;
    end = first;
    if (moreBounds.length > 0) return `too many hyphens: ${expression}`;
    if (high !== undefined) {
      const last = readNumber(high, names, min);
      if (typeof last === "string") return last;
      end = last;
    }
  }
  if (moreSteps.length > 0) return `too many slashes: ${expression}`;
  let by = 1;
  if (step !== undefined) {
    const n = readNumber(step, undefined, 0);
    if (typeof n === "string") return n;
    by = n;
    if (high === undefined) end = max;
  }
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${expression}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${expression}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return by === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

function readNumber(text: string, names: readonly string[] | undefined, first: number): number | string {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + first;
  if (!/^[+-]?\d+$/.test(text)) return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const n = Number(text);
  return n < 0 ? `negative number (${n}) not allowed: ${text}` : n;
}

/** Whether the time zone database has it. Looking one up takes half a millisecond. */
export const isTimeZone: (name: string) => boolean = remember(inDatabase);

function inDatabase(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    const canonical = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    // The database is one of files: `europe/berlin` is none.
    return canonical === name || canonical.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
