/** Fixes in words. */
import type { Fix, FixChange } from "../schema.ts";
import type { Parts } from "./words.ts";

const code = (text: string): { readonly code: string } => ({ code: text });

/** `replicas: 5`, `one more node of pool workers`. */
export function fixWords({ changes }: Fix): Parts {
  return changes.flatMap((c, i): Parts => [...(i > 0 ? [" and "] : []), ...changeWords(c)]);
}

function changeWords(c: FixChange): Parts {
  switch (c.kind) {
    case "replicas":
      return [code(`replicas: ${c.after}`)];
    case "request":
      return [code(`requests.${c.resource}: ${c.after}`), ` in container `, code(c.container), ` (now ${c.before})`];
    case "toleration":
      return ["a toleration of ", code(`${c.key}${c.value === "" ? "" : `=${c.value}`}:${c.effect}`)];
    case "label":
      return ["label ", code(`${c.key}=${c.value}`), " on node ", code(c.node)];
    case "node": {
      const what = c.count === 1 ? "one more node " : `${c.count} more nodes `;
      return [what, ...(c.pool === null ? ["like ", code(c.like)] : ["of pool ", code(c.pool)])];
    }
  }
}

export function fixReady({ ready, desired }: Fix): string {
  return `${ready}/${desired}`;
}

export function fixQuota({ quotaPercent }: Fix): string {
  return quotaPercent === null ? "" : `${quotaPercent}%`;
}
