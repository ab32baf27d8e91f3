/** What expressions of policies may look at. @see kubernetes …/apiserver/pkg/admission/plugin/cel/activation.go, composition.go */
import type { Variable } from "../../../../../generated/v1.36/model.ts";
import { NAMESPACE } from "../../../../api/kinds.ts";
import type { KubeObject } from "../../../../api/object.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { AUTHORIZER } from "../../cel/library/authorizer.ts";
import { CelError } from "../../cel/library/registrar.ts";
import { compile, type Outcome } from "../../cel/program.ts";
import { toCel } from "../../cel/values.ts";
import type { AdmissionContext, AdmissionRequest } from "../plugin.ts";

export const VARIABLES = ["object", "oldObject", "request", "params", "namespaceObject", "authorizer", "variables"] as const;

type Values = Readonly<Record<string, unknown>>;

/** Simplified: every request is said to be that of one administrator. */
const USER = { username: "kubernetes-admin", uid: "", groups: ["system:masters", "system:authenticated"], extra: {} };

/** All but the parameters: the same for all policies. */
export function valuesOf(request: AdmissionRequest, context: AdmissionContext): Values {
  const { resource, subresource = "", operation, namespace = "", name } = request;
  const { group, version } = resource;
  const isNamespace = group === "" && resource.resource === "namespaces";
  const of = namespace === "" || isNamespace ? undefined : context.get(NAMESPACE, namespace);
  const kind = { group, version, kind: resource.kind };
  const what = { group, version, resource: resource.resource };
  return {
    object: toCel(request.object),
    oldObject: toCel(request.old),
    namespaceObject: toCel(of),
    authorizer: AUTHORIZER,
    request: toCel({
      kind,
      resource: what,
      subResource: subresource,
      requestKind: kind,
      requestResource: what,
      requestSubResource: subresource,
      name: name ?? request.object?.metadata.name ?? "",
      namespace,
      operation,
      userInfo: USER,
      dryRun: request.dryRun,
      options: {},
    }),
  };
}

/** With the parameters and the policy's own variables, each evaluated when it is first asked for. */
export function withVariables(values: Values, params: KubeObject | undefined, variables: readonly Variable[] = []): Values {
  const own: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const all: Values = { ...values, params: toCel(params), variables: own };
  for (const { name, expression } of variables) {
    let known: Outcome | undefined;
    const get = (): unknown => {
      known ??= evaluate(expression, all);
      if ("error" in known) throw new CelError(`composited variable ${goQuote(name)} fails to evaluate: ${known.error}`);
      return known.value;
    };
    Object.defineProperty(own, name, { get, enumerable: true });
  }
  return all;
}

export function evaluate(expression: string, values: Values): Outcome {
  const compiled = compile(expression, VARIABLES);
  return "error" in compiled ? { error: `compilation error: ${compiled.error}`, steps: 0 } : compiled.program.run(values);
}
