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
const PERCENT = format("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%");
const DOMAIN_PREFIXED = `${SUBDOMAIN}/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+`;
const DOMAIN_PREFIXED_PATH = new RegExp(`^${DOMAIN_PREFIXED}$`);

const LABEL_MAX = 63;
const SUBDOMAIN_MAX = 253;

const bytesOf = (text: string): number => (isAscii(text) ? text.length : new TextEncoder().encode(text).length);
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
export const tooManyCharacters = (max: number): string => `must be no more than ${max} characters`;
const tooManyBytes = (max: number): string => `must be no more than ${max} bytes`;
export const inclusiveRange = (from: number, to: number): string => `must be between ${from} and ${to}, inclusive`;
export const NON_EMPTY = "must be non-empty";
export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const IMMUTABLE = "field is immutable";

function checked(text: string, max: number, f: Format): string[] {
  const out: string[] = [];
  if (bytesOf(text) > max) out.push(tooManyCharacters(max));
  if (!f.pattern.test(text)) out.push(f.sentence);
  return out;
}

export const dnsLabel = (text: string): string[] => checked(text, LABEL_MAX, DNS_LABEL);
export const dnsSubdomain = (text: string): string[] => checked(text, SUBDOMAIN_MAX, DNS_SUBDOMAIN);
export const dnsSubdomainWithUnderscore = (text: string): string[] => checked(text, SUBDOMAIN_MAX, DNS_SUBDOMAIN_UNDERSCORE);
export const dns1035Label = (text: string): string[] => checked(text, LABEL_MAX, DNS_1035_LABEL);
export const wildcardSubdomain = (text: string): string[] => checked(text, SUBDOMAIN_MAX, WILDCARD_SUBDOMAIN);
export const httpHeaderName = (text: string): string[] => (HTTP_HEADER.pattern.test(text) ? [] : [HTTP_HEADER.sentence]);
export const percent = (text: string): string[] => (PERCENT.pattern.test(text) ? [] : [PERCENT.sentence]);

/** A name, with an optional prefix that is a DNS subdomain: label keys, annotation keys, resource names. */
export function qualifiedName(text: string): string[] {
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

export function labelValue(text: string): string[] {
  const out: string[] = [];
  if (bytesOf(text) > LABEL_MAX) out.push(tooManyBytes(LABEL_MAX));
  if (!LABEL_VALUE.pattern.test(text)) out.push(LABEL_VALUE.sentence);
  return out;
}

/** A key of a ConfigMap or Secret: also a file's name. */
export function configMapKey(text: string): string[] {
  const out: string[] = [];
  if (bytesOf(text) > SUBDOMAIN_MAX) out.push(tooManyCharacters(SUBDOMAIN_MAX));
  if (!CONFIG_KEY.pattern.test(text)) out.push(CONFIG_KEY.sentence);
  if (text === ".") out.push("must not be '.'");
  if (text === "..") out.push("must not be '..'");
  else if (text.startsWith("..")) out.push("must not start with '..'");
  return out;
}

/** The name of an environment variable: printable ASCII without `=`. */
export function envVarName(text: string): string[] {
  if (text === "") return [NON_EMPTY];
  return /^[ -<>-~]+$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function portNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [inclusiveRange(1, 65535)];
}

/** The name of a port: an IANA service name. */
export function portName(text: string): string[] {
  const out: string[] = [];
  if (bytesOf(text) > 15) out.push(tooManyCharacters(15));
  if (!/^[-a-z0-9]+$/.test(text)) out.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(text)) out.push("must contain at least one letter (a-z)");
  if (text.includes("--")) out.push("must not contain consecutive hyphens");
  if (text !== "" && (text.startsWith("-") || text.endsWith("-"))) out.push("must not begin or end with a hyphen");
  return out;
}

/** A user or group id. */
export function userId(id: number): string[] {
  return id >= 0 && id <= 2147483647 ? [] : [inclusiveRange(0, 2147483647)];
}

export function isDomainPrefixedPath(text: string): boolean {
  return DOMAIN_PREFIXED_PATH.test(text);
}
