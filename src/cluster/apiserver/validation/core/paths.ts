/** Paths in volumes. @see kubernetes pkg/apis/core/validation/validation.go (validateLocalDescendingPath ...) */
import { type FieldError, invalidValue } from "../../field-error.ts";

export function noBacksteps(path: string, target: string): FieldError[] {
  return target.split("/").includes("..") ? [invalidValue(path, target, "must not contain '..'")] : [];
}

export function localDescendingPath(path: string, target: string): FieldError[] {
  const out = target.startsWith("/") ? [invalidValue(path, target, "must be a relative path")] : [];
  return out.concat(noBacksteps(path, target));
}

export function localNonReservedPath(path: string, target: string): FieldError[] {
  const out = localDescendingPath(path, target);
  if (target.startsWith("..") && !target.startsWith("../")) out.push(invalidValue(path, target, "must not start with '..'"));
  return out;
}

export function fileMode(path: string, mode: number | undefined): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalidValue(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}
