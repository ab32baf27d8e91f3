/**
 * Who manages what: a controller takes the objects that its selector matches and that nobody manages, and lets go of those that no longer match.
 * @see kubernetes pkg/controller/controller_ref_manager.go
 */
import { controllerOf, controllerRef, type Kind, type KubeObject } from "../../api/object.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";

/** Adds the index of objects that nobody manages, by namespace. */
export function indexOrphans<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex("orphan", (o) => (controllerOf(o) ? [] : [o.metadata.namespace ?? ""]));
}

/** `keep`: managed already; `adopt`: take it; `release`: let it go; `leave`: not ours. */
export type Claim = "keep" | "adopt" | "release" | "leave";

/**
 * | managed by   | selector matches | owner is going | object is going | |
 * |---|---|---|---|---|
 * | another      | -   | -   | -   | leave |
 * | this owner   | yes | -   | -   | keep |
 * | this owner   | no  | no  | -   | release |
 * | this owner   | no  | yes | -   | leave |
 * | nobody       | yes | no  | no  | adopt |
 * | nobody       | otherwise ||| leave |
 */
export function claimOf(owner: KubeObject, object: KubeObject, matches: boolean): Claim {
  const manager = controllerOf(object);
  const ownerGoing = owner.metadata.deletionTimestamp !== undefined;
  if (manager) {
    if (manager.uid !== owner.metadata.uid) return "leave";
    if (matches) return "keep";
    return ownerGoing ? "leave" : "release";
  }
  return matches && !ownerGoing && object.metadata.deletionTimestamp === undefined ? "adopt" : "leave";
}

/** The objects that `owner` manages after adoption and release; `retry` when the server refused one of these. */
export function claim<T extends KubeObject>(
  context: ComponentContext,
  informer: Informer<T>,
  kind: Kind<T>,
  owner: KubeObject,
  matches: (object: T) => boolean,
  wanted: (object: T) => boolean = () => true,
): { readonly owned: readonly T[]; readonly retry: boolean } {
  const owned: T[] = [];
  let retry = false;
  const managed = informer.controlledBy(owner.metadata.uid ?? "");
  const orphans = informer.by("orphan", owner.metadata.namespace ?? "");
  const look = (object: T): void => {
    if (!wanted(object)) return;
    const what = claimOf(owner, object, matches(object));
    if (what === "keep") owned.push(object);
    else if (what === "adopt" || what === "release") {
      const others = (object.metadata.ownerReferences ?? []).filter((r) => r.uid !== owner.metadata.uid);
      const ownerReferences = what === "adopt" ? [...others, controllerRef(owner)] : others.length > 0 ? others : null;
      const { name, namespace } = object.metadata;
      const answer = context.client.patch(kind, name, namespace, { metadata: { uid: object.metadata.uid, ownerReferences } });
      if (!isRefused(answer)) {
        if (what === "adopt") owned.push(answer.object);
      } else if (answer.reason !== "NotFound") retry = true;
    }
  };
  managed.forEach(look);
  orphans.forEach(look);
  return { owned, retry };
}
