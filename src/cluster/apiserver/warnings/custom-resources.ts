/** Definitions of custom resources, and their objects. @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/registry */
import type { CustomResourceDefinition, JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { isMap } from "../typed.ts";
import { qualifiedName } from "../validation/meta/formats.ts";

/** Formats of texts, without their dashes. */
const TEXT_FORMATS: ReadonlySet<string> = new Set(
  (
    "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password " +
    "date duration datetime k8sshortname k8slongname"
  ).split(" "),
);
const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = { integer: ["int32", "int64"], number: ["float", "double"] };
const DEPTH_MAX = 64;

/** Formats that are not checked, each said where it comes new. */
export function definitionWarnings(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): readonly string[] {
  const before = new Set(old ? formatsOf(old) : []);
  return formatsOf(crd)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${goQuote(format)}`);
}

function formatsOf({ spec }: CustomResourceDefinition): readonly string[] {
  return (spec?.versions ?? []).flatMap((v) => unrecognized(v.schema?.openAPIV3Schema, 0));
}

function unrecognized(schema: JSONSchemaProps | undefined, depth: number): readonly string[] {
  if (!schema || depth > DEPTH_MAX) return [];
  const { format, type = "", items, properties = {}, additionalProperties } = schema;
  const inner = [
    items,
    ...Object.keys(properties)
      .sort()
      .map((name) => properties[name]),
    additionalProperties,
  ].flatMap((of) => (isMap(of) ? unrecognized(of as JSONSchemaProps, depth + 1) : []));
  return format && !isKnown(format, type) ? [format, ...inner] : inner;
}

function isKnown(format: string, type: string): boolean {
  if (type === "" || type === "string") return TEXT_FORMATS.has(format.replaceAll("-", ""));
  return NUMBER_FORMATS[type]?.includes(format) ?? false;
}

const STANDARD: ReadonlySet<string> = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

/** Finalizers that come new and may be another's. */
export function finalizerWarnings({ metadata }: KubeObject, old: KubeObject | undefined): readonly string[] {
  const before = new Set(old?.metadata.finalizers ?? []);
  const added = [...new Set(metadata.finalizers ?? [])].filter((f) => !before.has(f)).sort();
  return added.flatMap((name) => {
    const at = `metadata.finalizers: ${goQuote(name)}:`;
    const wrong = qualifiedName(name).map((text) => `${at} ${text}`);
    if (name.includes("/") || STANDARD.has(name)) return wrong;
    const how = name.includes(".") ? " including a path (/)" : "";
    return [...wrong, `${at} prefer a domain-qualified finalizer name${how} to avoid accidental conflicts with other finalizer writers`];
  });
}
