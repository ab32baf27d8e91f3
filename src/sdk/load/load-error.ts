import type { SourceLocation } from "../../api/source-location.ts";

/** Of a message: an author's error may carry a whole file. */
const LENGTH_MAX = 2_000;

/** Input that cannot be read: its user can put it right. The message has no location; `source` is where, if that is known. */
export class LoadError extends Error {
  override readonly name = "LoadError";
  readonly source: SourceLocation | undefined;

  constructor(message: string, source?: SourceLocation) {
    super(message.length > LENGTH_MAX ? `${message.slice(0, LENGTH_MAX)}… (${message.length.toLocaleString("en")} characters)` : message);
    this.source = source;
  }
}
