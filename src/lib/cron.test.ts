import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTimeZone, nextCron, parseCron } from "./cron.ts";

for (const [schedule, after, next, zone] of [
  ["* * * * *", "2026-01-01T00:00:05Z", "2026-01-01T00:01:00Z", undefined],
  ["* * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z", undefined],
  ["*/15 * * * *", "2026-01-01T00:46:00Z", "2026-01-01T01:00:00Z", undefined],
  ["5/20 * * * *", "2026-01-01T00:26:00Z", "2026-01-01T00:45:00Z", undefined],
  ["0 9-17/4 * * MON-FRI", "2026-01-02T17:00:00Z", "2026-01-05T09:00:00Z", undefined],
  ["0 0 13 * FRI", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", undefined],
  ["0 0 29 feb *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z", undefined],
  ["@monthly", "2026-01-31T12:00:00Z", "2026-02-01T00:00:00Z", undefined],
  ["@every 90s", "2026-01-01T00:00:05Z", "2026-01-01T00:01:35Z", undefined],
  ["30 9 * * *", "2026-01-01T00:00:00Z", "2026-01-01T14:30:00Z", "America/New_York"],
  ["0 0 * * *", "2026-07-01T00:00:00Z", "2026-07-01T22:00:00Z", "Europe/Berlin"],
  // Clocks go from 02:00 to 03:00 on 29 March: there is no 02:30.
  ["30 2 * * *", "2026-03-28T02:00:00Z", "2026-03-30T00:30:00Z", "Europe/Berlin"],
  // Clocks go from 03:00 back to 02:00 on 25 October: there are two.
  ["30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "Europe/Berlin"],
] as const)
  test(`${schedule} after ${after}${zone ? ` in ${zone}` : ""}`, () => {
    const parsed = parseCron(schedule);
    assert.ok(parsed);
    const at = parsed && nextCron(parsed, Date.parse(after), zone);
    assert.is(at === undefined ? at : new Date(at).toISOString().replace(".000", ""), next);
  });

for (const schedule of [
  "",
  "* * * *",
  "* * * * * *",
  "60 * * * *",
  "* * 0 * *",
  "* * * * 7",
  "5-1 * * * *",
  "*/0 * * * *",
  "@never",
  "a * * * *",
])
  test(`no schedule: ${schedule}`, () => assert.is(parseCron(schedule), undefined));

test("a day that never comes", () => {
  const schedule = parseCron("0 0 30 2 *");
  assert.is(schedule && nextCron(schedule, Date.UTC(2026, 0, 1)), undefined);
});

test("time zones", () => assert.equal(["Europe/Berlin", "Mars/Olympus"].map(isTimeZone), [true, false]));

test.run();
