/**
 * What a delete does to an object: it goes, or it is marked as going and waits for its finalizers or its grace period.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go (BeforeDelete)
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (Delete)
 */
import type { Namespace, ObjectMeta } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import type { DeleteOptions } from "../../sim/client.ts";
import type { Loop } from "../../sim/loop.ts";
import type { Strategy } from "./strategy/strategy.ts";

/** The garbage collector takes it off when the dependents no longer point here. */
const ORPHAN = "orphan";
/** The garbage collector takes it off when the dependents that block are gone. */
const FOREGROUND = "foregroundDeletion";

export type Deletion =
  | { readonly action: "remove"; readonly object: KubeObject }
  | { readonly action: "mark"; readonly object: KubeObject }
  /** It is going already. */
  | { readonly action: "nothing"; readonly object: KubeObject };

export function decideDelete(object: KubeObject, strategy: Strategy, options: DeleteOptions, loop: Loop): Deletion {
  if (isNamespace(object) && (object.spec.finalizers?.length ?? 0) > 0) return deleteNamespace(object, options, loop);
  const { deletionTimestamp } = object.metadata;
  let marked = object;
  let seconds = 0;
  if (strategy.gracePeriodSeconds) {
    const asked = options.gracePeriodSeconds;
    const pending = deletionTimestamp === undefined ? 0 : (object.metadata.deletionGracePeriodSeconds ?? 0);
    if (deletionTimestamp === undefined) {
      seconds = strategy.gracePeriodSeconds(object, asked);
      marked = markGoing(object, seconds, loop.timestamp(loop.now() + seconds * 1000));
    } else if (pending > 0) {
      // What is going gracefully can only be made to go sooner.
      const sooner = asked === undefined ? undefined : asked < 0 ? 1 : asked;
      if (sooner === undefined || sooner >= pending) return { action: "nothing", object };
      seconds = sooner;
      const atMs = loop.instantOf(deletionTimestamp) - pending * 1000 + sooner * 1000;
      marked = withMeta(object, { deletionTimestamp: loop.timestamp(atMs), deletionGracePeriodSeconds: sooner });
    }
  }
  const finalizers = finalizersFor(object, strategy, options);
  if (finalizers.length > 0) {
    const going = seconds > 0 ? marked : markGoing(marked, 0, loop.timestamp());
    return { action: "mark", object: withMeta(going, { finalizers }) };
  }
  return seconds > 0 ? { action: "mark", object: withFinalizers(marked, finalizers) } : { action: "remove", object: marked };
}

/** A first mark counts as a generation. */
function markGoing(object: KubeObject, seconds: number, at: string): KubeObject {
  const { deletionTimestamp, generation } = object.metadata;
  if (deletionTimestamp !== undefined)
    return withMeta(object, { deletionGracePeriodSeconds: seconds, deletionTimestamp: at < deletionTimestamp ? at : deletionTimestamp });
  return withMeta(object, {
    deletionTimestamp: at,
    deletionGracePeriodSeconds: seconds,
    ...(generation ? { generation: generation + 1 } : {}),
  });
}

/** What the cascade asks for; without one what the object has already, else what its kind does. */
function finalizersFor(object: KubeObject, strategy: Strategy, { cascade }: DeleteOptions): readonly string[] {
  const before = object.metadata.finalizers ?? [];
  const orphan =
    cascade === undefined
      ? before.includes(ORPHAN) || (strategy.orphansByDefault === true && !before.includes(FOREGROUND))
      : cascade === "orphan";
  const foreground = cascade === undefined ? before.includes(FOREGROUND) && !orphan : cascade === "foreground";
  const others = before.filter((f) => f !== ORPHAN && f !== FOREGROUND);
  if (orphan) return [...others, ORPHAN];
  return foreground ? [...others, FOREGROUND] : others;
}

function isNamespace(object: KubeObject): object is Namespace {
  return object.kind === "Namespace" && object.apiVersion === "v1";
}

/** A namespace is Terminating until the namespace controller has emptied it. @see kubernetes pkg/registry/core/namespace/storage/storage.go */
function deleteNamespace(namespace: Namespace, options: DeleteOptions, loop: Loop): Deletion {
  if (namespace.metadata.deletionTimestamp !== undefined) return { action: "nothing", object: namespace };
  const finalizers = finalizersFor(namespace, {}, options);
  const metadata: ObjectMeta = { ...namespace.metadata, deletionTimestamp: loop.timestamp() };
  const object: Namespace = {
    ...namespace,
    metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata,
    status: { ...namespace.status, phase: "Terminating" },
  };
  return { action: "mark", object };
}

/** Whether an update of an object that is going takes away the last thing it waited for. */
export function isFinalized(object: KubeObject, old: KubeObject): boolean {
  if (old.metadata.deletionTimestamp === undefined || (object.metadata.finalizers?.length ?? 0) > 0) return false;
  if (isNamespace(object) && (object.spec?.finalizers?.length ?? 0) > 0) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

function withMeta(object: KubeObject, change: Partial<ObjectMeta>): KubeObject {
  return changed(object, { metadata: changed(object.metadata, change) });
}

function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  if (finalizers.length > 0) return withMeta(object, { finalizers });
  if (object.metadata.finalizers === undefined) return object;
  const { finalizers: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
