/**
 * RFC 3339 times as the API server reads and writes them, and Go's words for a text that is none.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and micro_time.go; Go time/format.go
 */
import { goQuote } from "../../lib/go-text.ts";

const LAYOUT = { time: "2006-01-02T15:04:05Z07:00", "micro-time": "2006-01-02T15:04:05.000000Z07:00" } as const;

/** What each part of the layout asks for, in order: the layout's own text (as messages name it) and the digits it stands for. */
const PARTS: readonly { readonly layout: string; readonly pattern: RegExp; readonly range?: readonly [string, number, number] }[] = [
  { layout: "2006", pattern: /^\d{4}/ },
  { layout: "-", pattern: /^-/ },
  { layout: "01", pattern: /^\d\d/, range: ["month", 1, 12] },
  { layout: "-", pattern: /^-/ },
  { layout: "02", pattern: /^\d\d/, range: ["day", 1, 31] },
  { layout: "T", pattern: /^T/ },
  { layout: "15", pattern: /^\d\d/, range: ["hour", 0, 23] },
  { layout: ":", pattern: /^:/ },
  { layout: "04", pattern: /^\d\d/, range: ["minute", 0, 59] },
  { layout: ":", pattern: /^:/ },
  { layout: "05", pattern: /^\d\d/, range: ["second", 0, 59] },
];
const FRACTION = /^\.\d+/;
const ZONE = /^(?:Z|[+-]\d\d:\d\d)/;

/** The time as it is kept (UTC, whole seconds or microseconds), or why the text is none. */
export function readTime(text: string, kind: "time" | "micro-time"): { readonly time: string } | { readonly error: string } {
  const layout = LAYOUT[kind];
  const fail = (rest: string, part: string): { error: string } => ({
    error: `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(rest)} as ${goQuote(part)}`,
  });
  let rest = text;
  for (const part of PARTS) {
    const m = part.pattern.exec(rest);
    if (!m) return fail(rest, part.layout);
    if (part.range) {
      const [name, min, max] = part.range;
      const n = Number(m[0]);
      if (n < min || n > max) return { error: `parsing time ${goQuote(text)}: ${name} out of range` };
    }
    rest = rest.slice(m[0].length);
  }
  const fraction = FRACTION.exec(rest)?.[0] ?? "";
  if (kind === "micro-time" && !/^\.\d{6}$/.test(fraction)) return fail(rest, ".000000");
  rest = rest.slice(fraction.length);
  const zone = ZONE.exec(rest)?.[0];
  if (zone === undefined) return fail(rest, "Z07:00");
  if (rest.length > zone.length) return { error: `parsing time ${goQuote(text)}: extra text: ${goQuote(rest.slice(zone.length))}` };
  const ms = Date.parse(`${text.slice(0, 19)}${zone}`);
  // The calendar repeats after 400 years; of years before 100 Date.UTC makes others.
  const daysOfMonth = new Date(Date.UTC(2000 + (Number(text.slice(0, 4)) % 400), Number(text.slice(5, 7)), 0)).getUTCDate();
  if (Number.isNaN(ms) || Number(text.slice(8, 10)) > daysOfMonth) return { error: `parsing time ${goQuote(text)}: day out of range` };
  const iso = new Date(ms).toISOString();
  // Brought to UTC, the first and last hours of a calendar of four digits leave it.
  if (!/^\d{4}-/.test(iso)) return { error: `parsing time ${goQuote(text)}: year outside of range [0,9999]` };
  const seconds = iso.slice(0, 19);
  return { time: kind === "time" ? `${seconds}Z` : `${seconds}${fraction}Z` };
}
