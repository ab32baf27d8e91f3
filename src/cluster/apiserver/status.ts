/**
 * Refusals, as metav1.Status. One function a reason; the texts are those of the real server.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go
 */
import type { KubeObject } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import { goQuote } from "../../lib/go-text.ts";
import type { Cause, Refused } from "../../sim/answer.ts";

type GroupResource = Pick<ResourceInfo, "group" | "resource">;

/** `deployments.apps`, `pods`. */
function qualified(of: GroupResource): string {
  return of.group === "" ? of.resource : `${of.resource}.${of.group}`;
}

const about = (of: GroupResource, name: string): NonNullable<Refused["details"]> =>
  of.group === "" ? { name, kind: of.resource } : { name, group: of.group, kind: of.resource };

export function notFound(of: GroupResource, name: string): Refused {
  return { code: 404, reason: "NotFound", message: `${qualified(of)} ${goQuote(name)} not found`, details: about(of, name) };
}

export function alreadyExists(of: GroupResource, name: string, stored: KubeObject, generated: boolean): Refused {
  const text = `${qualified(of)} ${goQuote(name)} already exists`;
  const message = generated
    ? `${text}, the server was not able to generate a unique name for the object`
    : stored.metadata.deletionTimestamp
      ? `object is being deleted: ${text}`
      : text;
  return { code: 409, reason: "AlreadyExists", message, details: about(of, name) };
}

export function conflict(of: GroupResource, name: string, why: string): Refused {
  return {
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualified(of)} ${goQuote(name)}: ${why}`,
    details: about(of, name),
  };
}

export const STALE: string = "the object has been modified; please apply your changes to the latest version and try again";

/** Fields that other managers own. */
export function applyConflict(message: string, causes: readonly Cause[]): Refused {
  return { code: 409, reason: "Conflict", message, causes };
}

export function badRequest(message: string): Refused {
  return { code: 400, reason: "BadRequest", message };
}

export function methodNotAllowed(of: GroupResource, action: string): Refused {
  return {
    code: 405,
    reason: "MethodNotAllowed",
    message: `${action} is not supported on resources of kind ${goQuote(qualified(of))}`,
    details: of.group === "" ? { kind: of.resource } : { group: of.group, kind: of.resource },
  };
}

export function internalError(why: string): Refused {
  return {
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${why}`,
    causes: [{ reason: "", field: "", message: why }],
  };
}

/** An error that the real server does not wrap: no reason, just a text. */
export function plainError(message: string): Refused {
  return { code: 500, reason: "", message };
}

/** A subresource that the kind does not have. */
export const NO_SUCH_RESOURCE: Refused = { code: 404, reason: "NotFound", message: "the server could not find the requested resource" };

/** The kind is not served. The words are those of kubectl, which finds out before it sends anything. */
export function noMatch(apiVersion: string, kind: string, name: string, namespace: string): Refused {
  return {
    code: 404,
    reason: "NotFound",
    message:
      `resource mapping not found for name: ${goQuote(name)} namespace: ${goQuote(namespace)}: ` +
      `no matches for kind ${goQuote(kind)} in version ${goQuote(apiVersion)}\nensure CRDs are installed first`,
    details: { name, kind },
  };
}
