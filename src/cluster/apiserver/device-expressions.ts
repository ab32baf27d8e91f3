/** The expressions that select devices must compile. @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go */
import type { DeviceClass, DeviceSelector, ResourceClaimSpec } from "../../../generated/v1.36/model.ts";
import { type CelType, check, type Scope } from "./cel/check.ts";
import { type FieldError, invalidValue } from "./field-error.ts";

const NAMED: CelType = { values: { values: "any" } };
const SCOPE: Scope = {
  device: { fields: { driver: { scalar: "string" }, attributes: NAMED, capacity: NAMED, allowMultipleAllocations: { scalar: "bool" } } },
};

export function classExpressionErrors({ spec }: DeviceClass, errors: readonly FieldError[]): FieldError[] {
  return selectorErrors(spec?.selectors, "spec.selectors", errors);
}

export function claimExpressionErrors(spec: ResourceClaimSpec | undefined, path: string, errors: readonly FieldError[]): FieldError[] {
  return (spec?.devices?.requests ?? []).flatMap((r, i) => {
    const at = `${path}.devices.requests[${i}]`;
    return [
      ...selectorErrors(r.exactly?.selectors, `${at}.exactly.selectors`, errors),
      ...(r.firstAvailable ?? []).flatMap((a, k) => selectorErrors(a.selectors, `${at}.firstAvailable[${k}].selectors`, errors)),
    ];
  });
}

/** What is too long or too much is not looked at. */
function selectorErrors(selectors: readonly DeviceSelector[] | undefined, path: string, errors: readonly FieldError[]): FieldError[] {
  return (selectors ?? []).flatMap(({ cel }, i) => {
    const at = `${path}[${i}].cel.expression`;
    if (!cel || errors.some((e) => e.field === at || e.field === path)) return [];
    const { expression = "" } = cel;
    const checked = check(expression, SCOPE);
    if (checked.errors.length > 0) return [invalidValue(at, expression, `compilation failed: ${checked.errors.join("\n")}`)];
    if (checked.type === "bool" || checked.type === "dyn") return [];
    return [invalidValue(at, expression, `must evaluate to bool or the unknown type, not ${checked.type}`)];
  });
}
