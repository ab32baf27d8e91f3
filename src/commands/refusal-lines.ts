/** A refusal as lines that editors and CI systems understand: `FILE:LINE:COLUMN: error: KIND NAMESPACE/NAME: MESSAGE (FIELD)`. */
import { showLocation } from "../api/source-location.ts";
import { objectName } from "../sdk/identity.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import type { Refused } from "../sim/answer.ts";

const LENGTH_MAX = 4_000;

interface Complaint {
  readonly message: string;
  /** Empty when the whole object is meant. */
  readonly field: string;
}

export function refusalLines(loaded: LoadedObject, answer: Refused): readonly string[] {
  return complaintsOf(answer).map(({ message, field }) => line(loaded, "error", message, field));
}

export function warningLines(loaded: LoadedObject, warnings: readonly string[]): readonly string[] {
  return warnings.map((message) => line(loaded, "warning", message, fieldIn(message)));
}

function line(loaded: LoadedObject, severity: "error" | "warning", message: string, field: string): string {
  const at = (field === "" ? undefined : loaded.locate(field)) ?? loaded.source;
  const where = at ? `${showLocation(at)}: ` : "";
  const suffix = field === "" || message.includes(field) ? "" : ` (${field})`;
  return `${where}${severity}: ${shown(objectName(loaded.object))}: ${shown(message.trim().replace(/\s*\n\s*/g, "; "))}${suffix}`;
}

/** What a terminal would act on is spelled out; a value as long as a file is cut. */
function shown(text: string): string {
  const cut = text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}… (${text.length.toLocaleString("en")} characters)` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return cut.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) =>
    c === "\n" ? "\\n" : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One per cause; a strict decoding error has one for each field it names. */
function complaintsOf(answer: Refused): readonly Complaint[] {
  if (answer.causes && answer.causes.length > 0) return answer.causes.map(({ message, field }) => ({ message, field }));
  const strict = /strict decoding error: (.*)$/s.exec(answer.message)?.[1];
  if (strict !== undefined)
    return strict.split(/, (?=(?:unknown|duplicate) field )/).map((message) => ({ message, field: fieldIn(message) }));
  return [{ message: answer.message, field: fieldIn(answer.message) }];
}

/** The field that a message of the decoder or a warning names. */
function fieldIn(message: string): string {
  const named = /(?:unknown|duplicate) field "([^"]+)"/.exec(message) ?? /Go struct field \w+\.([\w.[\]]+) of type/.exec(message);
  return named?.[1] ?? /^((?:metadata|spec|data|rules|webhooks)[\w.[\]/-]*): /.exec(message)?.[1] ?? "";
}
