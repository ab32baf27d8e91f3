/** All of YAML, with the place of every node: by the `yaml` package. */
import { createRequire } from "node:module";
import type { Node, YAMLError } from "yaml";
import { NESTING_MAX } from "../yaml/nesting.ts";
import { pathSegments } from "./field-segments.ts";
import { LoadError } from "./load-error.ts";
import { ALIASES_MAX, YAML_OPTIONS } from "./yaml-schema.ts";

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
  const { LineCounter, parseAllDocuments } = yaml();
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const documents = parseAllDocuments(text, { ...YAML_OPTIONS, lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  return documents.map((document, i) => {
    const [error] = document.errors;
    if (error) throw new LoadError(errorText(error), sourceOf(at(error.pos[0]), i));
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

function errorText(error: YAMLError): string {
  if (/call stack/i.test(error.message)) return `nested more than ${NESTING_MAX} levels deep`;
  switch (error.code) {
    case "DUPLICATE_KEY":
      return "this key is already in the map: keys must be unique";
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
