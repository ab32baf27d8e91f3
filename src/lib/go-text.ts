/** Text as Go's fmt writes it, where messages depend on it. */
import type { LabelSelectorShape } from "./labels.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** `%q`: double quotes, Go's escapes, unprintable characters as \x, \u or \U. @see Go strconv.Quote */
export function goQuote(text: string): string {
  let out = '"';
  for (const c of text) {
    const code = c.codePointAt(0)!;
    const escaped = ESCAPES[c];
    if (escaped !== undefined) out += escaped;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (isPrintable(c)) out += c;
    else out += code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return `${out}"`;
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space. @see Go unicode.IsPrint */
function isPrintable(c: string): boolean {
  return c === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(c);
}

/**
 * `%v` of a label selector: `&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}`, or `nil`.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/generated.pb.go (String)
 */
export function goSelector(selector: LabelSelectorShape | undefined): string {
  if (!selector) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const requirements = (selector.matchExpressions ?? []).map(
    (r) => `LabelSelectorRequirement{Key:${r.key},Operator:${r.operator},Values:[${(r.values ?? []).join(" ")}],},`,
  );
  const map = `map[string]string{${labels.map(([k, v]) => `${k}: ${v},`).join("")}}`;
  return `&LabelSelector{MatchLabels:${map},MatchExpressions:[]LabelSelectorRequirement{${requirements.join("")}},}`;
}
