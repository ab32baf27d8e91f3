/**
 * Formats of names and values, and the API server's words for what does not have them. Each gives a list of sentences, empty when all is well.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
 */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

/** A regular expression, and the sentence that names it. */
interface Format {
  readonly pattern: RegExp;
  readonly sentence: string;
}

/** What is said of a text that is as it should be. */
const RIGHT: readonly string[] = [];

function format(sentence: string, pattern: string, ...examples: readonly string[]): Format {
  const list = examples.map((e) => `'${e}', `).join(" or ");
  const hint =
    examples.length === 0 ? `(regex used for validation is '${pattern}')` : `(e.g. ${list}regex used for validation is '${pattern}')`;
  return { pattern: new RegExp(`^(?:${pattern})$`), sentence: `${sentence} ${hint}` };
}

const DNS_LABEL = format(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  "my-name",
  "123-abc",
);
const DNS_SUBDOMAIN = format(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  "example.com",
);
const DNS_SUBDOMAIN_UNDERSCORE = format(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*",
  "example.com",
);
const DNS_1035_LABEL = format(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  "my-name",
  "abc-123",
);
const WILDCARD_SUBDOMAIN = format(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  `\\*\\.${SUBDOMAIN}`,
  "*.example.com",
);
const QUALIFIED_NAME = format(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  NAME,
  "MyName",
  "my.name",
  "123-abc",
);
const LABEL_VALUE = format(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
  "MyValue",
  "my_value",
  "12345",
);
const CONFIG_KEY = format(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  "[-._a-zA-Z0-9]+",
  "key.name",
  "KEY_NAME",
  "key-name",
);
const HTTP_HEADER = format("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name");
const REASON = format(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?",
  ...["my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"],
);
const PERCENT = format("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%");
const DOMAIN_PREFIXED = `${SUBDOMAIN}/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+`;
const DOMAIN_PREFIXED_PATH = new RegExp(`^${DOMAIN_PREFIXED}$`);

const LABEL_MAX = 63;
const SUBDOMAIN_MAX = 253;

/** What kinds of characters there are in names. */
const LOWER = 1;
const UPPER = 2;
const DASH = 4;
const OTHER = 8;

/** The kind of an ASCII character in names: lower case letters and digits, upper case letters, dashes, underscores and dots; 0 for all others. */
const KIND_OF = Uint8Array.from({ length: 128 }, (_, code) => {
  const c = String.fromCharCode(code);
  if (/[a-z0-9]/.test(c)) return LOWER;
  if (/[A-Z]/.test(c)) return UPPER;
  return c === "-" ? DASH : /[._]/.test(c) ? OTHER : 0;
});
const kindAt = (text: string, i: number): number => KIND_OF[text.charCodeAt(i)] ?? 0;

/** Whether `text` from `from` to before `to` is one or more labels with dots between them: SUBDOMAIN without a regular expression, for speed. */
function isSubdomain(text: string, from: number, to: number, labelsMax: number): boolean {
  let labels = 1;
  // The kind of the character before; 0 where a label begins.
  let before = 0;
  for (let i = from; i < to; i++) {
    const kind = kindAt(text, i);
    if (kind === LOWER) before = LOWER;
    else if (kind === DASH && before !== 0) before = DASH;
    else if (text.charCodeAt(i) === DOT && before === LOWER && labels++ < labelsMax) before = 0;
    else return false;
  }
  return before === LOWER;
}
const DOT = 0x2e;

/** NAME without a regular expression: letters and digits, inside also dashes, underscores and dots. */
function isName(text: string, from: number): boolean {
  const last = text.length - 1;
  if (last < from) return false;
  for (let i = from; i <= last; i++) {
    const kind = kindAt(text, i);
    if (kind === 0 || (kind >= DASH && (i === from || i === last))) return false;
  }
  return true;
}

const bytesOf = (text: string): number => (isAscii(text) ? text.length : new TextEncoder().encode(text).length);
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
export const tooManyCharacters = (max: number): string => `must be no more than ${max} characters`;
const tooManyBytes = (max: number): string => `must be no more than ${max} bytes`;
export const inclusiveRange = (from: number, to: number): string => `must be between ${from} and ${to}, inclusive`;
export const NON_EMPTY = "must be non-empty";
export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const IMMUTABLE = "field is immutable";

function checked(text: string, max: number, f: Format): readonly string[] {
  const out: string[] = [];
  if (bytesOf(text) > max) out.push(tooManyCharacters(max));
  if (!f.pattern.test(text)) out.push(f.sentence);
  return out;
}

export const dnsLabel = (text: string): readonly string[] =>
  text.length <= LABEL_MAX && isSubdomain(text, 0, text.length, 1) ? RIGHT : checked(text, LABEL_MAX, DNS_LABEL);
export const dnsSubdomain = (text: string): readonly string[] =>
  text.length <= SUBDOMAIN_MAX && isSubdomain(text, 0, text.length, SUBDOMAIN_MAX) ? RIGHT : checked(text, SUBDOMAIN_MAX, DNS_SUBDOMAIN);
export const dnsSubdomainWithUnderscore = (text: string): readonly string[] => checked(text, SUBDOMAIN_MAX, DNS_SUBDOMAIN_UNDERSCORE);
export const dns1035Label = (text: string): readonly string[] => checked(text, LABEL_MAX, DNS_1035_LABEL);
export const wildcardSubdomain = (text: string): readonly string[] => checked(text, SUBDOMAIN_MAX, WILDCARD_SUBDOMAIN);
export const httpHeaderName = (text: string): readonly string[] => (HTTP_HEADER.pattern.test(text) ? RIGHT : [HTTP_HEADER.sentence]);
export const conditionReason = (text: string): readonly string[] => (REASON.pattern.test(text) ? RIGHT : [REASON.sentence]);
export const percent = (text: string): readonly string[] => (PERCENT.pattern.test(text) ? RIGHT : [PERCENT.sentence]);

/** A name, with an optional prefix that is a DNS subdomain: label keys, annotation keys, resource names. */
export function qualifiedName(text: string): readonly string[] {
  return isQualifiedName(text) ? RIGHT : qualifiedNameErrors(text);
}

function isQualifiedName(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash > SUBDOMAIN_MAX || text.length - slash - 1 > LABEL_MAX) return false;
  return isName(text, slash + 1) && (slash < 0 || isSubdomain(text, 0, slash, SUBDOMAIN_MAX));
}

function qualifiedNameErrors(text: string): readonly string[] {
  const parts = text.split("/");
  let name = text;
  const out: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0]!;
    name = parts[1]!;
    if (prefix === "") out.push(`prefix part ${NON_EMPTY}`);
    else for (const sentence of dnsSubdomain(prefix)) out.push(`prefix part ${sentence}`);
  } else if (parts.length > 2) {
    return [`a qualified name ${QUALIFIED_NAME.sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (name === "") out.push(`name part ${NON_EMPTY}`);
  else if (bytesOf(name) > LABEL_MAX) out.push(`name part ${tooManyBytes(LABEL_MAX)}`);
  if (!QUALIFIED_NAME.pattern.test(name)) out.push(`name part ${QUALIFIED_NAME.sentence}`);
  return out;
}

export function labelValue(text: string): readonly string[] {
  if (text === "" || (text.length <= LABEL_MAX && isName(text, 0))) return RIGHT;
  const out: string[] = [];
  if (bytesOf(text) > LABEL_MAX) out.push(tooManyBytes(LABEL_MAX));
  if (!LABEL_VALUE.pattern.test(text)) out.push(LABEL_VALUE.sentence);
  return out;
}

/** A key of a ConfigMap or Secret: also a file's name. */
export function configMapKey(text: string): readonly string[] {
  if (text.length <= LABEL_MAX && isName(text, 0)) return RIGHT;
  const out: string[] = [];
  if (bytesOf(text) > SUBDOMAIN_MAX) out.push(tooManyCharacters(SUBDOMAIN_MAX));
  if (!CONFIG_KEY.pattern.test(text)) out.push(CONFIG_KEY.sentence);
  if (text === ".") out.push("must not be '.'");
  if (text === "..") out.push("must not be '..'");
  else if (text.startsWith("..")) out.push("must not start with '..'");
  return out;
}

/** The name of an environment variable: printable ASCII without `=`. */
export function envVarName(text: string): readonly string[] {
  if (text === "") return [NON_EMPTY];
  return /^[ -<>-~]+$/.test(text)
    ? RIGHT
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function portNumber(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? RIGHT : [inclusiveRange(1, 65535)];
}

/** The name of a port: an IANA service name. */
export function portName(text: string): readonly string[] {
  // Begins with a letter, and has no dashes: most do.
  if (/^[a-z][a-z0-9]{0,14}$/.test(text)) return RIGHT;
  const out: string[] = [];
  if (bytesOf(text) > 15) out.push(tooManyCharacters(15));
  if (!/^[-a-z0-9]+$/.test(text)) out.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) out.push("must contain at least one letter (a-z)");
  if (text.includes("--")) out.push("must not contain consecutive hyphens");
  if (text !== "" && (text.startsWith("-") || text.endsWith("-"))) out.push("must not begin or end with a hyphen");
  return out;
}

/** A user or group id. */
export function userId(id: number): readonly string[] {
  return id >= 0 && id <= 2147483647 ? RIGHT : [inclusiveRange(0, 2147483647)];
}

export function isDomainPrefixedPath(text: string): boolean {
  return DOMAIN_PREFIXED_PATH.test(text);
}
