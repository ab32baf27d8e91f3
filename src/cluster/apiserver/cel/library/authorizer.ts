/**
 * `authorizer`: whether the caller may do something else.
 * Simplified: everyone may do everything, as everywhere in the simulation.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/cel/library/authz.go
 */
import type { Library } from "./registrar.ts";

class CelAuthorizer {
  /** Asks about the resource of the request itself. */
  get requestResource(): CelAuthorizer {
    return this;
  }
}

export const AUTHORIZER: object = new CelAuthorizer();

const TYPE = "kubernetes.authorization.Authorizer";

export const authorization: Library = ({ add, type }) => {
  type(TYPE, CelAuthorizer, { requestResource: "dyn" });
  const narrower = ["path(string)", "group(string)", "resource(string)", "subresource(string)", "namespace(string)", "name(string)"];
  for (const method of [...narrower, "serviceAccount(string, string)", "check(string)", "fieldSelector(string)", "labelSelector(string)"])
    add(`${TYPE}.${method}: ${TYPE}`, () => AUTHORIZER);
  add(`${TYPE}.allowed(): bool`, () => true);
  add(`${TYPE}.errored(): bool`, () => false);
  add(`${TYPE}.reason(): string`, () => "");
  add(`${TYPE}.error(): string`, () => "");
};
