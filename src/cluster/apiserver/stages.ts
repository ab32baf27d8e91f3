/** Stand-ins until validation is there. */
import type { KubeObject } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import type { FieldError } from "./field-error.ts";

export const validateCreate = (_object: KubeObject, _resource: ResourceInfo): readonly FieldError[] => [];
export const validateUpdate = (_object: KubeObject, _old: KubeObject, _resource: ResourceInfo): readonly FieldError[] => [];
export const validateStatusUpdate = (_object: KubeObject, _old: KubeObject, _resource: ResourceInfo): readonly FieldError[] => [];
