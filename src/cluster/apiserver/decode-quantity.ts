/**
 * Why a text is no quantity, in the decoder's words.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (ParseQuantity)
 */

const WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_NUMBER = "unable to parse numeric part of quantity";
const WRONG_SUFFIX = "unable to parse quantity's suffix";

/** A sign, digits with at most one dot, letters of suffixes, then an exponent. */
const SHAPE = /^[+-]?([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** For a text that `parseQuantity` refuses. */
export function quantityError(text: string): string {
  const m = SHAPE.exec(text);
  if (text === "" || !m) return WRONG_FORMAT;
  return (m[1] ?? "") === "" && (m[2] ?? "") === "" ? WRONG_NUMBER : WRONG_SUFFIX;
}
