/**
 * Label selectors.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go (LabelSelectorAsSelector)
 */

export type Labels = Readonly<Record<string, string>>;

export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

/** The shape of `metav1.LabelSelector`. */
export interface LabelSelectorShape {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

/** Whether a map selector (a Service's, a ReplicationController's) takes the labels; an empty one takes everything. */
export function matchesLabels(selector: Labels | undefined, labels: Labels | undefined): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false;
  return true;
}

/** Whether a label selector takes the labels: an absent selector takes nothing, an empty one everything. */
export function matchesSelector(selector: LabelSelectorShape | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  if (!matchesLabels(selector.matchLabels, labels)) return false;
  return selector.matchExpressions?.every((r) => matchesRequirement(r, labels)) ?? true;
}

/** One requirement of a selector; `NotIn` and `DoesNotExist` hold for an absent key. */
export function matchesRequirement(r: LabelRequirement, labels: Labels | undefined): boolean {
  const value = labels?.[r.key];
  switch (r.operator) {
    case "In":
      return value !== undefined && (r.values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(r.values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
