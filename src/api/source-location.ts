/**
 * Where an object was made: kept beside it under a symbol, not enumerable, so that it is never part of the YAML.
 */

export interface SourceLocation {
  /** As it should be shown: relative to the working directory where it lies below it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
  /** For a YAML stream of several: which document, from 1. */
  readonly document?: number;
}

/** `src/shop.ts:14:3`, `app.yaml:12 (document 2)`. */
export function showLocation(at: SourceLocation): string {
  const column = at.column === undefined ? "" : `:${at.column}`;
  const document = at.document === undefined ? "" : ` (document ${at.document})`;
  return `${at.file}:${at.line}${column}${document}`;
}
