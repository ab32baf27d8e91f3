/** One finding, of the closed set of `schema.ts`. */
import type { Finding, FindingArgs, FindingCode, Severity } from "./schema.ts";

export function finding<C extends FindingCode>(
  code: C,
  severity: Severity,
  args: FindingArgs[C],
  object: Finding["object"],
  source: Finding["source"] | undefined,
): Finding {
  return { code, severity, args, object, source: source ?? null } as Finding;
}
