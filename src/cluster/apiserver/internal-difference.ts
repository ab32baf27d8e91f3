/** What changed of a struct, as the messages of immutable ones show it. @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/diff/cmp.go (Diff) */
import { unifiedDiff } from "../../lib/unified-diff.ts";
import { internalForm } from "./internal-form.ts";
import type { InternalType } from "./internal-types.ts";

/** By lines of the API server's own form; ends with a line end. */
export function internalDifference(type: InternalType, old: unknown, now: unknown): string {
  const pretty = (value: unknown): string =>
    JSON.stringify(internalForm(type, value), null, 1).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return unifiedDiff(pretty(old ?? {}), pretty(now ?? {}));
}
