/** Environment variables. @see kubernetes pkg/apis/core/validation/validation.go (ValidateEnv, ValidateEnvFrom) */
import type { EnvFromSource, EnvVar } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, required } from "../../field-error.ts";
import { configMapKey, dnsSubdomain, envVarName } from "../meta/formats.ts";
import { all, subdomainName } from "../meta/object-meta.ts";
import { ENV_FIELDS, validateFieldRef, validateResourceFieldRef } from "./field-references.ts";
import { localNonReservedPath } from "./paths.ts";

export function validateEnv(variables: readonly EnvVar[] | undefined, path: string): FieldError[] {
  return (variables ?? []).flatMap((v, i) => {
    const at = `${path}[${i}]`;
    const out = v.name ? all(`${at}.name`, v.name, envVarName(v.name)) : [required(`${at}.name`)];
    return out.concat(validateValueFrom(v, `${at}.valueFrom`));
  });
}

const SOURCES = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";

function validateValueFrom(variable: EnvVar, path: string): FieldError[] {
  const from = variable.valueFrom;
  if (!from) return [];
  const out: FieldError[] = [];
  if (from.fieldRef) out.push(...validateFieldRef(from.fieldRef, ENV_FIELDS, `${path}.fieldRef`));
  if (from.resourceFieldRef) out.push(...validateResourceFieldRef(from.resourceFieldRef, `${path}.resourceFieldRef`, false));
  if (from.configMapKeyRef) out.push(...validateKeyRef(from.configMapKeyRef, `${path}.configMapKeyRef`));
  if (from.secretKeyRef) out.push(...validateKeyRef(from.secretKeyRef, `${path}.secretKeyRef`));
  if (from.fileKeyRef) out.push(...validateFileKeyRef(from.fileKeyRef, `${path}.fileKeyRef`));
  const count = Object.keys(from).length;
  if (count === 0) out.push(invalidValue(path, "", SOURCES));
  else if (variable.value) out.push(invalidValue(path, "", "may not be specified when `value` is not empty"));
  else if (count > 1) out.push(invalidValue(path, "", "may not have more than one field specified at a time"));
  return out;
}

function validateKeyRef(ref: { readonly name?: string | undefined; readonly key: string }, path: string): FieldError[] {
  const out = all(`${path}.name`, ref.name ?? "", subdomainName(ref.name ?? "", false));
  return out.concat(ref.key ? all(`${path}.key`, ref.key, configMapKey(ref.key)) : [required(`${path}.key`)]);
}

function validateFileKeyRef(ref: { readonly key: string; readonly path: string; readonly volumeName: string }, path: string): FieldError[] {
  const out = ref.key ? all(`${path}.key`, ref.key, envVarName(ref.key)) : [required(`${path}.key`)];
  if (!ref.volumeName) out.push(required(`${path}.volumeName`));
  else out.push(...all(`${path}.volumeName`, ref.volumeName, dnsSubdomain(ref.volumeName)));
  return out.concat(ref.path ? localNonReservedPath(`${path}.path`, ref.path) : [required(`${path}.path`)]);
}

export function validateEnvFrom(sources: readonly EnvFromSource[] | undefined, path: string): FieldError[] {
  return (sources ?? []).flatMap((s, i) => {
    const at = `${path}[${i}]`;
    const out: FieldError[] = s.prefix ? all(`${at}.prefix`, s.prefix, envVarName(s.prefix)) : [];
    for (const name of ["configMapRef", "secretRef"] as const) {
      const ref = s[name];
      if (!ref) continue;
      out.push(...(ref.name ? all(`${at}.${name}.name`, ref.name, subdomainName(ref.name, true)) : [required(`${at}.${name}.name`)]));
    }
    if (!s.configMapRef && !s.secretRef) out.push(invalidValue(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (s.configMapRef && s.secretRef) out.push(invalidValue(path, "", "may not have more than one field specified at a time"));
    return out;
  });
}
