/** ConfigMaps, Secrets and ServiceAccounts. @see kubernetes pkg/apis/core/validation/validation.go (ValidateConfigMap, ValidateSecret) */
import type { ConfigMap, Secret } from "../../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, required, tooLong } from "../../field-error.ts";
import { configMapKey } from "../meta/formats.ts";
import { subdomainName, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";

/** Bytes of all values together. */
const SIZE_MAX = 1024 * 1024;

const textBytes = (text: string): number => Buffer.byteLength(text);
const base64Bytes = (text: string): number => (text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);

function validateKeys(data: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  return Object.keys(data ?? {}).flatMap((key) => configMapKey(key).map((text) => invalidValue(`${field}[${key}]`, key, text)));
}

export function validateConfigMap(map: ConfigMap): FieldError[] {
  const out = validateObjectMeta(map.metadata, true, subdomainName);
  for (const key in map.data) {
    for (const text of configMapKey(key)) out.push(invalidValue(`data[${key}]`, key, text));
    if (map.binaryData && Object.hasOwn(map.binaryData, key))
      out.push(invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"));
  }
  out.push(...validateKeys(map.binaryData, "binaryData"));
  const size =
    Object.values(map.data ?? {}).reduce((n, v) => n + textBytes(v), 0) +
    Object.values(map.binaryData ?? {}).reduce((n, v) => n + base64Bytes(v), 0);
  if (size > SIZE_MAX) out.push(tooLong("", SIZE_MAX));
  return out;
}

export function validateConfigMapUpdate(map: ConfigMap, old: ConfigMap): FieldError[] {
  return [...validateObjectMetaUpdate(map.metadata, old.metadata), ...sealed(map, old, ["data", "binaryData"]), ...validateConfigMap(map)];
}

/** Once `immutable`, neither that nor the data may change. */
function sealed<T extends { readonly immutable?: boolean | undefined }>(
  now: T,
  old: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (old.immutable !== true) return [];
  const text = "field is immutable when `immutable` is set";
  const out = now.immutable === true ? [] : [forbidden("immutable", text)];
  return out.concat(fields.filter((f) => !semanticEqual(now[f], old[f])).map((f) => forbidden(f, text)));
}

export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const out = [...validateObjectMeta(secret.metadata, true, subdomainName), ...validateKeys(data, "data")];
  if (Object.values(data).reduce((n, v) => n + base64Bytes(v), 0) > SIZE_MAX) out.push(tooLong("data", SIZE_MAX));
  const need = (...keys: string[]): FieldError[] => keys.filter((k) => !Object.hasOwn(data, k)).map((k) => required(`data[${k}]`));
  switch (secret.type) {
    case "kubernetes.io/service-account-token": {
      const name = "kubernetes.io/service-account.name";
      return secret.metadata.annotations?.[name] ? out : [...out, required(`metadata.annotations[${name}]`)];
    }
    case "kubernetes.io/dockercfg":
      return [...out, ...validateJson(data, ".dockercfg")];
    case "kubernetes.io/dockerconfigjson":
      return [...out, ...validateJson(data, ".dockerconfigjson")];
    case "kubernetes.io/basic-auth":
      return Object.hasOwn(data, "username") || Object.hasOwn(data, "password") ? out : [...out, ...need("username", "password")];
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? out : [...out, required("data[ssh-privatekey]")];
    case "kubernetes.io/tls":
      return [...out, ...need("tls.crt", "tls.key")];
    default:
      return out;
  }
}

function validateJson(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const value = data[key];
  if (value === undefined) return [required(`data[${key}]`)];
  const why = jsonObjectError(Buffer.from(value, "base64").toString("utf8"));
  return why === undefined ? [] : [invalidValue(`data[${key}]`, "<secret contents redacted>", why)];
}

/** Why a text is no JSON object, in Go's words for the commonest reasons. */
function jsonObjectError(text: string): string | undefined {
  if (text === "") return "unexpected end of JSON input";
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined;
    const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch {
    const first = text.trimStart()[0];
    if (first === undefined) return "unexpected end of JSON input";
    return '{["0123456789-tfn'.includes(first)
      ? "unexpected end of JSON input"
      : `invalid character '${first}' looking for beginning of value`;
  }
}

export function validateSecretUpdate(secret: Secret, old: Secret): FieldError[] {
  return [
    ...validateObjectMetaUpdate(secret.metadata, old.metadata),
    ...validateImmutable(secret.type, old.type, "type"),
    ...sealed(secret, old, ["data"]),
    ...validateSecret(secret),
  ];
}
