/**
 * `kubectl apply` of an object that carries the annotation with what was applied last: fields that have left the manifest since then go.
 * @see kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/patcher.go
 */
import type { Unchecked } from "../../api/object.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import type { Answer } from "../../sim/answer.ts";
import type { Core } from "./core.ts";
import { copyFreeForm } from "./decode-free-form.ts";
import { requestNamespace } from "./metadata.ts";
import { threeWayPatch } from "./patch/three-way.ts";
import { patchObject } from "./patch-request.ts";
import { findKind } from "./read-object.ts";
import { isMap, type JsonMap } from "./typed.ts";
import { upgraded } from "./upgrade.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const MANAGER = "kubectl-client-side-apply";

/** Undefined when the object is not there, or was never applied in this way. */
export function applyClientSide(core: Core, input: Unchecked): Answer | undefined {
  const json = copyFreeForm(input);
  if (!isMap(json) || !isMap(json["metadata"])) return undefined;
  const given = upgraded(json) as JsonMap & { readonly metadata: JsonMap };
  const registered = findKind(core, given);
  if ("code" in registered) return undefined;
  const { name, namespace: own } = given.metadata;
  if (typeof name !== "string" || name === "") return undefined;
  const namespace = requestNamespace(registered.info, undefined, typeof own === "string" ? own : undefined);
  const old = core.store.get(registered.id, name, namespace);
  const original = lastApplied(old?.metadata.annotations?.[LAST_APPLIED]);
  if (!old || !original) return undefined;
  const field = registered.custom ? undefined : registered.root;
  const patch = threeWayPatch(original, withLastApplied(given), field, registered.schemas);
  const type = registered.custom ? "merge" : "strategic";
  const request = { dryRun: false, trusted: false, manager: MANAGER };
  return patchObject(core, registered, old, patch, { type, fieldValidation: "Strict" }, request);
}

/** Without the annotation itself: kubectl keeps it out of what it writes down. What cannot be read counts as nothing applied. */
function lastApplied(text: string | undefined): JsonMap | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? withAnnotation(value, undefined) : undefined;
  } catch {
    return undefined;
  }
}

function withLastApplied(given: JsonMap): JsonMap {
  return withAnnotation(given, `${canonicalJson(withAnnotation(given, undefined))}\n`);
}

/** Also where there are no annotations: kubectl writes down an empty map. */
function withAnnotation(object: JsonMap, value: string | undefined): JsonMap {
  const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
  const { [LAST_APPLIED]: _, ...others } = isMap(metadata["annotations"]) ? metadata["annotations"] : {};
  const annotations = value === undefined ? others : { ...others, [LAST_APPLIED]: value };
  return { ...object, metadata: { ...metadata, annotations } };
}
