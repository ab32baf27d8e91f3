/**
 * Patterns as Go's regexp reads them (RE2 syntax), by the engine at hand.
 * Simplified: JavaScript's engine goes back where RE2 does not, so that texts are cut at a length; what it cannot express is `undefined`.
 * @see https://github.com/google/re2/wiki/Syntax
 */

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** Longer texts are not matched: a pattern may take exponential time. */
const TEXT_LENGTH_MAX = 100_000;
const CACHE_MAX = 1_000;
const cache = new Map<string, RegExp | undefined>();

/** The pattern with global matching; `undefined` when it is none. */
export function goRegExp(pattern: string): RegExp | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  if (cache.size >= CACHE_MAX) cache.clear();
  const compiled = compile(pattern);
  cache.set(pattern, compiled);
  return compiled;
}

/** Whether the text holds a match; `undefined` when the pattern is none, or the text too long. */
export function matchesGoPattern(pattern: string, text: string): boolean | undefined {
  const regexp = goRegExp(pattern);
  if (!regexp || text.length > TEXT_LENGTH_MAX) return undefined;
  regexp.lastIndex = 0;
  return regexp.test(text);
}

function compile(pattern: string): RegExp | undefined {
  const flags = /^\(\?([imsU]+)\)/.exec(pattern);
  const body = flags ? pattern.slice(flags[0].length) : pattern;
  if (flags?.[1]?.includes("U")) return undefined;
  const wanted = [...new Set(flags?.[1] ?? "")].join("");
  const translated = translate(body);
  try {
    return new RegExp(translated, `gu${wanted}`);
  } catch {
    // The strict reading refuses escapes of characters that need none.
    try {
      return new RegExp(translated, `g${wanted}`);
    } catch {
      return undefined;
    }
  }
}

/** `\A`, `\z`, `\Q…\E`, `(?P<name>`, `[[:alpha:]]`, `\C`. */
function translate(body: string): string {
  return body.replace(
    /\\Q([\s\S]*?)(?:\\E|$)|\\A|\\z|\\a|\\([\s\S])|\(\?P<|\[:(\^?)([a-z]+):\]/g,
    (whole: string, literal: string | undefined, escaped: string | undefined, not: string | undefined, name: string | undefined) => {
      if (literal !== undefined) return literal.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      if (whole === "\\A") return "(?<![\\s\\S])";
      if (whole === "\\z") return "(?![\\s\\S])";
      if (whole === "\\a") return "\\x07";
      if (whole === "(?P<") return "(?<";
      if (escaped !== undefined) return /[_@#%&'",:;<=>!~` ]/.test(escaped) ? escaped : whole;
      if (name !== undefined && not === "") return CLASSES[name] ?? whole;
      return whole;
    },
  );
}
