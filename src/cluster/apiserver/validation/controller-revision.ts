/** ControllerRevisions. @see kubernetes pkg/apis/apps/validation/validation.go (ValidateControllerRevisionCreate) */
import type { ControllerRevision } from "../../../../generated/v1.36/model.ts";
import { type FieldError, required } from "../field-error.ts";
import { notNegative, subdomainName, validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

function validateRevision(revision: ControllerRevision): FieldError[] {
  return [...validateObjectMeta(revision.metadata, true, subdomainName), ...notNegative("revision", revision.revision)];
}

export function validateControllerRevision(revision: ControllerRevision): FieldError[] {
  const data = revision.data as unknown;
  const out = validateRevision(revision);
  if (data === undefined || data === null) return [...out, required("data", "data is mandatory")];
  return typeof data === "object" && !Array.isArray(data) ? out : [...out, required("data", "data must be a valid JSON object")];
}

export function validateControllerRevisionUpdate(revision: ControllerRevision, old: ControllerRevision): FieldError[] {
  return [
    ...validateObjectMetaUpdate(revision.metadata, old.metadata),
    ...validateRevision(revision),
    ...validateImmutable(revision.data, old.data, "data"),
  ];
}
