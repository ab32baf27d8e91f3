/** The shape of an admission plugin, and what plugins have in common. */
import type { Kind, KubeObject } from "../../../api/object.ts";
import type { ResourceInfo } from "../../../api/schema.ts";
import { goQuote } from "../../../lib/go-text.ts";
import type { Cause, Refused } from "../../../sim/answer.ts";
import type { Loop } from "../../../sim/loop.ts";
import type { TypeContext } from "../apply.ts";

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly resource: ResourceInfo;
  /** `status`, `binding`, `resize`; none for the object itself. */
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As it would be stored; none for DELETE. */
  readonly object?: KubeObject | undefined;
  /** As it is stored; none for CREATE. */
  readonly old?: KubeObject | undefined;
  readonly dryRun: boolean;
  /** Takes what the caller is to be told besides; absent when nobody listens. */
  readonly warn?: ((text: string) => void) | undefined;
}

/** What plugins may look at, and the one thing they may write: a quota's usage. */
export interface AdmissionContext {
  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined;
  /** In order of key. */
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[];
  readonly loop: Loop;
  updateStatus(object: KubeObject): void;
  /** Whether the kind's objects are in namespaces; undefined for one that is not served. */
  isNamespaced(kind: Kind): boolean | undefined;
  /** The schema that objects of this one's kind are read by. */
  typeOf(object: KubeObject): TypeContext | undefined;
  /** Names of the plugins that are left out. */
  readonly disabled: ReadonlySet<string>;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** What it is about, as `group/plural`; without it, all resources. It is not asked about others. */
  readonly resources?: readonly string[];
  /** The object changed, a refusal, or nothing. All plugins' `admit` run before any `validate`. */
  admit?(request: AdmissionRequest, context: AdmissionContext): KubeObject | Refused | undefined;
  validate?(request: AdmissionRequest, context: AdmissionContext): Refused | undefined;
}

/** Whether the request is one of these operations on the object itself, of a resource of the core group unless said otherwise. */
export function isRequestFor(request: AdmissionRequest, operations: string, resource: string, group = ""): boolean {
  return (
    operations.includes(request.operation) &&
    request.subresource === undefined &&
    request.resource.resource === resource &&
    request.resource.group === group
  );
}

/** 403: `pods "web" is forbidden: …`. @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/errors.go (NewForbidden) */
export function forbid(request: AdmissionRequest, why: string, causes?: readonly Cause[]): Refused {
  const { group, resource, kind } = request.resource;
  const meta = request.object?.metadata;
  const name = meta?.name || meta?.generateName || request.name || "Unknown";
  return {
    code: 403,
    reason: "Forbidden",
    message: `${group === "" ? resource : `${resource}.${group}`} ${goQuote(name)} is forbidden: ${why}`,
    details: { name, group, kind },
    ...(causes ? { causes } : {}),
  };
}

/** 404: `namespaces "x" not found`. */
export function notFoundAnswer(group: string, resource: string, name: string): Refused {
  return {
    code: 404,
    reason: "NotFound",
    message: `${group === "" ? resource : `${resource}.${group}`} ${goQuote(name)} not found`,
    details: { name, group, kind: resource },
  };
}

/** Several problems as Go's aggregate errors read: one alone, more in brackets, each once. */
export function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(", ")}]`;
}

/** Of objects that an annotation marks as the default: the youngest, of several equally young the first by name. */
export function youngestDefault<T extends KubeObject>(objects: readonly T[], annotations: readonly string[]): T | undefined {
  const marked = objects.filter((o) => annotations.some((a) => o.metadata.annotations?.[a] === "true"));
  const made = (o: T): number => Date.parse(o.metadata.creationTimestamp ?? "") || 0;
  return [...marked].sort((a, b) => made(b) - made(a) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}
