/** A stream of YAML or JSON documents to plain data, each with a way to find the line of a field. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLError } from "yaml";
import type { SourceLocation } from "../../api/source-location.ts";
import { plainData } from "../plain.ts";
import { NESTING_MAX } from "../yaml/nesting.ts";
import { pathSegments } from "./field-segments.ts";
import { LoadError } from "./load-error.ts";
import { ALIASES_MAX, YAML_OPTIONS } from "./yaml-schema.ts";

/** 64 MiB: about 100,000 objects as kubectl prints them. */
const TEXT_LENGTH_MAX = 64 * 1024 * 1024;
/** Opening brackets and dashes in a row that no manifest has, but that would exhaust a recursive reader. */
const NESTED_FLOW = new RegExp(`[\\[{][\\s\\[{]{${NESTING_MAX},}`);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL_CHARACTER = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const NESTED_DASHES = new RegExp(`(?:[-?] ){${NESTING_MAX},}`);

export interface YamlDocument {
  readonly value: unknown;
  /** Where the document's first value begins. */
  readonly source: SourceLocation;
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
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...YAML_OPTIONS, lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  const several = documents.filter((d) => d.contents !== null).length > 1;
  const at = (offset: number, index: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, ...(several ? { document: index + 1 } : {}) };
  };
  return documents.flatMap((document, i) => {
    const [error] = document.errors;
    if (error) throw new LoadError(errorText(error), at(error.pos[0], i));
    const root = document.contents as Node | null;
    if (root === null || (isScalar(root) && root.value === null)) return [];
    const start = (root.range?.[0] ?? 0) as number;
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (error) {
      throw new LoadError(toJsErrorText(error), at(start, i));
    }
    const locate = (path: string): SourceLocation => at(offsetOf(root, pathSegments(path)) ?? start, i);
    return [{ value: checkedData(value, locate), source: at(start, i), locate }];
  });
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

function positionOf(text: string, offset: number, file: string): SourceLocation {
  const before = text.slice(0, offset);
  return { file, line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function refuseDeepNesting(text: string, file: string): void {
  const deep = NESTED_FLOW.exec(text) ?? NESTED_DASHES.exec(text);
  if (!deep) return;
  throw new LoadError(`nested more than ${NESTING_MAX} levels deep`, positionOf(text, deep.index, file));
}

function errorText(error: YAMLError): string {
  if (/call stack/i.test(error.message)) return `nested more than ${NESTING_MAX} levels deep`;
  switch (error.code) {
    case "DUPLICATE_KEY":
      return "this key is already in the map: keys must be unique";
    case "TAB_AS_INDENT":
      return "a tab indents this line: YAML is indented with spaces";
    case "BAD_ALIAS":
      return `${lowerFirst(error.message)}`;
    default:
      return `not valid YAML: ${lowerFirst(error.message)}`;
  }
}

function toJsErrorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/alias count/i.test(message)) return "its aliases repeat too much: this looks like an attack";
  if (error instanceof RangeError) return `nested more than ${NESTING_MAX} levels deep`;
  return `not valid YAML: ${lowerFirst(message)}`;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** Where the value at `path` begins (its key, in a map), or the nearest that exists on the way. */
function offsetOf(root: Node, path: readonly string[]): number | undefined {
  let node: unknown = root;
  let offset = root.range?.[0];
  for (const segment of path) {
    if (isAlias(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === segment);
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      if (node === undefined) return offset;
      offset = (node as Node).range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
