/** What the status of a namespace that goes away says. @see kubernetes pkg/controller/namespace/deletion/status_condition_utils.go */
import type { NamespaceCondition } from "../../../generated/v1.36/model.ts";
import { conditionOf } from "./conditions.ts";

/** What is left in the namespace: how many by `resource.group`, how many by finalizer, and what the server refused to delete. */
export interface Remains {
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

interface Said {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

function listed(counts: ReadonlyMap<string, number>, text: (name: string, count: number) => string): string {
  return [...counts]
    .map(([name, count]) => text(name, count))
    .sort()
    .join(", ");
}

function said({ resources, finalizers, failures }: Remains): readonly Said[] {
  const fine = (type: string, reason: string, message: string): Said => ({ type, status: "False", reason, message });
  const bad = (type: string, reason: string, message: string): Said => ({ type, status: "True", reason, message });
  const contents = listed(resources, (name, n) => `${name} has ${n} resource instances`);
  const held = listed(finalizers, (name, n) => `${name} in ${n} resource instances`);
  return [
    fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    fine("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
    failures.length > 0
      ? bad(
          "NamespaceDeletionContentFailure",
          "ContentDeletionFailed",
          `Failed to delete all resource types, ${failures.length} remaining: ${[...failures].sort().join(", ")}`,
        )
      : fine("NamespaceDeletionContentFailure", "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
    contents !== ""
      ? bad("NamespaceContentRemaining", "SomeResourcesRemain", `Some resources are remaining: ${contents}`)
      : fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    held !== ""
      ? bad("NamespaceFinalizersRemaining", "SomeFinalizersRemain", `Some content in the namespace has finalizers remaining: ${held}`)
      : fine("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
  ];
}

/** The conditions after a round; the same list when nothing changed. */
export function namespaceConditions(
  before: readonly NamespaceCondition[],
  remains: Remains,
  timestamp: string,
): readonly NamespaceCondition[] {
  let out = before;
  for (const now of said(remains)) {
    const known = conditionOf(out, now.type);
    if (known && known.status === now.status && known.reason === now.reason && known.message === now.message) continue;
    const lastTransitionTime = known?.status === now.status ? known.lastTransitionTime : timestamp;
    const next: NamespaceCondition = { ...now, lastTransitionTime };
    out = known ? out.map((c) => (c === known ? next : c)) : [...out, next];
  }
  return out;
}
