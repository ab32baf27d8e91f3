/**
 * Patterns as Go's regexp reads them (RE2): the same syntax, the same words for what is wrong with it, and time that grows with the text alone,
 * whatever the pattern.
 * @see https://github.com/google/re2/wiki/Syntax
 */
import { RE2JS } from "re2js";

type Compiled = { readonly pattern: RE2JS } | { readonly error: string };

const CACHE_MAX = 1_000;
const cache = new Map<string, Compiled>();

/** The pattern, or what Go says of it: ``error parsing regexp: missing closing ): `(` ``. */
export function goRegExp(source: string): Compiled {
  const known = cache.get(source);
  if (known) return known;
  if (cache.size >= CACHE_MAX) cache.clear();
  const compiled = compile(source);
  cache.set(source, compiled);
  return compiled;
}

function compile(source: string): Compiled {
  try {
    return { pattern: RE2JS.compile(source) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Up to `limit` matches that do not overlap, from the left; all when it is negative. */
export function findAll(pattern: RE2JS, text: string, limit: number): readonly string[] {
  const out: string[] = [];
  const matcher = pattern.matcher(text);
  while ((limit < 0 || out.length < limit) && matcher.find()) out.push(matcher.group() ?? "");
  return out;
}
