/** What a request is told besides its answer: each warning once, in order. */
import type { Answer } from "../../../sim/answer.ts";
import type { Request } from "../core.ts";
import { withWarnings } from "../read-object.ts";

/** Takes a warning. Absent where nobody would read it: components of the control plane do not. */
export type Warn = ((text: string) => void) | undefined;

export function collectWarnings(request: Pick<Request, "trusted">, write: (warn: Warn) => Answer): Answer {
  if (request.trusted) return write(undefined);
  let said: Set<string> | undefined;
  const answer = write((text) => {
    said ??= new Set();
    said.add(text);
  });
  return said ? withWarnings(answer, [...said]) : answer;
}
