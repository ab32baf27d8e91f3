import type { SourceLocation } from "../../api/source-location.ts";

/** Input that cannot be read: its user can put it right. The message has no location; `source` is where, if that is known. */
export class LoadError extends Error {
  override readonly name = "LoadError";
  readonly source: SourceLocation | undefined;

  constructor(message: string, source?: SourceLocation) {
    super(message);
    this.source = source;
  }
}
