import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTimeZone, scheduleError } from "./cron-schedule.ts";

const cases: readonly [string, string | undefined][] = [
  ["*/5 * * * *", undefined],
  ["0 9-17/2 1,15 JAN-mar sun", undefined],
  ["@hourly", undefined],
  ["@every 1h30m", undefined],
  [" a b ", "expected exactly 5 fields, found 2: [a b]"],
  ["60 * * * *", "end of range (60) above maximum (59): 60"],
  ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
  ["*/0 * * * *", "step of range should be a positive number: */0"],
  ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
  ["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ["@often", "unrecognized descriptor: @often"],
];
for (const [schedule, want] of cases) test(JSON.stringify(schedule), () => assert.is(scheduleError(schedule), want));

test("time zones are those of the database", () => {
  assert.ok(isTimeZone("Europe/Zurich"));
  assert.not(isTimeZone("Mars/Olympus"));
  assert.not(isTimeZone("+01:00"));
  assert.not(isTimeZone(" a b "));
});

test.run();
