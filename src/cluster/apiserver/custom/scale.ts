/** The fields that the scale subresource reads. @see kubernetes …/apiextensions-apiserver/pkg/registry/customresource/validator.go */
import type { CustomResourceSubresourceScale } from "../../../../generated/v1.36/model.ts";
import { goPlain, goTypeOf } from "../../../lib/go-value.ts";
import { type FieldError, invalidValue } from "../field-error.ts";
import { isMap } from "../typed.ts";

const INT32_MAX = 2 ** 31 - 1;

export function validateScale(object: unknown, scale: CustomResourceSubresourceScale | undefined): FieldError[] {
  if (!scale) return [];
  const replicas = [scale.specReplicasPath, scale.statusReplicasPath].flatMap((path) => validateReplicas(object, path));
  const { labelSelectorPath } = scale;
  if (!labelSelectorPath) return replicas;
  const selector = lookUp(object, labelSelectorPath);
  return selector === undefined || typeof selector === "string"
    ? replicas
    : [...replicas, invalidValue(labelSelectorPath, "", accessorError(labelSelectorPath, selector, "string"))];
}

function validateReplicas(object: unknown, path: string): FieldError[] {
  const value = lookUp(object, path);
  if (value === undefined) return [];
  if (typeof value !== "number" || !Number.isInteger(value)) return [invalidValue(path, 0, accessorError(path, value, "int64"))];
  if (value < 0) return [invalidValue(path, value, "should be a non-negative integer")];
  return value > INT32_MAX ? [invalidValue(path, value, `should be less than or equal to ${INT32_MAX}`)] : [];
}

/** The value at a path of names with dots. */
function lookUp(object: unknown, path: string): unknown {
  return path
    .replace(/^\./, "")
    .split(".")
    .reduce<unknown>((of, name) => (isMap(of) && Object.hasOwn(of, name) ? of[name] : undefined), object);
}

function accessorError(path: string, value: unknown, type: string): string {
  return `${path.startsWith(".") ? path : `.${path}`} accessor error: ${goPlain(value)} is of the type ${goTypeOf(value)}, expected ${type}`;
}
