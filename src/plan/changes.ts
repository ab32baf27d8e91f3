/** Which objects come, change and go between two settled clusters, and in which fields. */
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import type { KubeObject } from "../api/object.ts";
import type { FieldSchema } from "../api/schema.ts";
import type { SourceLocation } from "../api/source-location.ts";
import type { RefusedObject } from "../cluster/snapshot.ts";
import { deepEqual } from "../lib/deep-equal.ts";
import { type DesiredObject, desiredByIdentity, identitiesOf, namedOf } from "./desired.ts";
import { type Difference, differences, type Fields, isObject, type PathStep, type Resolved, resolvePath, showPath } from "./diff.ts";
import type { Action, FieldChange, ObjectChange } from "./schema.ts";
import { isSecret, redactSecretDifferences } from "./secrets.ts";
import { compareRefs, identityOf, refOf, type View } from "./view.ts";

/** Written by the API server; a manifest taken from a cluster has them too. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);
/** Kept by kubectl and by the Deployment controller for themselves. */
const BOOKKEEPING_ANNOTATIONS: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deployment.kubernetes.io/revision",
]);

export interface Changes {
  readonly list: readonly ObjectChange[];
  readonly unchanged: number;
  /** The entry's objects by identity. */
  readonly next: ReadonlyMap<string, DesiredObject>;
  readonly base: ReadonlyMap<string, DesiredObject>;
}

export function changesOf(before: View, after: View, base: readonly DesiredObject[], next: readonly DesiredObject[]): Changes {
  const views = [before, after];
  const wanted = desiredByIdentity(next, views);
  const previous = desiredByIdentity(base, views);
  const refused = refusedByIdentity(after.snapshot.refused);
  const list: ObjectChange[] = [];
  let unchanged = 0;
  for (const [identity, desired] of wanted) {
    const was = before.byIdentity.get(identity);
    const is = after.byIdentity.get(identity);
    const named = was ?? is ?? namedOf(desired.object);
    const entry = (action: Action, fields: readonly FieldChange[] = []): number =>
      list.push({ action, object: refOf(named), source: desired.source ?? null, fields });
    const refusal =
      refused.get(identity) ??
      identitiesOf(namedOf(desired.object))
        .map((id) => refused.get(id))
        .find((r) => r !== undefined);
    if (refusal)
      entry(
        was && isImmutableRefusal(refusal) ? "replace" : "refused",
        was ? refusedFields(was, previous.get(identity), desired, refusal) : [],
      );
    else if (!was) entry("add");
    else if (is) {
      const fields = fieldChanges(was, is, previous.get(identity), desired);
      if (is.metadata.uid !== was.metadata.uid) entry("replace", fields);
      else if (fields.length > 0) entry("change", fields);
      else unchanged++;
    } else unchanged++;
  }
  for (const [identity, desired] of previous) {
    const was = before.byIdentity.get(identity);
    if (wanted.has(identity) || !was) continue;
    list.push({ action: "destroy", object: refOf(was), source: desired.source ?? null, fields: [] });
  }
  list.sort((a, b) => compareRefs(a.object, b.object));
  return { list, unchanged, next: wanted, base: previous };
}

function refusedByIdentity(list: readonly RefusedObject[]): Map<string, RefusedObject> {
  return new Map(list.map((r) => [identityOf(namedOf(r.object as unknown as Fields)), r]));
}

const IMMUTABLE =
  /immutable|may not (be )?change|cannot be (changed|updated|modified)|updates to .* (are|is) forbidden|may not be (updated|modified|shrunk)/i;

/** Whether what the API server minds is that a field changes: only a new object can have the new value. */
export function isImmutableRefusal(refusal: RefusedObject): boolean {
  const { answer } = refusal;
  if (answer.code !== 422) return false;
  const causes = answer.causes ?? [];
  return causes.length > 0 ? causes.every((c) => IMMUTABLE.test(c.message)) : IMMUTABLE.test(answer.message);
}

/** The fields of a refused change, as far as the answer names them: of a whole `spec`, those that were written differently. */
function refusedFields(
  was: KubeObject,
  base: DesiredObject | undefined,
  desired: DesiredObject,
  refusal: RefusedObject,
): readonly FieldChange[] {
  if (isSecret(was)) return [];
  const paths = [...new Set((refusal.answer.causes ?? []).map((c) => c.field).filter((f) => f !== ""))];
  return paths.flatMap((path) => {
    const steps = parsePath(path);
    const before = valueAt(was, steps);
    const after = valueAt(desired.object, steps);
    if (before === undefined && after === undefined) return [];
    const within = typeof before === "object" && typeof after === "object" ? writtenBelow(path, was, base, desired) : [];
    if (within.length > 0) return within;
    const source = locate(desired, path);
    const action = before === undefined ? "add" : after === undefined ? "remove" : "change";
    return [{ path, action, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), source }];
  });
}

/** What the entry has below a path otherwise than the cluster. What the entry leaves out is a default, unless the base had it. */
function writtenBelow(path: string, was: KubeObject, base: DesiredObject | undefined, desired: DesiredObject): readonly FieldChange[] {
  return differences(comparable(was), desired.object, schemaOf(was)).flatMap((d) => {
    const shown = showPath(d.path);
    if (!shown.startsWith(`${path}.`) && !shown.startsWith(`${path}[`)) return [];
    const inBase = base && resolvePath(base.object, d.path);
    if (d.action === "remove" ? !inBase?.found : inBase?.found && deepEqual(inBase.value, d.after)) return [];
    const source = d.action === "remove" && base ? locate(base, shown) : locate(desired, shown);
    return [{ path: shown, action: d.action, ...shownValues(d, base, desired, false), source }];
  });
}

/** A field path as the API server writes it, in steps: `spec.ports[0].name`, `metadata.labels[app.kubernetes.io/name]`. */
function parsePath(path: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, name, bracket] of path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (bracket !== undefined) steps.push(/^\d+$/.test(bracket) ? Number(bracket) : bracket);
  }
  return steps;
}

function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of steps) {
    if (Array.isArray(at) && typeof step === "number") at = at[step];
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step];
    else return undefined;
  }
  return at;
}

/** Compares what is stored, and shows of it what somebody wrote: a default, an allocated address or a controller's note is no change. */
function fieldChanges(was: KubeObject, is: KubeObject, base: DesiredObject | undefined, next: DesiredObject): readonly FieldChange[] {
  if (was === is) return [];
  const all = differences(comparable(was), comparable(is), schemaOf(is));
  const list = isSecret(is) ? redactSecretDifferences(all) : all;
  const out: FieldChange[] = [];
  for (const d of list) {
    const inNext = writtenIn(next, d.path, isSecret(is));
    const inBase = base && writtenIn(base, d.path, isSecret(is));
    if (!inNext.found && !inBase?.found) continue;
    const source = d.action === "remove" && base && inBase ? locate(base, inBase.path) : locate(next, inNext.path);
    out.push({ path: showPath(d.path), action: d.action, ...shownValues(d, base, next, isSecret(is)), source });
  }
  return out.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Of a whole subtree that comes or goes, what was written of it: its defaults are noise. */
function shownValues(
  d: Difference,
  base: DesiredObject | undefined,
  next: DesiredObject,
  secret: boolean,
): { before?: unknown; after?: unknown } {
  const before = d.action === "remove" && !secret ? (writtenValue(base, d.path) ?? d.before) : d.before;
  const after = d.action === "add" && !secret ? (writtenValue(next, d.path) ?? d.after) : d.after;
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function writtenValue(desired: DesiredObject | undefined, path: readonly PathStep[]): unknown {
  return desired && resolvePath(desired.object, path).value;
}

function writtenIn(desired: DesiredObject, path: readonly PathStep[], secret: boolean): Resolved {
  const resolved = resolvePath(desired.object, path);
  const first = path[0];
  if (resolved.found || !secret || !first || !("field" in first) || first.field !== "data") return resolved;
  return resolvePath(desired.object, [{ field: "stringData" }, ...path.slice(1)]); // the API server folds stringData into data
}

/** Where a field of the entry was written; where the object was, when that is not known. */
export function locate(desired: DesiredObject, path: string): SourceLocation | null {
  return desired.locate?.(path) ?? desired.source ?? null;
}

function comparable(object: KubeObject): Fields {
  const { status, metadata, ...rest } = object as KubeObject & { readonly status?: unknown };
  const meta: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(metadata)) if (!SERVER_METADATA.has(name)) meta[name] = value;
  if (isObject(meta.annotations))
    meta.annotations = Object.fromEntries(Object.entries(meta.annotations).filter(([k]) => !BOOKKEEPING_ANNOTATIONS.has(k)));
  // A Node's status is what its kubelet registers: in a description of a cluster it is written by hand.
  return object.kind === "Node" && object.apiVersion === "v1" ? { ...rest, metadata: meta, status } : { ...rest, metadata: meta };
}

const schemas = new Map<string, FieldSchema>(
  RESOURCES.map((r) => [`${r.group === "" ? "" : `${r.group}/`}${r.version} ${r.kind}`, { type: "ref", ref: r.schema }]),
);

function schemaOf(object: KubeObject): FieldSchema | undefined {
  return schemas.get(`${object.apiVersion} ${object.kind}`);
}
