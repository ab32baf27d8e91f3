/** The objects that a binding hands to its policy. @see kubernetes …/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go (CollectParams) */
import type { ParamKind, ParamRef } from "../../../../../generated/v1.36/model.ts";
import { type KubeObject, kindOf } from "../../../../api/object.ts";
import { matchesSelector } from "../../../../lib/labels.ts";
import type { AdmissionContext, AdmissionRequest } from "../plugin.ts";

type Params = { readonly params: readonly (KubeObject | undefined)[] } | { readonly error: string };

/** Nothing is the one parameter of a policy that wants none. */
const NONE: Params = { params: [undefined] };

export function collectParams(
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  request: AdmissionRequest,
  context: AdmissionContext,
): Params {
  if (!kind || !ref) return NONE;
  const of = kindOf(kind.apiVersion ?? "", kind.kind ?? "");
  const scope = context.isNamespaced(of);
  if (scope === undefined) return { error: `paramKind kind \`${kind.apiVersion}, Kind=${kind.kind}\` not known` };
  if (!scope && ref.namespace) return { error: "paramRef.namespace must not be provided for a cluster-scoped `paramKind`" };
  const namespace = scope ? ref.namespace || request.namespace : undefined;
  if (scope && !namespace) return { error: "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources" };
  if (ref.name && ref.selector) return { error: "paramRef.name and paramRef.selector are mutually exclusive" };
  let params: readonly KubeObject[];
  if (ref.name) {
    const found = context.get(of, ref.name, namespace);
    params = found ? [found] : [];
  } else if (ref.selector) params = context.list(of, namespace).filter((o) => matchesSelector(ref.selector, o.metadata.labels));
  else return { error: "one of name or selector must be provided" };
  if (params.length === 0 && ref.parameterNotFoundAction === "Deny")
    return { error: "no params found for policy binding with `Deny` parameterNotFoundAction" };
  return { params };
}
