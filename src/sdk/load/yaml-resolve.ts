/**
 * What a plain scalar stands for, as go-yaml 2 has it and so kubectl: a bare `yes`, `on` or `y` is a boolean and `0o17` a number, but
 * `12:30:45` and a date stay texts.
 * @see kubernetes-sigs/yaml goyaml.v2/resolve.go
 */

export interface PlainForm {
  readonly tag: "null" | "bool" | "int" | "float";
  readonly test: RegExp;
  resolve(text: string): null | boolean | number;
}

/** Tried in this order; what has none of these forms is a text. */
export const PLAIN_FORMS: readonly PlainForm[] = [
  { tag: "null", test: /^(?:~|null|Null|NULL)?$/, resolve: () => null },
  { tag: "bool", test: /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, resolve: () => true },
  { tag: "bool", test: /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/, resolve: () => false },
  {
    tag: "int",
    test: /^[-+]?(?:0[bB]_*[01][01_]*|0[oO]?_*[0-7][0-7_]*|0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|[1-9][0-9_]*|0_*)$/,
    resolve: integer,
  },
  {
    tag: "float",
    test: /^(?:[-+]_*\.[0-9_]*[0-9][0-9_]*|\.[0-9]+|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
    resolve: (text) => Number(text.replaceAll("_", "")),
  },
  {
    tag: "float",
    test: /^[-+]?\.(?:inf|Inf|INF)$/,
    resolve: (text) => (text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY),
  },
  { tag: "float", test: /^\.(?:nan|NaN|NAN)$/, resolve: () => Number.NaN },
];

/** Letters that a form begins with; any other letter begins a text. */
const FORM_START = /^[-+.0-9~yYnNtTfFoO]/;

export function resolvePlain(text: string): string | number | boolean | null {
  if (text !== "" && !FORM_START.test(text)) return text;
  for (const form of PLAIN_FORMS) if (form.test.test(text)) return form.resolve(text);
  return text;
}

function integer(text: string): number {
  const digits = text.replaceAll("_", "").toLowerCase();
  const bare = digits.replace(/^[-+]/, "");
  const octal = /^0o?([0-7]+)$/.exec(bare);
  const value = octal ? Number.parseInt(octal[1]!, 8) : Number(bare);
  return digits.startsWith("-") ? -value : value;
}
