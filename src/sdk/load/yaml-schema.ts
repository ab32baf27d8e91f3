/** The `yaml` package, told to read as kubectl does. */
import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from "yaml";
import { PLAIN_FORMS } from "./yaml-resolve.ts";

/** How often aliases may repeat what they stand for before the file counts as an attack ("billion laughs"). */
export const ALIASES_MAX = 10_000;

const PLAIN_TAGS: readonly ScalarTag[] = PLAIN_FORMS.map(({ tag, test, resolve }) => ({
  tag: `tag:yaml.org,2002:${tag}`,
  default: true,
  test,
  resolve,
}));

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
  // Checked apart, in linear time.
  uniqueKeys: false,
  logLevel: "silent",
  customTags: (tags: Tags): Tags => [...tags, ...PLAIN_TAGS, BINARY],
};
