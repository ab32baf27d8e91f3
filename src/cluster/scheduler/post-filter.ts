/** Asks the plugins what can be done for a Pod that no node takes. @see kubernetes pkg/scheduler/framework/runtime (RunPostFilterPlugins) */
import type { Client } from "../../sim/client.ts";
import type { Candidate, Diagnosis, Prepared, Profile } from "./framework.ts";
import type { Nominator } from "./nominator.ts";

export interface PostFilterOutcome {
  /** Where room is made. */
  readonly candidate: Candidate | undefined;
  /** Whether the Pod goes on waiting for the node it was promised. */
  readonly keepsNomination: boolean;
  /** Why nothing can be done; `""` when something can. */
  readonly message: string;
  /** What plugins want to be written. */
  readonly acts: readonly ((client: Client) => void)[];
}

export function runPostFilters(profile: Profile, prepared: Prepared, diagnosis: Diagnosis, nominator: Nominator): PostFilterOutcome {
  const messages: string[] = [];
  const acts: ((client: Client) => void)[] = [];
  let keepsNomination = true;
  for (const { plugin } of diagnosis.nodes > 0 ? profile.plugins : []) {
    const result = plugin.postFilter?.(prepared, diagnosis, nominator);
    if (!result) continue;
    if (result.candidate) return { candidate: result.candidate, keepsNomination: false, message: "", acts };
    if ("error" in result) return { candidate: undefined, keepsNomination: true, message: result.error, acts };
    messages.push(result.message);
    if (result.act) acts.push(result.act);
    keepsNomination &&= result.keepsNomination;
  }
  return { candidate: undefined, keepsNomination, message: messages.join(", "), acts };
}
