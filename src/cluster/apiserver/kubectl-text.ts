/**
 * How kubectl prints a refusal.
 * @see kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr)
 */
import { goQuote } from "../../lib/go-text.ts";
import type { Refused } from "../../sim/answer.ts";

/** kubectl's own errors, which no server sent. */
const CLIENT_SIDE = /^(resource mapping not found|resource name may not be empty|from .*: cannot use generate name with apply)/;

/** `Error from server (Forbidden): …`, `The Deployment "web" is invalid: …`; several causes are a list, each on a line of its own. */
export function refusalText(refused: Refused): string {
  if (refused.reason === "Invalid") return invalidText(refused);
  if (CLIENT_SIDE.test(refused.message)) return `error: ${refused.message}`;
  return refused.reason === "" ? `Error from server: ${refused.message}` : `Error from server (${refused.reason}): ${refused.message}`;
}

function invalidText({ details, causes = [] }: Refused): string {
  const head =
    details?.kind || details?.name ? `The ${details.kind ?? ""} ${goQuote(details.name ?? "")} is invalid` : "The request is invalid";
  const lines = [...new Set(causes.map((c) => `${c.field}: ${c.message}`))];
  if (lines.length === 0) return head;
  // A difference ends with a line end of its own.
  return lines.length === 1 ? `${head}: ${lines[0]?.replace(/\n$/, "")}` : `${head}: ${lines.map((line) => `\n* ${line}`).join("")}`;
}

/** A warning as kubectl prints it. */
export function warningText(warning: string): string {
  return `Warning: ${warning}`;
}
