/**
 * Creating an object: managed fields → mutating admission → what its kind fills in → validation → validating admission → store.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (Create)
 */
import type { CustomResourceDefinition, Service } from "../../../generated/v1.36/model.ts";
import type { KubeObject, ObjectMeta, Unchecked } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import { uuidOf } from "../../lib/random.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import type { AdmissionRequest } from "./admission/plugin.ts";
import { isRefusal, mutate, validate } from "./admit.ts";
import { trackUpdate } from "./apply.ts";
import type { Core, Request } from "./core.ts";
import { schemaOf } from "./custom/decode.ts";
import { withExpressionErrors } from "./expression-errors.ts";
import { invalid } from "./field-error.ts";
import { metadataOfNew } from "./metadata.ts";
import type { Registered } from "./registry.ts";
import { type Allocated, allocate } from "./service-allocation.ts";
import { alreadyExists } from "./status.ts";
import { establishedStatus } from "./strategy/custom-resources.ts";
import { strategyOf } from "./strategy/index.ts";
import { validateServiceAddresses } from "./validation/core/service.ts";
import { validateCreate } from "./validation/index.ts";
import { collectWarnings, type Warn } from "./warnings/collect.ts";
import { warningsOf } from "./warnings/index.ts";
import { zeroOf } from "./zero-value.ts";

/** Names tried when a generated one is taken. */
const NAME_ATTEMPTS_MAX = 8;

/** Creates a decoded object with its defaults, in the namespace of the request. */
export function createObject(core: Core, registered: Registered, given: KubeObject, request: Request): Answer {
  const tracked = request.trusted || !core.tracksFields ? withoutManagers(given) : track(core, registered, given, request);
  return createTracked(core, registered, tracked, request);
}

/** As `createObject`, for an object whose managed fields are right already. */
export function createTracked(core: Core, registered: Registered, given: KubeObject, request: Request): Answer {
  return collectWarnings(request, (warn) => admitAndStore(core, registered, given, request, warn));
}

function admitAndStore(core: Core, registered: Registered, given: KubeObject, request: Request, warn: Warn): Answer {
  const { info } = registered;
  const { name, namespace } = given.metadata;
  const admission: AdmissionRequest & { object: KubeObject } = {
    operation: "CREATE",
    resource: info,
    namespace: namespace || undefined,
    name: name || undefined,
    object: given,
    dryRun: request.dryRun,
    warn,
  };
  const admitted = mutate(admission, core.admissionContext);
  if (isRefusal(admitted)) return admitted;
  const prefix = admitted.metadata.name ? undefined : admitted.metadata.generateName;
  if (prefix === undefined || prefix === "") {
    const nameless = !admitted.metadata.name && strategyOf(registered).namesNameless;
    const own = nameless
      ? uuidOf(`name of ${info.kind} ${namespace} ${core.store.list(registered.id, namespace).length}`)
      : admitted.metadata.name;
    return store(core, registered, admitted, own ?? "", false, admission, request);
  }
  let answer: Answer | undefined;
  for (let attempt = 0; attempt < NAME_ATTEMPTS_MAX; attempt++) {
    const generated = core.generateName(registered, prefix, namespace, attempt, request.dryRun);
    answer = store(core, registered, admitted, generated, true, admission, request);
    if (answer.reason !== "AlreadyExists") return answer;
  }
  return answer!;
}

function store(
  core: Core,
  registered: Registered,
  given: KubeObject,
  name: string,
  generated: boolean,
  admission: AdmissionRequest,
  request: Request,
): Answer {
  const prepared = prepare(core, registered, given, name);
  const allocated = allocateFor(core, registered, prepared, request);
  if (allocated && "refused" in allocated) return allocated.refused;
  const object = allocated ? allocated.service : prepared;
  const refused = errorsOf(core, registered, object, admission, request) ?? check(core, registered, object, name, generated, admission);
  if (refused) {
    allocated?.revert();
    return refused;
  }
  if (request.dryRun) return { code: 201, object };
  let stored = core.put(registered, object, undefined, true);
  allocated?.commit();
  if (isDefinition(stored)) stored = establish(core, registered, stored);
  return { code: 201, object: stored };
}

/** The validation of a new object; once for all Pods that a component makes from one template. */
function errorsOf(
  core: Core,
  registered: Registered,
  object: KubeObject,
  admission: AdmissionRequest,
  { trusted }: Request,
): Refused | undefined {
  const { info } = registered;
  const given = admission.object;
  if (trusted && given && core.templates.isValid(given)) return undefined;
  const known = validateCreate(object, info, schemaOf(registered));
  const errors = withExpressionErrors(registered, object, undefined, known, admission.warn);
  if (errors.length > 0) return invalid(info, object.metadata.name, errors);
  if (admission.warn) warningsOf(object, undefined, registered).forEach(admission.warn);
  if (trusted && given) core.templates.noteValid(given);
  return undefined;
}

/** Validating admission, and whether the name is free. */
function check(
  core: Core,
  registered: Registered,
  object: KubeObject,
  name: string,
  generated: boolean,
  admission: AdmissionRequest,
): Refused | undefined {
  const { info } = registered;
  const { namespace, warn } = admission;
  const existing = core.stored(registered, object);
  // Nothing is charged to a quota for an object that is there already.
  const dryRun = admission.dryRun || existing !== undefined;
  return (
    validate({ operation: "CREATE", resource: info, namespace, name, object, dryRun, warn }, core.admissionContext) ??
    (existing && alreadyExists(info, name, existing, generated))
  );
}

/** Fills metadata and status as the kind's registry does. */
function prepare(core: Core, registered: Registered, given: KubeObject, name: string): KubeObject {
  const strategy = strategyOf(registered);
  const now = core.now();
  const uid = core.store.table(registered.id).newUid(registered.info.kind, name, given.metadata.namespace);
  const countsFromOne = strategy.generation === "counted" || strategy.generation === "fixed";
  const metadata = metadataOfNew(given.metadata, name, uid, now, countsFromOne ? 1 : undefined);
  const emptyStatus = registered.hasStatus && !registered.custom ? emptyStatusOf(registered) : undefined;
  const object = registered.hasStatus && !strategy.ownStatus ? withStatus(given, emptyStatus, metadata) : changed(given, { metadata });
  return strategy.prepareForCreate ? strategy.prepareForCreate(object, { now, emptyStatus }) : object;
}

function withStatus(object: KubeObject, status: unknown, metadata: ObjectMeta): KubeObject {
  if (status !== undefined) return changed<KubeObject & { readonly status?: unknown }>(object, { metadata, status });
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown };
  return Object.assign(rest, { metadata });
}

const emptyStatuses = new WeakMap<Registered, Unchecked>();

function emptyStatusOf(registered: Registered): Unchecked {
  let empty = emptyStatuses.get(registered);
  if (!empty) {
    const ref = registered.schemas[registered.info.schema]?.fields["status"]?.ref;
    empty = ref ? zeroOf(ref, registered.schemas) : {};
    emptyStatuses.set(registered, empty);
  }
  return empty;
}

function allocateFor(
  core: Core,
  registered: Registered,
  object: KubeObject,
  request: Request,
): Allocated | { readonly refused: Refused } | undefined {
  if (registered.id !== "/Service") return undefined;
  return allocate(object as Service, undefined, core.addresses, registered.info, validateServiceAddresses, request.dryRun);
}

/** The kinds of a new definition are served from here on. */
function establish(core: Core, registered: Registered, crd: CustomResourceDefinition): KubeObject {
  const established: CustomResourceDefinition = { ...crd, status: establishedStatus(crd, core.now()) };
  return core.put(registered, established, crd);
}

function isDefinition(object: KubeObject): object is CustomResourceDefinition {
  return object.kind === "CustomResourceDefinition";
}

function track(core: Core, registered: Registered, object: KubeObject, request: Request): KubeObject {
  const writer = { manager: request.manager, apiVersion: registered.apiVersion, subresource: "", time: core.now() };
  return trackUpdate(undefined, object, writer, registered, zeroOf(registered.info.schema, registered.schemas, "nulls"));
}

/**
 * Simplified: what components of the control plane create is not tracked until it is first applied to by someone else.
 */
function withoutManagers(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
