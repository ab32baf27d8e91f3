/** The text that says why a Pod has no node. @see kubernetes pkg/scheduler/framework/types.go (FitError) */
import type { Diagnosis } from "./framework.ts";

/** An event's note may not be longer. @see kubernetes pkg/apis/core/validation/events.go (NoteLengthLimit) */
const NOTE_LENGTH_MAX = 1024;
const CUT = " ...";

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. …`: reasons with their counts, sorted as text. */
export function unschedulableMessage(diagnosis: Diagnosis, postFilter: string): string {
  if (diagnosis.nodes === 0) return "no nodes available to schedule pods";
  const parts = [`0/${diagnosis.nodes} nodes are available:`];
  if (diagnosis.pod) parts.push(`${diagnosis.pod.reasons.join(", ")}.`);
  else parts.push(...sentence(countReasons(diagnosis)));
  if (postFilter !== "") parts.push(postFilter);
  return parts.join(" ");
}

function countReasons({ nodes, refusals, others }: Diagnosis): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const count = (reason: string, by: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + by);
  for (const [refusal, times] of refusals.counts()) for (const reason of refusal.reasons) count(reason, times);
  if (others && refusals.size < nodes) for (const reason of others.reasons) count(reason, nodes - refusals.size);
  return counts;
}

function sentence(counts: ReadonlyMap<string, number>): readonly string[] {
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort(byBytes);
  return texts.length === 0 ? [] : [`${texts.join(", ")}.`];
}

/** As Go's sort.Strings does. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As much of a text as an event takes. */
export function eventNote(text: string): string {
  return text.length <= NOTE_LENGTH_MAX ? text : text.slice(0, NOTE_LENGTH_MAX - CUT.length) + CUT;
}
