/** Throws when something that we hold to be always true is not: a defect of seatrial, never of its user. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`seatrial is broken here, please report it: ${what}`);
}
