/**
 * Replacing an object, or its status: the stored one is looked at first, what callers cannot change stays, and a write that changes nothing
 * gives no new revision.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (Update)
 */
import type { Namespace, ObjectMeta, Service } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { semanticEqual } from "../../lib/semantic-equal.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import type { AdmissionRequest } from "./admission/plugin.ts";
import { isRefusal, mutate, validate } from "./admit.ts";
import { trackUpdate } from "./apply.ts";
import type { Core, Request } from "./core.ts";
import { schemaOf } from "./custom/decode.ts";
import { isFinalized } from "./delete.ts";
import { withExpressionErrors } from "./expression-errors.ts";
import { type FieldError, invalid } from "./field-error.ts";
import { metadataOfUpdate } from "./metadata.ts";
import type { Registered } from "./registry.ts";
import { type Allocated, allocate } from "./service-allocation.ts";
import { conflict, STALE } from "./status.ts";
import { strategyOf } from "./strategy/index.ts";
import type { Strategy } from "./strategy/strategy.ts";
import { validateStatusUpdate, validateUpdate } from "./validation/index.ts";
import { collectWarnings, type Warn } from "./warnings/collect.ts";
import { warningsOf } from "./warnings/index.ts";
import { zeroOf } from "./zero-value.ts";

type Subresource = "" | "status";
type WithStatus = KubeObject & { readonly status?: unknown };

/** Whether the object may replace the stored one: that it was made from it, and is the same. */
function checkFresh(registered: Registered, object: KubeObject, old: KubeObject): Refused | undefined {
  const { info } = registered;
  const { uid, resourceVersion, name, namespace } = object.metadata;
  if (uid && uid !== old.metadata.uid) {
    const key = ["/registry", info.resource, ...(namespace ? [namespace] : []), name].join("/");
    return conflict(
      info,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ""}`,
    );
  }
  if (resourceVersion) return resourceVersion === old.metadata.resourceVersion ? undefined : conflict(info, name, STALE);
  if (!strategyOf(registered).needsResourceVersion) return undefined;
  const error: FieldError = {
    type: "FieldValueInvalid",
    field: "metadata.resourceVersion",
    badValue: 0,
    detail: "must be specified for an update",
  };
  return invalid({ group: info.group, kind: info.resource }, name, [error]);
}

/** Replaces `old` by a decoded object with its defaults. */
export function updateObject(core: Core, registered: Registered, given: KubeObject, old: KubeObject, request: Request): Answer {
  const stale = checkFresh(registered, given, old);
  if (stale) return stale;
  return updateTracked(core, registered, track(core, registered, given, old, request, ""), old, request);
}

/** As `updateObject`, for an object whose managed fields are right already. */
export function updateTracked(core: Core, registered: Registered, given: KubeObject, old: KubeObject, request: Request): Answer {
  return collectWarnings(request, (warn) => admitAndReplace(core, registered, given, old, request, warn));
}

function admitAndReplace(core: Core, registered: Registered, given: KubeObject, old: KubeObject, request: Request, warn: Warn): Answer {
  const { info } = registered;
  const admission = admissionOf(registered, given, old, request, "", warn);
  const admitted = mutate(admission, core.admissionContext);
  if (isRefusal(admitted)) return admitted;
  const prepared = prepare(registered, admitted, old);
  const allocated = allocateFor(core, registered, prepared, old, request);
  if (allocated && "refused" in allocated) return allocated.refused;
  const object = allocated ? finishUpdate(registered, allocated.service, old) : finishUpdate(registered, prepared, old);
  const errors = request.trusted ? [] : errorsOf(registered, object, old, warn);
  if (warn && errors.length === 0) warningsOf(object, old, registered).forEach(warn);
  const refused =
    errors.length > 0 ? invalid(info, old.metadata.name, errors) : validate(changed(admission, { object }), core.admissionContext);
  if (refused) {
    allocated?.revert();
    return refused;
  }
  const answer = finish(core, registered, object, old, request);
  allocated?.commit();
  return answer;
}

/** PUT …/status: of the object only the status, labels, annotations and finalizers are taken. */
export function updateStatusOf(core: Core, registered: Registered, given: KubeObject, old: KubeObject, request: Request): Answer {
  const stale = checkFresh(registered, given, old);
  if (stale) return stale;
  const strategy = strategyOf(registered);
  const { status } = given as WithStatus;
  const metadata = registered.custom ? old.metadata : statusMetadata(given.metadata, old.metadata);
  let object = changed<WithStatus>(old, { metadata, status });
  if (strategy.prepareForStatusUpdate) object = strategy.prepareForStatusUpdate(object, old);
  if (request.trusted) return finish(core, registered, object, old, request);
  object = track(core, registered, object, old, request, "status");
  return collectWarnings(request, (warn) => admitStatus(core, registered, object, old, request, warn));
}

function errorsOf(registered: Registered, object: KubeObject, old: KubeObject, warn: Warn): readonly FieldError[] {
  const known = validateUpdate(object, old, registered.info, schemaOf(registered));
  return withExpressionErrors(registered, object, old, known, warn);
}

function admitStatus(core: Core, registered: Registered, object: KubeObject, old: KubeObject, request: Request, warn: Warn): Answer {
  const admission = admissionOf(registered, object, old, request, "status", warn);
  const admitted = mutate(admission, core.admissionContext);
  if (isRefusal(admitted)) return admitted;
  const known = validateStatusUpdate(admitted, old, registered.info, schemaOf(registered));
  const errors = withExpressionErrors(registered, admitted, old, known, warn);
  const refused =
    errors.length > 0
      ? invalid(registered.info, old.metadata.name, errors)
      : validate({ ...admission, object: admitted }, core.admissionContext);
  return refused ?? finish(core, registered, admitted, old, request);
}

/** PUT namespaces/NAME/finalize: only the finalizers of the spec are taken. */
export function finalizeNamespace(core: Core, registered: Registered, given: Namespace, old: Namespace, request: Request): Answer {
  const stale = checkFresh(registered, given, old);
  if (stale) return stale;
  const { finalizers } = given.spec ?? {};
  const object: Namespace = { ...old, spec: finalizers?.length ? { finalizers } : {} };
  return finish(core, registered, object, old, request);
}

function statusMetadata(given: ObjectMeta, old: ObjectMeta): ObjectMeta {
  if (given.labels === old.labels && given.annotations === old.annotations && given.finalizers === old.finalizers) return old;
  return changed(old, { labels: given.labels, annotations: given.annotations, finalizers: given.finalizers });
}

function admissionOf(
  { info }: Registered,
  object: KubeObject,
  old: KubeObject,
  request: Request,
  subresource: Subresource,
  warn: Warn,
): AdmissionRequest & { readonly object: KubeObject } {
  const { name, namespace } = old.metadata;
  return {
    operation: "UPDATE",
    resource: info,
    subresource: subresource === "" ? undefined : subresource,
    namespace: namespace || undefined,
    name,
    object,
    old,
    dryRun: request.dryRun,
    warn,
  };
}

function prepare(registered: Registered, given: KubeObject, old: KubeObject): KubeObject {
  const metadata = metadataOfUpdate(given.metadata, old.metadata);
  if (!registered.hasStatus) return changed(given, { metadata });
  const { status } = old as WithStatus;
  const { status: _, ...rest } = given as WithStatus;
  return Object.assign(rest, status === undefined ? { metadata } : { metadata, status });
}

function finishUpdate(registered: Registered, object: KubeObject, old: KubeObject): KubeObject {
  const strategy = strategyOf(registered);
  const prepared = strategy.prepareForUpdate ? strategy.prepareForUpdate(object, old) : object;
  const { generation } = strategy;
  if ((generation !== "counted" && generation !== "changes") || !isChanged(prepared, old, strategy)) return prepared;
  return changed(prepared, { metadata: changed(prepared.metadata, { generation: (old.metadata.generation ?? 0) + 1 }) });
}

/** Whether anything but metadata and status changed, or what the kind counts besides. */
function isChanged(object: KubeObject, old: KubeObject, strategy: Strategy): boolean {
  const a = object as unknown as Readonly<Record<string, unknown>>;
  const b = old as unknown as Readonly<Record<string, unknown>>;
  for (const field in a) if (field !== "metadata" && field !== "status" && !semanticEqual(a[field], b[field])) return true;
  for (const field in b)
    if (!(field in a) && field !== "metadata" && field !== "status" && !semanticEqual(undefined, b[field])) return true;
  return strategy.changes?.(object, old) ?? false;
}

function allocateFor(
  core: Core,
  registered: Registered,
  object: KubeObject,
  old: KubeObject,
  request: Request,
): Allocated | { readonly refused: Refused } | undefined {
  if (registered.id !== "/Service") return undefined;
  const check = (service: Service): readonly FieldError[] => validateUpdate(service, old, registered.info);
  return allocate(object as Service, old as Service, core.addresses, registered.info, check, request.dryRun);
}

/** Stores the object, which was made for it, or takes it out when the update took off the last finalizer. */
function finish(core: Core, registered: Registered, object: KubeObject, old: KubeObject, request: Request): Answer {
  if (request.dryRun) return { code: 200, object };
  if (isFinalized(object, old)) {
    core.remove(registered, object);
    return { code: 200, object };
  }
  if (isNoChange(object, old)) return { code: 200, object: old };
  return { code: 200, object: core.put(registered, object, old, true) };
}

/** A change of nothing but the times of managed fields is none. */
function isNoChange(object: KubeObject, old: KubeObject): boolean {
  if (object === old) return true;
  if (!equalBut(object, old, IN_METADATA)) return false;
  const { metadata: a } = object;
  const { metadata: b } = old;
  if (a === b) return true;
  const bare = ({ managedFields }: ObjectMeta): unknown => managedFields?.map(({ time: _, ...entry }) => entry);
  return equalBut(a, b, COUNTED) && (a.managedFields === b.managedFields || deepEqual(bare(a), bare(b)));
}

const IN_METADATA: ReadonlySet<string> = new Set(["metadata"]);
const COUNTED: ReadonlySet<string> = new Set(["managedFields", "resourceVersion"]);

/** Whether all members are equal, some left aside. */
function equalBut<T extends object>(a: T, b: T, aside: ReadonlySet<string>): boolean {
  for (const name in a) if (!aside.has(name) && !deepEqual(a[name], b[name])) return false;
  for (const name in b) if (!aside.has(name) && !(name in a) && b[name] !== undefined) return false;
  return true;
}

/**
 * Simplified: of components' writes only changes outside the status are tracked, and only of objects whose fields were tracked before.
 */
function track(
  core: Core,
  registered: Registered,
  object: KubeObject,
  old: KubeObject,
  request: Request,
  subresource: Subresource,
): KubeObject {
  if (request.trusted && old.metadata.managedFields === undefined) return object;
  const writer = { manager: request.manager, apiVersion: registered.apiVersion, subresource, time: core.now() };
  return trackUpdate(old, object, writer, registered, zeroOf(registered.info.schema, registered.schemas, "nulls"));
}
