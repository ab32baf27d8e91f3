/** PATCH of a stored object with a patch document. @see kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go */
import type { Namespace } from "../../../generated/v1.36/model.ts";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import { goPlain } from "../../lib/go-value.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import type { WriteOptions } from "../../sim/client.ts";
import type { Core, Request } from "./core.ts";
import { copyFreeForm } from "./decode-free-form.ts";
import { applyDefaults } from "./defaults/index.ts";
import { type JsonPatchOperation, jsonPatch } from "./patch/json-patch.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import { strategicMergePatch } from "./patch/strategic-merge.ts";
import { decodeAs, withWarnings } from "./read-object.ts";
import type { Registered } from "./registry.ts";
import { badRequest, NO_SUCH_RESOURCE } from "./status.ts";
import { isMap } from "./typed.ts";
import { finalizeNamespace, updateObject, updateStatusOf } from "./update.ts";

export interface PatchOptions extends WriteOptions {
  readonly subresource?: "status" | "finalize";
  /** Default: JSON merge patch. */
  readonly type?: "merge" | "json" | "strategic";
}

export function patchObject(
  core: Core,
  registered: Registered,
  old: KubeObject,
  patch: unknown,
  options: PatchOptions,
  request: Request,
): Answer {
  const isKnown = request.trusted && options.type === undefined;
  // The patch of a component is known to be JSON.
  const document = isKnown ? patch : copyFreeForm(patch);
  if (document === undefined) return badRequest("error decoding patch: exceeded max depth");
  const patched = applyPatch(registered, old, document, options.type ?? "merge");
  if ("refused" in patched) return patched.refused;
  if (!isMap(patched.value)) return notAnObject(registered, patched.value);
  const { apiVersion, kind } = patched.value;
  const saysKind = apiVersion === old.apiVersion && kind === old.kind;
  const value: Unchecked = saysKind
    ? patched.value
    : { ...patched.value, apiVersion: apiVersion ?? old.apiVersion, kind: kind ?? old.kind };
  if (value["apiVersion"] !== old.apiVersion || value["kind"] !== old.kind) return otherKind(value, old);
  const decoded = isKnown
    ? { object: value as unknown as KubeObject, warnings: [] }
    : decodeAs(registered, value, options.fieldValidation ?? "Warn");
  if ("refused" in decoded) return decoded.refused;
  const { object } = decoded;
  const { name, namespace } = old.metadata;
  if (object.metadata?.name !== name || object.metadata.namespace !== namespace)
    return badRequest(`the name of the object (${object.metadata?.name ?? ""}) does not match the name on the URL (${name})`);
  return withWarnings(write(core, registered, object, old, options.subresource, request), decoded.warnings);
}

/** What a patch leaves is decoded as what it was; another kind cannot be. */
function otherKind({ apiVersion, kind }: Unchecked, old: KubeObject): Refused {
  const [what, is, was] = apiVersion === old.apiVersion ? ["kind", kind, old.kind] : ["API version", apiVersion, old.apiVersion];
  return badRequest(`the ${what} in the data (${goPlain(is)}) does not match the expected ${what} (${was})`);
}

function notAnObject({ info }: Registered, value: unknown): Refused {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : value === null ? "null" : typeof value;
  return badRequest(`json: cannot unmarshal ${type} into Go value of type ${info.version}.${info.kind}`);
}

function write(
  core: Core,
  registered: Registered,
  object: KubeObject,
  old: KubeObject,
  subresource: PatchOptions["subresource"],
  request: Request,
): Answer {
  if (subresource === "status" && registered.hasStatus) return updateStatusOf(core, registered, object, old, request);
  if (subresource === "finalize" && registered.id === "/Namespace")
    return finalizeNamespace(core, registered, object as Namespace, old as Namespace, request);
  if (subresource !== undefined) return NO_SUCH_RESOURCE;
  return updateObject(core, registered, request.trusted ? object : applyDefaults(object), old, request);
}

function isOperation(value: unknown): value is JsonPatchOperation {
  if (!isMap(value)) return false;
  const { op, path, from } = value;
  return typeof op === "string" && typeof path === "string" && (from === undefined || typeof from === "string");
}

function applyPatch(
  registered: Registered,
  old: KubeObject,
  patch: unknown,
  type: "merge" | "json" | "strategic",
): { value: unknown } | { refused: Refused } {
  if (type === "merge") return { value: mergePatch(old, patch) };
  if (type === "strategic") {
    if (registered.custom)
      return {
        refused: {
          code: 415,
          reason: "UnsupportedMediaType",
          message:
            "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
        },
      };
    const result = strategicMergePatch(old, patch, registered.root, registered.schemas);
    return "error" in result ? { refused: badRequest(result.error) } : result;
  }
  if (!Array.isArray(patch) || !patch.every(isOperation)) return { refused: badRequest("a JSON patch is a list of operations") };
  const result = jsonPatch(old, patch);
  return "error" in result
    ? {
        refused: {
          code: 422,
          reason: "Invalid",
          message: `the server rejected our request due to an error in our request`,
          causes: [{ reason: "", field: "", message: result.error }],
        },
      }
    : result;
}
