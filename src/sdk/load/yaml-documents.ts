/** A stream of YAML or JSON documents to plain data, each with a way to find the line of a field. */
import type { SourceLocation } from "../../api/source-location.ts";
import { plainData } from "../plain.ts";
import { NESTING_MAX } from "../yaml/nesting.ts";
import { readJson } from "./json.ts";
import { LoadError } from "./load-error.ts";
import { type Chunk, splitDocuments } from "./yaml-chunks.ts";
import { type FullDocument, type Place, readFullYaml } from "./yaml-full.ts";
import { readSimpleYaml } from "./yaml-simple.ts";

/** 64 Mi characters: about 100,000 objects as kubectl prints them. */
const TEXT_LENGTH_MAX = 64 * 1024 * 1024;
/** Opening brackets and dashes in a row that no manifest has, but that would exhaust a recursive reader. */
const NESTED_FLOW = new RegExp(`[\\[{][\\s\\[{]{${NESTING_MAX},}`);
const NESTED_DASHES = new RegExp(`(?:[-?] ){${NESTING_MAX},}`);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL_CHARACTER = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

export interface YamlDocument {
  readonly value: unknown;
  /** Where the document's first value begins. */
  readonly source: SourceLocation;
  /** The place of a field, or of the nearest one around it that is written. The first call reads the document once more, with positions. */
  locate(path: string): SourceLocation;
}

/**
 * @param file how the text's origin is shown: `deploy/app.yaml`, `stdin`
 * @throws LoadError with line and column
 */
export function readYaml(text: string, file: string): readonly YamlDocument[] {
  if (text.length > TEXT_LENGTH_MAX) throw new LoadError(`${file} is larger than ${TEXT_LENGTH_MAX / 1024 / 1024} MiB`);
  refuseControlCharacters(text, file);
  refuseDeepNesting(text, file);
  const chunks = splitDocuments(text);
  if (!chunks) return readWhole(text, file);
  const several = chunks.filter((c) => c.hasContent).length > 1;
  return chunks.flatMap((chunk, i) => readChunk(chunk, file, several ? { document: i + 1 } : {}));
}

type Numbered = { readonly document?: number };

/** A stream that only the full reader can cut into its documents. */
function readWhole(text: string, file: string): readonly YamlDocument[] {
  const documents = readFullYaml(text, ({ line, column }, i) => ({ file, line, column, document: i + 1 }));
  const several = documents.filter((d) => !isNothing(d.value)).length > 1;
  return documents.flatMap((document, i) => {
    const source = (place: Place): SourceLocation => ({ file, ...place, ...(several ? { document: i + 1 } : {}) });
    return documentOf(document.value, source(document.start), (path) => source(document.locate(path)));
  });
}

function readChunk(chunk: Chunk, file: string, number: Numbered): readonly YamlDocument[] {
  if (!chunk.hasContent) return [];
  const source = ({ line, column }: Place): SourceLocation => ({ file, line: line + chunk.line - 1, column, ...number });
  const start: SourceLocation = { file, line: chunk.firstLine, column: chunk.firstColumn, ...number };
  let full: FullDocument | undefined;
  const readFull = (): FullDocument | undefined => {
    full ??= readFullYaml(chunk.text, source)[0];
    return full;
  };
  const locate = (path: string): SourceLocation => {
    const place = readFull()?.locate(path);
    return place ? source(place) : start;
  };
  const quick = readJson(chunk.text) ?? readSimpleYaml(chunk.text);
  return documentOf(quick ? quick.value : readFull()?.value, start, locate);
}

function documentOf(value: unknown, source: SourceLocation, locate: (path: string) => SourceLocation): readonly YamlDocument[] {
  return isNothing(value) ? [] : [{ value: checkedData(value, locate), source, locate }];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** An alias may stand inside of what it stands for, and `.nan` is a number: neither is JSON. */
function checkedData(value: unknown, locate: (path: string) => SourceLocation): unknown {
  if (typeof value !== "object" || value === null) return value;
  const checked = plainData(value);
  if ("refused" in checked) throw new LoadError(`${checked.refused.path} ${checked.refused.why}`.trim(), locate(checked.refused.path));
  return checked.data;
}

/** As go-yaml, which takes tab, line feed, carriage return and what is printable. */
function refuseControlCharacters(text: string, file: string): void {
  const offset = text.search(CONTROL_CHARACTER);
  if (offset < 0) return;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0");
  throw new LoadError(`control characters are not allowed (U+${code})`, positionOf(text, offset, file));
}

function refuseDeepNesting(text: string, file: string): void {
  const deep = NESTED_FLOW.exec(text) ?? NESTED_DASHES.exec(text);
  if (deep) throw new LoadError(`nested more than ${NESTING_MAX} levels deep`, positionOf(text, deep.index, file));
}

function positionOf(text: string, offset: number, file: string): SourceLocation {
  const before = text.slice(0, offset);
  return { file, line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
