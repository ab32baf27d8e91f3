/**
 * Cron schedules: five fields, or a name such as `@daily`, in a time zone.
 * @see github.com/robfig/cron/v3 parser.go, spec.go, as Kubernetes uses it
 */

export interface CronSchedule {
  /** `@every 90s`: a fixed distance, in milliseconds. */
  readonly everyMs?: number;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Neither days nor weekdays are `*`: then one of the two is enough. */
  readonly eitherDay: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const MONTHS: readonly string[] = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: readonly string[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads a schedule; `undefined` when it is none. */
export function parseCron(text: string): CronSchedule | undefined {
  const spec = NAMED[text.trim().toLowerCase()] ?? text.trim();
  const every = /^@every ((?:\d+(?:\.\d+)?(?:h|ms|m|s))+)$/.exec(spec);
  if (every) {
    let ms = 0;
    for (const [, n = "0", unit = "s"] of (every[1] ?? "").matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) ms += Number(n) * (UNIT_MS[unit] ?? 0);
    const none = new Set<number>();
    const everyMs = Math.max(1000, ms - (ms % 1000));
    return { everyMs, minutes: none, hours: none, days: none, months: none, weekdays: none, eitherDay: false };
  }
  const fields = spec.split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const days = parseField(day, 1, 31);
  const months = parseField(month, 1, 12, MONTHS);
  const weekdays = parseField(weekday, 0, 6, WEEKDAYS);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  return { minutes, hours, days, months, weekdays, eitherDay: !isStar(day) && !isStar(weekday) };
}

function isStar(field: string): boolean {
  return field.split(",").some((part) => /^[*?](\/1)?$/.test(part));
}

function parseField(field: string, min: number, max: number, names?: readonly string[]): ReadonlySet<number> | undefined {
  const out = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step, ...more] = part.split("/");
    const every = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0;
    if (more.length > 0 || every === 0) return undefined;
    const bounds = range === "*" || range === "?" ? [min, max] : range.split("-").map((text) => parseValue(text, names));
    const [first, last = step === undefined ? first : max] = bounds;
    if (bounds.length > 2 || first === undefined || last === undefined || first < min || last > max || first > last) return undefined;
    for (let i = first; i <= last; i += every) out.add(i);
  }
  return out;
}

function parseValue(text: string, names: readonly string[] | undefined): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const at = names?.indexOf(text.toLowerCase()) ?? -1;
  return at >= 0 && text !== "" ? at : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    const two = "2-digit" as const;
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the time zone is known. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at a Unix time. */
export function zoneOffsetMs(zone: string | undefined, unixMs: number): number {
  if (zone === undefined || zone === "UTC" || zone === "Etc/UTC") return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(unixMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - (unixMs - (unixMs % 1000));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A schedule that is never due (30 February) is given up after so many years. */
const YEARS_MAX = 5;
/** Jumps from month to month, day to day, hour to hour and minute to minute at most. */
const JUMPS_MAX = 50_000;

/**
 * The first instant after `unixMs` that the schedule names, as Unix time in milliseconds. Clocks that are put forward skip what falls into the gap;
 * what falls into an hour that comes twice is due twice.
 */
export function nextCron(schedule: CronSchedule, unixMs: number, zone?: string): number | undefined {
  if (schedule.everyMs !== undefined) return unixMs - (unixMs % 1000) + schedule.everyMs;
  let at = unixMs - (unixMs % MINUTE_MS) + MINUTE_MS;
  for (let i = 0; i < JUMPS_MAX && at < unixMs + YEARS_MAX * 366 * 24 * HOUR_MS; i++) {
    const offset = zoneOffsetMs(zone, at);
    const local = new Date(at + offset);
    const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
    if (!schedule.months.has(month + 1)) at = fromLocal(Date.UTC(year, month + 1, 1), at, zone);
    else if (!takesDay(schedule, day, local.getUTCDay())) at = fromLocal(Date.UTC(year, month, day + 1), at, zone);
    else if (!schedule.hours.has(local.getUTCHours())) at += HOUR_MS - ((at + offset) % HOUR_MS);
    else if (!schedule.minutes.has(local.getUTCMinutes())) at += MINUTE_MS;
    else return at;
  }
  return undefined;
}

function takesDay(schedule: CronSchedule, day: number, weekday: number): boolean {
  const byDay = schedule.days.has(day);
  const byWeekday = schedule.weekdays.has(weekday);
  return schedule.eitherDay ? byDay || byWeekday : byDay && byWeekday;
}

/** The Unix time at which a zone's clocks show a local time; always later than `after`. */
function fromLocal(localMs: number, after: number, zone: string | undefined): number {
  const guess = localMs - zoneOffsetMs(zone, localMs - zoneOffsetMs(zone, after));
  return guess > after ? guess : after + HOUR_MS;
}
