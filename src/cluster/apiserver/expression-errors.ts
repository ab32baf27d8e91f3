/** What validation has to do with CEL: expressions that objects hold must compile, and custom resources keep to the rules of their definition. */
import type {
  CustomResourceDefinition,
  DeviceClass,
  ResourceClaimTemplate,
  ValidatingAdmissionPolicy,
} from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import { validateExpressions } from "./admission/policies/expressions.ts";
import { validateDefinitionRules } from "./custom/rule-check.ts";
import { withCustomErrors } from "./custom/validate.ts";
import { claimExpressionErrors, classExpressionErrors } from "./device-expressions.ts";
import type { FieldError } from "./field-error.ts";
import type { Registered } from "./registry.ts";
import type { Claim } from "./validation/resource/claim.ts";
import type { Warn } from "./warnings/collect.ts";

/** All errors of an object; `errors` are those that need no CEL. */
export function withExpressionErrors(
  registered: Registered,
  object: KubeObject,
  old: KubeObject | undefined,
  errors: readonly FieldError[],
  warn: Warn,
): readonly FieldError[] {
  switch (registered.id) {
    case "apiextensions.k8s.io/CustomResourceDefinition":
      return [...errors, ...validateDefinitionRules(object as CustomResourceDefinition, errors)];
    case "admissionregistration.k8s.io/ValidatingAdmissionPolicy":
    case "admissionregistration.k8s.io/MutatingAdmissionPolicy": {
      const { spec } = object as ValidatingAdmissionPolicy;
      return spec ? [...errors, ...validateExpressions(spec as never)] : errors;
    }
    case "resource.k8s.io/DeviceClass":
      return [...errors, ...classExpressionErrors(object as DeviceClass, errors)];
    case "resource.k8s.io/ResourceClaim":
      return old ? errors : [...errors, ...claimExpressionErrors((object as Claim).spec, "spec", errors)];
    case "resource.k8s.io/ResourceClaimTemplate":
      return old ? errors : [...errors, ...claimExpressionErrors((object as ResourceClaimTemplate).spec?.spec, "spec.spec", errors)];
    default:
      return registered.custom ? withCustomErrors(registered, object, old, errors, warn) : errors;
  }
}
