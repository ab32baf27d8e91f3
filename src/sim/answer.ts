/** What the API server answers: values, never throws. The same value renders as API status, kubectl-like line and finding. */
import type { KubeObject } from "../api/object.ts";

export interface Cause {
  /** `FieldValueRequired`, `FieldValueInvalid`, … */
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export interface Accepted<T extends KubeObject = KubeObject> {
  /** 200 or 201. */
  readonly code: number;
  readonly object: T;
  readonly warnings?: readonly string[];
  readonly reason?: undefined;
  readonly message?: undefined;
}

export interface Refused {
  /** HTTP status, 4xx or 5xx. */
  readonly code: number;
  /** `metav1.StatusReason`: `NotFound`, `Conflict`, `Invalid`, `Forbidden`, … */
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly Cause[];
  /** What the status is about. */
  readonly details?: { readonly name?: string; readonly group?: string; readonly kind?: string };
  readonly warnings?: readonly string[];
  readonly object?: undefined;
}

export type Answer<T extends KubeObject = KubeObject> = Accepted<T> | Refused;

export function isRefused(answer: Answer): answer is Refused {
  return answer.code >= 400;
}
