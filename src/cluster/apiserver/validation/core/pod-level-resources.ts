/** Resources of the Pod as a whole. @see kubernetes pkg/apis/core/validation/validation.go (validatePodResources, validatePodResourceConsistency) */
import type { Pod, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { podRequests } from "../../../../api/quota/pod-amounts.ts";
import { compareQuantity } from "../../../../lib/quantity.ts";
import { type FieldError, forbidden, invalidValue } from "../../field-error.ts";
import type { Path } from "../path.ts";
import { checkPodLevelResources, quantityOf, type ResourceList, show } from "./resources.ts";

export function checkPodLevel(spec: PodSpec, claims: ReadonlySet<string>, path: Path, out: FieldError[]): void {
  const own = spec.resources;
  if (!own) return;
  if (own.claims) out.push(forbidden(`${path}.claims`, "claims cannot be set for Resources at pod-level"));
  checkPodLevelResources(own, claims, path, out);
  const requests = (own.requests ?? {}) as ResourceList;
  const withoutOwn = { spec: { ...spec, resources: undefined, overhead: undefined } } as unknown as Pod;
  for (const [name, sum] of podRequests(withoutOwn)) {
    const mine = quantityOf(requests[name]);
    if (compareQuantity(sum, mine) > 0) {
      out.push(
        invalidValue(
          `${path}.requests[${name}]`,
          show(mine),
          `must be greater than or equal to aggregate container requests of ${show(sum)}`,
        ),
      );
    }
  }
  const limits = (own.limits ?? {}) as ResourceList;
  spec.containers?.forEach((c, i) => {
    for (const [name, limit] of Object.entries((c.resources?.limits ?? {}) as ResourceList)) {
      const mine = limits[name];
      if (mine === undefined || compareQuantity(quantityOf(limit), quantityOf(mine)) <= 0) continue;
      const text = `must be less than or equal to pod limits of ${show(quantityOf(mine))}`;
      out.push(invalidValue(`${path}.containers[${i}][${name}].limits`, show(quantityOf(limit)), text));
    }
  });
}
