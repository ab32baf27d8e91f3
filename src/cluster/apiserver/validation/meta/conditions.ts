/** `metav1.Condition`. @see kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (ValidateConditions) */
import type { Condition } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { conditionReason } from "./formats.ts";
import { all, validateLabelName } from "./object-meta.ts";

const STATES = ["False", "True", "Unknown"];
const REASON_MAX = 1024;
const MESSAGE_MAX = 32 * 1024;

export function validateConditions(conditions: readonly Partial<Condition>[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return (conditions ?? []).flatMap((condition, i) => {
    const { type = "" } = condition;
    const out = seen.has(type) ? [duplicate(`${path}[${i}].type`, type)] : [];
    seen.add(type);
    return out.concat(validateCondition(condition, `${path}[${i}]`));
  });
}

function validateCondition(condition: Partial<Condition>, path: string): FieldError[] {
  const { type = "", status = "", observedGeneration = 0, lastTransitionTime, reason = "", message = "" } = condition;
  const out = validateLabelName(type, `${path}.type`);
  if (!STATES.includes(status)) out.push(notSupported(`${path}.status`, status, STATES));
  if (observedGeneration < 0)
    out.push(invalidValue(`${path}.observedGeneration`, observedGeneration, "must be greater than or equal to zero"));
  if (!lastTransitionTime) out.push(required(`${path}.lastTransitionTime`));
  if (reason === "") out.push(required(`${path}.reason`));
  else out.push(...all(`${path}.reason`, reason, conditionReason(reason)));
  if (Buffer.byteLength(reason) > REASON_MAX) out.push(tooLong(`${path}.reason`, REASON_MAX));
  if (Buffer.byteLength(message) > MESSAGE_MAX) out.push(tooLong(`${path}.message`, MESSAGE_MAX));
  return out;
}
