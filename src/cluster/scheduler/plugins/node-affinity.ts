/**
 * `nodeSelector` and required node affinity must both hold; the weights of matching preferred terms add up.
 * @see kubernetes pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
 */
import type { Node, NodeSelector, NodeSelectorTerm, PreferredSchedulingTerm } from "../../../../generated/v1.36/model.ts";
import { normalizeByMax, type Plugin, type PreFilterResult, refusal, SKIP } from "../framework.ts";
import { matchesRequiredNodes } from "../node-match.ts";
import type { PodShape } from "../pod-info.ts";
import { matchesNodeSelector, matchesNodeTerm, type SelectableNode } from "../selectors.ts";

const NAME = "NodeAffinity";
const REFUSED = refusal(NAME, "node(s) didn't match Pod's node affinity/selector", false);
const NOT_ENFORCED = refusal(NAME, "node(s) didn't match scheduler-enforced node affinity", false);
const CONFLICT = refusal(NAME, "pod affinity terms conflict", false);

/** What holds for every Pod of the profile, beside its own affinity. */
export interface AddedAffinity {
  readonly required: NodeSelector | undefined;
  readonly preferred: readonly PreferredSchedulingTerm[];
}

const NOTHING_ADDED: AddedAffinity = { required: undefined, preferred: [] };

export function nodeAffinity(added: AddedAffinity = NOTHING_ADDED): Plugin<PodShape, readonly PreferredSchedulingTerm[]> {
  const enforced = (node: SelectableNode): boolean => !added.required || matchesNodeSelector(added.required, node);
  const preferred = (shape: PodShape): readonly PreferredSchedulingTerm[] =>
    added.preferred.length === 0 ? shape.preferredNodes : [...added.preferred, ...shape.preferredNodes];
  return {
    name: NAME,
    local: true,
    preFilter({ pod: { shape } }): PreFilterResult<PodShape> {
      if (!shape.nodeSelector && !shape.requiredNodes && !added.required) return SKIP;
      const nodes = namedNodes(shape.requiredNodes?.nodeSelectorTerms ?? []);
      if (!nodes) return { state: shape };
      return nodes.size === 0 ? { refusal: CONFLICT } : { state: shape, nodes };
    },
    filter(shape, _, node) {
      if (!enforced(node)) return NOT_ENFORCED;
      return matchesRequiredNodes(shape, node) ? undefined : REFUSED;
    },
    preScore({ pod: { shape } }) {
      const terms = preferred(shape);
      return terms.length === 0 ? SKIP : terms;
    },
    score: (terms, _, node) => preferenceOf(terms, node),
    normalize: (scores, feasible) => normalizeByMax(scores, feasible.length, false),
    wakes(event, { shape }) {
      const fits = ({ metadata: { name, labels = {} } }: Node): boolean =>
        enforced({ name, labels }) && matchesRequiredNodes(shape, { name, labels });
      if (event.type === "node-added") return fits(event.node);
      return event.type === "node-updated" && fits(event.node) && !fits(event.before);
    },
  };
}

function preferenceOf(terms: readonly PreferredSchedulingTerm[], node: SelectableNode): number {
  let sum = 0;
  for (const { weight, preference } of terms) if (matchesNodeTerm(preference, node)) sum += weight;
  return sum;
}

/**
 * The only nodes that can match, when every term names nodes by `metadata.name`; `undefined` when some term does not.
 * Terms are alternatives (union), the fields of one term must all hold (intersection).
 */
function namedNodes(terms: readonly NodeSelectorTerm[]): Set<string> | undefined {
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    let ofTerm: readonly string[] | undefined;
    for (const r of term.matchFields ?? []) {
      if (r.key !== "metadata.name" || r.operator !== "In") continue;
      const values = r.values ?? [];
      ofTerm = ofTerm ? ofTerm.filter((name) => values.includes(name)) : values;
    }
    if (!ofTerm) return undefined;
    for (const name of ofTerm) names.add(name);
  }
  return names;
}
