/** All of YAML, with the place of every node: by the `yaml` package. */
import { createRequire } from "node:module";
import type { Document, LineCounter, Node, YAMLError } from "yaml";
import { NESTING_MAX } from "../yaml/nesting.ts";
import { pathSegments } from "./field-segments.ts";
import { LoadError } from "./load-error.ts";
import { ALIASES_MAX, YAML_OPTIONS } from "./yaml-schema.ts";

/** Of one document: about 300 MB while they are read. */
const TOKENS_MAX = 2_000_000;
/** Each alias looks through all that came before it. */
const REFERENCES_MAX = 20_000;
const DUPLICATE_KEY = "this key is already in the map: keys must be unique";

let loaded: typeof import("yaml") | undefined;

/** Loaded when first needed (30 ms), which for TypeScript and most manifests is never. */
function yaml(): typeof import("yaml") {
  loaded ??= createRequire(import.meta.url)("yaml") as typeof import("yaml");
  return loaded;
}

/** From 1, in the text that was read. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface FullDocument {
  /** Null or undefined when there is nothing in it. */
  readonly value: unknown;
  readonly start: Place;
  locate(path: string): Place;
}

/** @throws LoadError, with the place that `sourceOf` makes of the one in the text */
export function readFullYaml(text: string, sourceOf: (place: Place, index: number) => LoadError["source"]): readonly FullDocument[] {
  const lines = new (yaml().LineCounter)();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return composed(text, lines, (why, offset, i) => new LoadError(why, sourceOf(at(offset), i))).map((document, i) => {
    const [error] = document.errors;
    if (error) throw new LoadError(errorText(error), sourceOf(at(error.pos[0]), i));
    const wrong = wrongKey(document.contents);
    if (wrong) throw new LoadError(wrong.why, sourceOf(at(wrong.offset), i));
    const root = document.contents as Node | null;
    const start = root?.range?.[0] ?? 0;
    try {
      const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
      return { value, start: at(start), locate: (path: string) => at(offsetOf(root, pathSegments(path)) ?? start) };
    } catch (error) {
      throw new LoadError(toJsErrorText(error), sourceOf(at(start), i));
    }
  });
}

/**
 * As `parseAllDocuments`, within limits: it stops at the first error outside of a document, and when there is too much to hold.
 */
function composed(
  text: string,
  lines: LineCounter,
  refuse: (why: string, offset: number, document: number) => LoadError,
): readonly Document[] {
  const { Composer, Lexer, Parser } = yaml();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer(YAML_OPTIONS);
  const documents: Document[] = [];
  let tokens = 0;
  let references = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const first = lexeme.charCodeAt(0);
    if (first === 0x26 || first === 0x2a) references++;
    if (++tokens > TOKENS_MAX)
      throw refuse(`too much for one document: more than ${TOKENS_MAX.toLocaleString("en")} tokens`, parser.offset, documents.length);
    if (references > REFERENCES_MAX)
      throw refuse(`more than ${REFERENCES_MAX.toLocaleString("en")} anchors and aliases`, parser.offset, documents.length);
    for (const token of parser.next(lexeme)) {
      documents.push(...(composer.next(token) as Iterable<Document>));
      if (token.type === "error") return [...documents, ...(composer.end(true, parser.offset) as Iterable<Document>)];
    }
  }
  for (const token of parser.end()) documents.push(...(composer.next(token) as Iterable<Document>));
  documents.push(...(composer.end(false, text.length) as Iterable<Document>));
  return documents;
}

/** A key that is there twice (the `yaml` package would compare each with each), or that is no scalar. */
function wrongKey(root: unknown): { readonly why: string; readonly offset: number } | undefined {
  const { isMap, isScalar, isSeq } = yaml();
  const open: unknown[] = [root];
  const found: { why: string; offset: number }[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isSeq(node)) open.push(...[...node.items].reverse());
    if (!isMap(node)) continue;
    const names = new Set<string>();
    for (const { key, value } of node.items) {
      const offset = (key as Node | null)?.range?.[0] ?? 0;
      if (isMap(key) || isSeq(key)) found.push({ why: `a key is a text, not a ${isMap(key) ? "map" : "list"}`, offset });
      if (isScalar(key) && key.value !== "<<") {
        const name = String(key.value);
        if (names.has(name)) found.push({ why: DUPLICATE_KEY, offset });
        names.add(name);
      }
      if (value !== null) open.push(value);
    }
  }
  return found.reduce<(typeof found)[number] | undefined>((least, w) => (least && least.offset <= w.offset ? least : w), undefined);
}

function errorText(error: YAMLError): string {
  if (/call stack/i.test(error.message)) return `nested more than ${NESTING_MAX} levels deep`;
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "a tab indents this line: YAML is indented with spaces";
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
function offsetOf(root: Node | null, path: readonly string[]): number | undefined {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  let node: unknown = root;
  let offset = root?.range?.[0];
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
