/** The tokens of an expression. @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax */

export interface Token {
  readonly kind: "name" | "string" | "number" | "sign";
  readonly text: string;
  /** Where it begins in the source. */
  readonly at: number;
}

/** Blanks and comments. */
const BLANKS = /(?:\s|\/\/[^\n]*)*/y;
/** Longer signs come first. */
const TOKEN =
  /(?:((?:[rR][bB]?|[bB][rR]?)?(?:"""[\s\S]*?(?<!\\)"""|'''[\s\S]*?(?<!\\)'''))|([rR][bB]?|[bB][rR])(?:"[^"\n]*"|'[^'\n]*')|([bB]?(?:"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))|([A-Za-z_][A-Za-z0-9_]*)|(0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?|\.\d+(?:[eE][+-]?\d+)?)|(&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]))/y;

/** More is no expression that anybody wrote. @see apiserver pkg/apis/cel/config.go (the text's length is bound by the request's) */
const TOKENS_MAX = 20_000;

/** A piece of the source that begins no token. */
export interface Unknown {
  readonly at: number;
  readonly text: string;
}

/** A sign that is half there takes the next character with it, as does a text without its end. */
const UNKNOWN = /(?:[|&=][\s\S]?|["'](?:[^"'\\\n]|\\[^\n])*\\?|[\s\S])/uy;

/** The tokens, and what is none. */
export function tokensOf(source: string): { readonly tokens: readonly Token[]; readonly unknown: readonly Unknown[] } {
  const out: Token[] = [];
  const unknown: Unknown[] = [];
  let at = 0;
  while (at < source.length && out.length < TOKENS_MAX) {
    BLANKS.lastIndex = at;
    BLANKS.exec(source);
    at = BLANKS.lastIndex;
    if (at >= source.length) break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) {
      UNKNOWN.lastIndex = at;
      const text = UNKNOWN.exec(source)?.[0] ?? source[at]!;
      unknown.push({ at, text });
      at += text.length;
      continue;
    }
    const begin = at;
    at = TOKEN.lastIndex;
    const [text, triple, raw, quoted, name, number, sign] = match;
    if (name !== undefined && raw === undefined) out.push({ kind: "name", text: name, at: begin });
    else if (number !== undefined) out.push({ kind: "number", text: number, at: begin });
    else if (sign !== undefined) out.push({ kind: "sign", text: sign, at: begin });
    else if ((triple ?? raw ?? quoted) !== undefined) out.push({ kind: "string", text, at: begin });
  }
  if (at < source.length) unknown.push({ at, text: source[at]! });
  return { tokens: out, unknown };
}
