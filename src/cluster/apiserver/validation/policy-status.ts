/** What the type checker says of a policy. @see kubernetes pkg/apis/admissionregistration/validation/validation.go (validateValidatingAdmissionPolicyStatus) */
import type { ValidatingAdmissionPolicy } from "../../../../generated/v1.36/model.ts";
import { type FieldError, required } from "../field-error.ts";
import { validateConditions } from "./meta/conditions.ts";

/** Simplified: `fieldRef` is not parsed as a JSONPath. */
export function validateValidatingAdmissionPolicyStatus({ status }: ValidatingAdmissionPolicy): FieldError[] {
  const out = (status?.typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, i) => {
    const at = `status.typeChecking.expressionWarnings[${i}]`;
    return [...(warning ? [] : [required(`${at}.warning`)]), ...(fieldRef?.trim() ? [] : [required(`${at}.fieldRef`)])];
  });
  return [...out, ...validateConditions(status?.conditions, "status.conditions")];
}
