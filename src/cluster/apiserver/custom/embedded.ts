/** Objects within a custom resource are objects, too. @see kubernetes …/apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go */
import type { JSONSchemaProps, ObjectMeta } from "../../../../generated/v1.36/model.ts";
import { child, index, key } from "../../../lib/field-path.ts";
import { type FieldError, invalidValue, required } from "../field-error.ts";
import { isMap, type JsonMap } from "../typed.ts";
import { dns1035Label } from "../validation/meta/formats.ts";
import { pathSegmentName, validateObjectMeta } from "../validation/meta/object-meta.ts";
import { schemaIn } from "./prune.ts";

const DEPTH_MAX = 1_000;

export function validateEmbedded(value: unknown, schema: JSONSchemaProps | undefined, path = "", depth = 0): FieldError[] {
  if (!schema || depth > DEPTH_MAX) return [];
  if (Array.isArray(value)) {
    const items = schemaIn(schema.items);
    return items ? value.flatMap((item, i) => validateEmbedded(item, items, index(path, i), depth + 1)) : [];
  }
  if (!isMap(value)) return [];
  const out = schema["x-kubernetes-embedded-resource"] === true ? validateObject(value, path) : [];
  for (const [name, of] of Object.entries(value)) {
    const own = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (own) out.push(...validateEmbedded(of, own, child(path, name), depth + 1));
    else out.push(...validateEmbedded(of, schemaIn(schema.additionalProperties), key(path, name), depth + 1));
  }
  return out;
}

function validateObject({ apiVersion, kind, metadata }: JsonMap, path: string): FieldError[] {
  const out: FieldError[] = [];
  const at = child(path, "apiVersion");
  if (apiVersion === undefined) out.push(required(at));
  else if (typeof apiVersion !== "string") out.push(invalidValue(at, apiVersion, "must be a string"));
  else if (apiVersion === "") out.push(invalidValue(at, apiVersion, "must not be empty"));
  else if (apiVersion.split("/").length > 2) out.push(invalidValue(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  out.push(...validateKind(kind, child(path, "kind")));
  if (isMap(metadata)) {
    const meta = { ...metadata, name: metadata["name"] || "fakename" } as ObjectMeta;
    out.push(...validateObjectMeta(meta, Boolean(meta.namespace), pathSegmentName, child(path, "metadata")));
  }
  return out;
}

function validateKind(kind: unknown, path: string): FieldError[] {
  if (kind === undefined) return [required(path)];
  if (typeof kind !== "string") return [invalidValue(path, kind, "must be a string")];
  if (kind === "") return [invalidValue(path, kind, "must not be empty")];
  const texts = dns1035Label(kind.toLowerCase());
  return texts.length === 0 ? [] : [invalidValue(path, kind, `may have mixed case, but should otherwise match: ${texts.join(",")}`)];
}
