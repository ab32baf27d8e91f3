/** Environment variables. @see kubernetes pkg/apis/core/validation/validation.go (ValidateEnv, ValidateEnvFrom) */
import type { EnvFromSource, EnvVar } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, required } from "../../field-error.ts";
import { configMapKey, dnsSubdomain, envVarName } from "../meta/formats.ts";
import { note, subdomainName } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { checkFieldRef, checkResourceFieldRef, ENV_FIELDS } from "./field-references.ts";
import { checkLocalNonReservedPath } from "./paths.ts";

export function checkEnv(variables: readonly EnvVar[], path: Path, out: FieldError[]): void {
  for (let i = 0; i < variables.length; i++) {
    const v = variables[i]!;
    if (v.name) note(envVarName(v.name), v.name, at(at(path, "", i), "name"), out);
    else out.push(required(`${path}[${i}].name`));
    if (v.valueFrom) checkValueFrom(v.valueFrom, v.value, at(at(path, "", i), "valueFrom"), out);
  }
}

const SOURCES = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";

function checkValueFrom(from: NonNullable<EnvVar["valueFrom"]>, value: string | undefined, path: Path, out: FieldError[]): void {
  if (from.fieldRef) checkFieldRef(from.fieldRef, ENV_FIELDS, at(path, "fieldRef"), out);
  if (from.resourceFieldRef) checkResourceFieldRef(from.resourceFieldRef, false, at(path, "resourceFieldRef"), out);
  if (from.configMapKeyRef) checkKeyRef(from.configMapKeyRef, at(path, "configMapKeyRef"), out);
  if (from.secretKeyRef) checkKeyRef(from.secretKeyRef, at(path, "secretKeyRef"), out);
  if (from.fileKeyRef) checkFileKeyRef(from.fileKeyRef, at(path, "fileKeyRef"), out);
  let count = 0;
  for (const _ in from) count++;
  if (count === 0) out.push(invalidValue(path, "", SOURCES));
  else if (value) out.push(invalidValue(path, "", "may not be specified when `value` is not empty"));
  else if (count > 1) out.push(invalidValue(path, "", "may not have more than one field specified at a time"));
}

function checkKeyRef(ref: { readonly name?: string | undefined; readonly key: string }, path: Path, out: FieldError[]): void {
  note(subdomainName(ref.name ?? "", false), ref.name ?? "", at(path, "name"), out);
  if (ref.key) note(configMapKey(ref.key), ref.key, at(path, "key"), out);
  else out.push(required(`${path}.key`));
}

function checkFileKeyRef(
  ref: { readonly key: string; readonly path: string; readonly volumeName: string },
  path: Path,
  out: FieldError[],
): void {
  if (ref.key) note(envVarName(ref.key), ref.key, at(path, "key"), out);
  else out.push(required(`${path}.key`));
  if (!ref.volumeName) out.push(required(`${path}.volumeName`));
  else note(dnsSubdomain(ref.volumeName), ref.volumeName, at(path, "volumeName"), out);
  if (ref.path) checkLocalNonReservedPath(ref.path, at(path, "path"), out);
  else out.push(required(`${path}.path`));
}

export function checkEnvFrom(sources: readonly EnvFromSource[], path: Path, out: FieldError[]): void {
  for (let i = 0; i < sources.length; i++) {
    const { prefix, configMapRef, secretRef } = sources[i]!;
    if (prefix) note(envVarName(prefix), prefix, at(at(path, "", i), "prefix"), out);
    if (configMapRef) checkNamed(configMapRef.name, at(at(path, "", i), "configMapRef"), out);
    if (secretRef) checkNamed(secretRef.name, at(at(path, "", i), "secretRef"), out);
    if (!configMapRef && !secretRef) out.push(invalidValue(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (configMapRef && secretRef) out.push(invalidValue(path, "", "may not have more than one field specified at a time"));
  }
}

function checkNamed(name: string | undefined, path: Path, out: FieldError[]): void {
  if (name) note(subdomainName(name, true), name, at(path, "name"), out);
  else out.push(required(`${path}.name`));
}
