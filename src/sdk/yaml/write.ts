/**
 * Plain data to YAML as people write it for Kubernetes: two spaces a level, list items at the column of their key (as kubectl prints them),
 * keys in the order given, no anchors, no folding, quotes only where a reader could otherwise take the string for something else.
 */
import { blockText } from "./block-string.ts";
import { NESTING_MAX } from "./nesting.ts";
import { findRefused, isPlainObject } from "./refused.ts";
import { isWellFormed, numberText, quoted, stringText } from "./scalar.ts";

/** YAML readers look for the `:` of a key on one line and within 1,024 characters; a longer key is written with `?`. */
const KEY_LENGTH_MAX = 1000;

/** A value that YAML for Kubernetes cannot hold. */
export class YamlWriteError extends TypeError {
  override readonly name = "YamlWriteError";
  /** `spec.replicas`. */
  readonly path: string;
  constructor(path: string, why: string) {
    super(`${path === "" ? "the value" : path} ${why}`);
    this.path = path;
  }
}

/** Thrown inside the writer only: what exactly is wrong, and where, is looked up afterwards, so that the way there costs nothing. */
const REFUSED = new Error("refused");

/**
 * One YAML document, ending in a line feed. A field that is `undefined` is left out, `null` is written.
 * @throws YamlWriteError for what has no YAML of its own (functions, dates, maps, cycles, …), naming the field.
 */
export function writeYaml(value: unknown): string {
  try {
    if (typeof value === "object" && value !== null) return root(value);
    // A block at the root would count its indentation from another column.
    return typeof value === "string" ? `${checkedText(value)}\n` : inline(value, "", 0).trimStart();
  } catch (error) {
    if (error !== REFUSED && !(error instanceof RangeError)) throw error;
    const refused = findRefused(value) ?? { path: "", why: "cannot be written as YAML" };
    throw new YamlWriteError(refused.path, refused.why);
  }
}

/** Several documents, with `---` between them. */
export function writeYamlStream(values: readonly unknown[]): string {
  return values.map(writeYaml).join("---\n");
}

function root(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]\n" : list(value, "", false, 0);
  if (!isPlainObject(value)) throw REFUSED;
  const text = map(value, "", false, 0);
  return text === "" ? "{}\n" : text;
}

/** The fields of a map, each on lines of its own after `indent`; the first without it when the line has already begun (`- name: x`). */
function map(value: Record<string, unknown>, indent: string, begun: boolean, depth: number): string {
  if (depth >= NESTING_MAX) throw REFUSED;
  let text = "";
  for (const name of Object.keys(value)) {
    const item = value[name];
    if (item === undefined) continue;
    text += begun && text === "" ? keyText(name, indent) : indent + keyText(name, indent);
    if (typeof item === "string") text += stringValue(item, indent);
    else if (typeof item === "object" && item !== null) text += under(item, indent, depth + 1);
    else text += inline(item, indent, depth);
  }
  return text;
}

/** What follows `key:` for a list or map: its lines, or ` []` or ` {}`. */
function under(value: object, indent: string, depth: number): string {
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : `\n${list(value, indent, false, depth)}`;
  if (!isPlainObject(value)) throw REFUSED;
  const text = map(value, `${indent}  `, false, depth);
  return text === "" ? " {}\n" : `\n${text}`;
}

function list(value: readonly unknown[], indent: string, begun: boolean, depth: number): string {
  if (depth >= NESTING_MAX) throw REFUSED;
  let text = "";
  const deeper = `${indent}  `;
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    text += begun && i === 0 ? "-" : `${indent}-`;
    if (typeof item !== "object" || item === null) text += inline(item, indent, depth);
    else if (Array.isArray(item)) text += item.length === 0 ? " []\n" : ` ${list(item, deeper, true, depth + 1)}`;
    else if (isPlainObject(item)) text += ` ${map(item, deeper, true, depth + 1) || "{}\n"}`;
    else throw REFUSED;
  }
  return text;
}

/** ` value` and the end of the line. */
function inline(value: unknown, indent: string, depth: number): string {
  switch (typeof value) {
    case "string":
      return stringValue(value, indent);
    case "number":
      if (!Number.isFinite(value)) throw REFUSED;
      return ` ${numberText(value)}\n`;
    case "boolean":
      return value ? " true\n" : " false\n";
    case "object":
      if (value === null) return " null\n";
      return under(value, indent, depth + 1);
    default:
      throw REFUSED;
  }
}

function stringValue(value: string, indent: string): string {
  if (value.includes("\n")) {
    if (!isWellFormed(value)) throw REFUSED;
    return ` ${blockText(value, `${indent}  `) ?? `${quoted(value)}\n`}`;
  }
  return ` ${checkedText(value)}\n`;
}

function keyText(name: string, indent: string): string {
  const text = checkedText(name);
  return text.length <= KEY_LENGTH_MAX ? `${text}:` : `? ${text}\n${indent}:`;
}

/** Only text that had to be quoted can have half of a surrogate pair. */
function checkedText(value: string): string {
  const text = stringText(value);
  if (text !== value && !isWellFormed(value)) throw REFUSED;
  return text;
}
