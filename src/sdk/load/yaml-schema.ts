/**
 * YAML as kubectl reads it: sigs.k8s.io/yaml, which is go-yaml 2 and so YAML 1.1 with some of 1.2.
 * A bare `yes`, `on` or `y` is a boolean and `0o17` a number, but `12:30:45` and a date stay texts.
 * @see kubernetes-sigs/yaml goyaml.v2/resolve.go
 */
import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from "yaml";

/** How often aliases may repeat what they stand for before the file counts as an attack ("billion laughs"). */
export const ALIASES_MAX = 100;

const scalar = (tag: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({ tag, default: true, test, resolve });

const integer = (text: string): number => {
  const digits = text.replaceAll("_", "").toLowerCase();
  const negative = digits.startsWith("-");
  const bare = digits.replace(/^[-+]/, "");
  const octal = /^0o?([0-7]+)$/.exec(bare);
  const value = octal ? Number.parseInt(octal[1]!, 8) : Number(bare);
  return negative ? -value : value;
};

const GO_SCALARS: readonly ScalarTag[] = [
  scalar("tag:yaml.org,2002:null", /^(?:~|null|Null|NULL)?$/, () => null),
  scalar("tag:yaml.org,2002:bool", /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true),
  scalar("tag:yaml.org,2002:bool", /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false),
  scalar(
    "tag:yaml.org,2002:int",
    /^[-+]?(?:0[bB]_*[01][01_]*|0[oO]?_*[0-7][0-7_]*|0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|[1-9][0-9_]*|0_*)$/,
    integer,
  ),
  scalar(
    "tag:yaml.org,2002:float",
    /^(?:[-+]_*\.[0-9_]*[0-9][0-9_]*|\.[0-9]+|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
    (text) => Number(text.replaceAll("_", "")),
  ),
  scalar("tag:yaml.org,2002:float", /^[-+]?\.(?:inf|Inf|INF)$/, (text) => (text.startsWith("-") ? -Infinity : Infinity)),
  scalar("tag:yaml.org,2002:float", /^\.(?:nan|NaN|NAN)$/, () => Number.NaN),
];

/** Go decodes `!!binary` to the text that the bytes are. */
const BINARY: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (text) => Buffer.from(text.replace(/\s/g, ""), "base64").toString("utf8"),
};

export const YAML_OPTIONS: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.2",
  schema: "failsafe",
  merge: true,
  prettyErrors: false,
  stringKeys: false,
  logLevel: "silent",
  customTags: (tags: Tags): Tags => [...tags, ...GO_SCALARS, BINARY],
};
