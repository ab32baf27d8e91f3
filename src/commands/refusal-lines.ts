/** A refusal as lines that editors and CI systems understand: `FILE:LINE:COLUMN: error: KIND NAMESPACE/NAME: MESSAGE (FIELD)`. */
import { showLocation } from "../api/source-location.ts";
import { objectName } from "../sdk/identity.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import type { Refused } from "../sim/answer.ts";

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
  return `${where}${severity}: ${objectName(loaded.object)}: ${message.trim().replace(/\s*\n\s*/g, "; ")}${suffix}`;
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
