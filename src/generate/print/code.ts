/** TypeScript expressions as a tree, and their text as people lay it out: on one line where it fits, else one field a line. */

export interface Comments {
  /** Lines before it. */
  readonly before?: readonly string[] | undefined;
  /** At the end of its line. */
  readonly after?: string | undefined;
}

/** An item of an object or a list. */
export interface Item extends Comments {
  /** Of an object's field; undefined for a list's item, or a spread. */
  readonly key?: string | undefined;
  readonly value: Code;
}

export type Code =
  /** As it is. */
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "object" | "list";
      readonly items: readonly Item[];
      readonly end?: readonly string[] | undefined;
      readonly suffix?: string | undefined /** Of a list: the arguments of a call of this function. */;
      readonly call?: string | undefined;
    };

const WIDTH = 100;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

export function text(content: string): Code {
  return { type: "text", text: content };
}

/** The text of an expression that begins at a column, its later lines indented by `indent`. */
export function printCode(code: Code, indent = "", column: number = indent.length): string {
  if (code.type === "text") return code.text;
  const [open, close] = brackets(code);
  const suffix = code.suffix ?? "";
  const flat = flatText(code);
  if (flat !== undefined && column + flat.length + 1 <= WIDTH) return flat;
  if (code.items.length === 0 && !code.end?.length) return `${open}${close}${suffix}`;
  const last = code.items.at(-1);
  if (code.call !== undefined && last && last.value.type !== "text" && !code.items.some((i) => i.before?.length || i.after !== undefined)) {
    // The last argument opens on the line of the call.
    const first = code.items.slice(0, -1).map((i) => flatText(i.value));
    const start = `${open}${first.map((f) => `${f}, `).join("")}`;
    if (!first.includes(undefined) && column + start.length < WIDTH)
      return `${start}${printCode(last.value, indent, column + start.length)}${close}${suffix}`;
  }
  const deeper = `${indent}  `;
  const lines = code.items.flatMap((item) => {
    const key = item.key === undefined ? "" : `${keyText(item.key)}: `;
    const value = printCode(item.value, deeper, deeper.length + key.length + 1);
    return [
      ...commentLines(item.before, deeper),
      `${deeper}${key}${value},${item.after === undefined ? "" : ` // ${oneLine(item.after)}`}`,
    ];
  });
  return [open, ...lines, ...commentLines(code.end, deeper), `${indent}${close}${suffix}`].join("\n");
}

function brackets(code: Exclude<Code, { type: "text" }>): readonly [string, string] {
  if (code.call !== undefined) return [`${code.call}(`, ")"];
  return code.type === "object" ? ["{", "}"] : ["[", "]"];
}

/** Undefined when it needs several lines. */
function flatText(code: Code): string | undefined {
  if (code.type === "text") return code.text.includes("\n") ? undefined : code.text;
  if (code.end?.length) return undefined;
  const parts: string[] = [];
  for (const item of code.items) {
    if (item.before?.length || item.after !== undefined) return undefined;
    const value = flatText(item.value);
    if (value === undefined) return undefined;
    parts.push(item.key === undefined ? value : `${keyText(item.key)}: ${value}`);
    if (parts.length > 1 && parts.reduce((n, p) => n + p.length, 0) > WIDTH) return undefined;
  }
  const suffix = code.suffix ?? "";
  if (code.type === "list") return `${brackets(code).join(parts.join(", "))}${suffix}`;
  return parts.length === 0 ? `{}${suffix}` : `{ ${parts.join(", ")} }${suffix}`;
}

export function commentLines(lines: readonly string[] | undefined, indent: string): readonly string[] {
  return (lines ?? []).map((line) => (line === "" ? "" : `${indent}//${line.startsWith(" ") ? "" : " "}${oneLine(line)}`.trimEnd()));
}

/** What JavaScript takes for the end of a line would end the comment. */
function oneLine(comment: string): string {
  return comment.replace(/[\r\n\u2028\u2029]+/g, " ");
}

/** `name`, `"app.kubernetes.io/name"`; `__proto__` would set the prototype. */
export function keyText(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(key) || /^(?:0|[1-9]\d{0,8})$/.test(key) ? key : JSON.stringify(key);
}

/** A text of several lines keeps them, as a template literal. */
export function stringText(value: string): string {
  const lines = value.split("\n").length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (lines < 3 || /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\p{Surrogate}/u.test(value))
    return JSON.stringify(value).replace(/[\u2028\u2029\ufeff\x7f-\x9f]/g, escaped);
  return `\`${value.replace(/[\\`]|\$(?=\{)/g, "\\$&")}\``;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Any JSON value. */
export function valueCode(value: unknown): Code {
  if (typeof value === "string") return text(stringText(value));
  if (Array.isArray(value)) return { type: "list", items: value.map((item) => ({ value: valueCode(item) })) };
  if (typeof value === "object" && value !== null)
    return { type: "object", items: Object.entries(value).map(([key, item]) => ({ key, value: valueCode(item) })) };
  return text(Object.is(value, -0) ? "-0" : String(value));
}
