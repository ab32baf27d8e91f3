/**
 * A count or a share: `2` or `"25%"`.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/intstr/intstr.go (GetScaledValueFromIntOrPercent)
 */

const PERCENT = /^([0-9]+)%$/;

/** `25%` of 10 is 3 rounded up, 2 rounded down; a count is itself. `undefined` when the text is no percentage. */
export function scaledValue(value: number | string, total: number, round: "up" | "down"): number | undefined {
  if (typeof value === "number") return value;
  const m = PERCENT.exec(value);
  if (!m) return undefined;
  const exact = (Number(m[1]) * total) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}
