/** URLs as Go reads them: more leniently than browsers do. @see Go net/url (Parse) */
import { goQuote } from "./go-text.ts";

export interface GoUrl {
  /** In small letters; empty when there is none. */
  readonly scheme: string;
  /** What stands before `@`, as it stands there. */
  readonly user?: string;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
}

/** `error` as Go says it: `parse "::": missing protocol scheme`. */
export function parseGoUrl(text: string): GoUrl | { readonly error: string } {
  const wrong = (why: string): { readonly error: string } => ({ error: `parse ${goQuote(text)}: ${why}` });
  const [before = "", fragment = ""] = cut(text, "#");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\x00-\x1f\x7f]/.test(before)) return wrong("net/url: invalid control character in URL");
  if (before.startsWith(":")) return wrong("missing protocol scheme");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(before)?.[1] ?? "";
  const [rest = "", query = ""] = cut(before.slice(scheme === "" ? 0 : scheme.length + 1), "?");
  const url = { scheme: scheme.toLowerCase(), host: "", query, fragment };
  if (!rest.startsWith("/") && scheme !== "") return url;
  if (!rest.startsWith("/") && rest.split("/")[0]?.includes(":")) return wrong("first path segment in URL cannot contain colon");
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  const [authority = "", path = ""] = hasAuthority ? splitAt(rest.slice(2), rest.slice(2).indexOf("/")) : ["", rest];
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const error = hostError(host) ?? escapeError(path);
  if (error !== undefined) return wrong(error);
  return at < 0 ? { ...url, host } : { ...url, host, user: authority.slice(0, at) };
}

function cut(text: string, separator: string): readonly string[] {
  const i = text.indexOf(separator);
  return i < 0 ? [text] : [text.slice(0, i), text.slice(i + 1)];
}

function splitAt(text: string, i: number): readonly string[] {
  return i < 0 ? [text] : [text.slice(0, i), text.slice(i)];
}

function hostError(host: string): string | undefined {
  if (host.startsWith("[") && !host.includes("]")) return "missing ']' in host";
  const port = host.slice(host.startsWith("[") ? host.lastIndexOf("]") + 1 : Math.max(host.lastIndexOf(":"), 0));
  const isPlain = !host.startsWith("[") && !host.includes(":");
  if (!isPlain && port !== "" && !/^:\d*$/.test(port)) return `invalid port ${goQuote(port)} after host`;
  const bad = /[\s"<>\\^`{|}]/.exec(host.replace(/^\[.*\]/, ""))?.[0];
  return bad === undefined ? undefined : `invalid character ${goQuote(bad)} in host name`;
}

function escapeError(path: string): string | undefined {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(path)?.[0];
  return bad === undefined ? undefined : `invalid URL escape ${goQuote(bad)}`;
}
