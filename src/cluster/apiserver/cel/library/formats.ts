/** Named formats: `format.dns1123Label().validate(x)`. @see kubernetes …/apiserver/pkg/cel/library/format.go */
import { Optional } from "@marcbachmann/cel-js";
import { dns1035Label, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from "../../validation/meta/formats.ts";
import type { Library } from "./registrar.ts";

class CelFormat {
  readonly check: (text: string) => readonly string[];
  constructor(check: (text: string) => readonly string[]) {
    this.check = check;
  }
}

/** A prefix of a generated name may end in a dash. */
const asPrefix = (check: (text: string) => readonly string[]) => (text: string) =>
  check(text.endsWith("-") ? `${text.slice(0, -1)}a` : text);
const test =
  (pattern: RegExp, why: string) =>
  (text: string): readonly string[] =>
    pattern.test(text) ? [] : [why];

const FORMATS: Readonly<Record<string, CelFormat>> = {
  dns1123Label: new CelFormat(dnsLabel),
  dns1123Subdomain: new CelFormat(dnsSubdomain),
  dns1035Label: new CelFormat(dns1035Label),
  qualifiedName: new CelFormat(qualifiedName),
  dns1123LabelPrefix: new CelFormat(asPrefix(dnsLabel)),
  dns1123SubdomainPrefix: new CelFormat(asPrefix(dnsSubdomain)),
  dns1035LabelPrefix: new CelFormat(asPrefix(dns1035Label)),
  labelValue: new CelFormat(labelValue),
  uri: new CelFormat(test(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:\S+|\/\S*)$/, "invalid URI")),
  uuid: new CelFormat(test(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, "does not match the UUID format")),
  byte: new CelFormat(test(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "invalid base64")),
  date: new CelFormat((text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? [] : ["invalid date"])),
  datetime: new CelFormat((text) =>
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
      ? []
      : ["invalid datetime"],
  ),
};

const TYPE = "kubernetes.NamedFormat";

export const formats: Library = ({ add, type }) => {
  type(TYPE, CelFormat);
  for (const [name, format] of Object.entries(FORMATS)) add(`__format_${name}(): ${TYPE}`, () => format);
  add("__format_named(string): optional", (name: string) => {
    const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    return format ? Optional.of(format) : Optional.none();
  });
  add(`${TYPE}.validate(string): optional`, ({ check }: CelFormat, text: string) => {
    const errors = check(text);
    return errors.length > 0 ? Optional.of(errors) : Optional.none();
  });
};
