/** Sizes of claims and volumes, compared. */
import type { PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { compareQuantity, parseQuantity, ZERO } from "../../lib/quantity.ts";

/** −1, 0 or 1, as the first is less, as much or more; what is missing or is no quantity counts as nothing. */
export function compareSizes(a: string | number | undefined, b: string | number | undefined): -1 | 0 | 1 {
  return compareQuantity(parseQuantity(a ?? "0") ?? ZERO, parseQuantity(b ?? "0") ?? ZERO);
}

/** Whether the claim asks for more than it has. */
export function wantsMore({ spec, status }: PersistentVolumeClaim): boolean {
  return compareSizes(spec.resources?.requests?.["storage"], status?.capacity?.["storage"]) > 0;
}
