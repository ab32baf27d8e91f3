/** Rules that the kinds of dynamic resource allocation share. @see kubernetes pkg/apis/resource/validation/validation.go */
import { duplicate, type FieldError, invalidValue, required, tooLong, tooMany } from "../../field-error.ts";
import { dnsSubdomain, labelValue } from "../meta/formats.ts";
import { all, validateLabelName } from "../meta/object-meta.ts";

const DRIVER_MAX = 63;
const ID_MAX = 32;
const C_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Each item, unless there are too many; what has the key of one before it is there twice. */
export function validateItems<T>(
  items: readonly T[] | undefined,
  max: number,
  path: string,
  validate: (item: T, path: string) => readonly FieldError[],
  keyOf?: (item: T) => string,
): FieldError[] {
  const list = items ?? [];
  if (list.length > max) return [tooMany(path, list.length, max)];
  const out = list.flatMap((item, i) => validate(item, `${path}[${i}]`));
  const seen = new Set<string>();
  for (const [i, item] of keyOf ? list.entries() : []) {
    const key = keyOf!(item);
    if (seen.has(key)) out.push(duplicate(`${path}[${i}]`, key));
    seen.add(key);
  }
  return out;
}

export function validateDriverName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)];
  const out = name.length > DRIVER_MAX ? [tooLong(path, DRIVER_MAX)] : [];
  return out.concat(all(path, name, dnsSubdomain(name.toLowerCase())));
}

export function validatePoolName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)];
  const out = name.length > 253 ? [tooLong(path, 253)] : [];
  return out.concat(name.split("/").flatMap((part) => all(path, part, dnsSubdomain(part))));
}

function validateIdentifier(id: string, path: string): FieldError[] {
  const out = id.length > ID_MAX ? [tooLong(path, ID_MAX)] : [];
  if (C_IDENTIFIER.test(id)) return out;
  const text =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
  return [...out, invalidValue(path, id, text)];
}

/** The name of an attribute or a capacity, perhaps with a domain before it. */
export function validateQualifiedName(name: string, path: string): FieldError[] {
  const parts = name.split("/");
  if (parts.length === 1) return validateIdentifier(name, path);
  if (parts.length > 2) return [];
  const [domain = "", id = ""] = parts;
  return [
    ...(domain === "" ? [invalidValue(path, "", "the domain must not be empty")] : validateDriverName(domain, path)),
    ...(id === "" ? [invalidValue(path, "", "the name must not be empty")] : validateIdentifier(id, path)),
  ];
}

export function validateFullyQualifiedName(name: string, path: string): FieldError[] {
  const out = validateQualifiedName(name, path);
  if (name.includes("/")) return out;
  return [...out, invalidValue(path, name, "a fully qualified name must be a domain and a name separated by a slash")];
}

const BINDING_MAX = 4;

/** Conditions that a device waits for before its Pod is bound, and those that tell of failure. */
export function validateBinding(
  {
    bindingConditions = [],
    bindingFailureConditions = [],
  }: { bindingConditions?: readonly string[]; bindingFailureConditions?: readonly string[] },
  path: string,
): FieldError[] {
  const [at, failureAt] = [`${path}.bindingConditions`, `${path}.bindingFailureConditions`];
  const out = [
    ...validateItems(bindingConditions, BINDING_MAX, at, validateLabelName),
    ...validateItems(bindingFailureConditions, BINDING_MAX, failureAt, validateLabelName),
  ];
  bindingConditions.forEach((c, i) => {
    if (bindingConditions.indexOf(c) < i) out.push(duplicate(`${at}[${i}]`, c));
  });
  bindingFailureConditions.forEach((c, i) => {
    if (bindingFailureConditions.indexOf(c) < i) out.push(duplicate(`${failureAt}[${i}]`, c));
    if (bindingConditions.includes(c))
      out.push(invalidValue(`${failureAt}[${i}]`, c, "bindingFailureConditions must not overlap with bindingConditions"));
  });
  if (bindingConditions.length === 0 && bindingFailureConditions.length > 0)
    out.push(invalidValue(at, null, "bindingConditions are required to use bindingFailureConditions"));
  if (bindingFailureConditions.length === 0 && bindingConditions.length > 0)
    out.push(invalidValue(failureAt, null, "bindingFailureConditions are required to use bindingConditions"));
  return out;
}

export function validateLabelValue(value: string, path: string): FieldError[] {
  return all(path, value, labelValue(value));
}
