/** Paths in volumes. @see kubernetes pkg/apis/core/validation/validation.go (validateLocalDescendingPath ...) */
import { type FieldError, invalidValue } from "../../field-error.ts";
import type { Path } from "../path.ts";

export function hasBacksteps(target: string): boolean {
  return target.includes("..") && target.split("/").includes("..");
}

export function checkNoBacksteps(target: string, path: Path, out: FieldError[]): void {
  if (hasBacksteps(target)) out.push(invalidValue(path, target, "must not contain '..'"));
}

export function checkLocalDescendingPath(target: string, path: Path, out: FieldError[]): void {
  if (target.startsWith("/")) out.push(invalidValue(path, target, "must be a relative path"));
  checkNoBacksteps(target, path, out);
}

export function checkLocalNonReservedPath(target: string, path: Path, out: FieldError[]): void {
  checkLocalDescendingPath(target, path, out);
  if (target.startsWith("..") && !target.startsWith("../")) out.push(invalidValue(path, target, "must not start with '..'"));
}

export function checkFileMode(mode: number | undefined, path: Path, out: FieldError[]): void {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return;
  out.push(invalidValue(path, mode, "must be a number between 0 and 0777 (octal), both inclusive"));
}
