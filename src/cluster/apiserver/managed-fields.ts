/**
 * `metadata.managedFields`: who owns which fields, read and written.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go
 */
import type { ManagedFieldsEntry } from "../../../generated/v1.36/model.ts";
import { goQuote } from "../../lib/go-text.ts";
import { type FieldSet, fromFieldsV1, isEmptySet, toFieldsV1 } from "./field-set.ts";

/** A manager's entry with its fields as a set. */
export interface Managed {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string | undefined;
  readonly set: FieldSet;
}

/** By manager: what an applier owns is one entry whatever version it applied in; an updater has one a version. */
export type Managers = ReadonlyMap<string, Managed>;

export function managerKey(m: Pick<Managed, "manager" | "operation" | "apiVersion" | "subresource">): string {
  return `${m.operation}\0${m.manager}\0${m.operation === "Apply" ? "" : m.apiVersion}\0${m.subresource}`;
}

export function decodeManagedFields(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const out = new Map<string, Managed>();
  for (const e of entries ?? []) {
    const entry: Managed = {
      manager: e.manager ?? "",
      operation: e.operation === "Apply" ? "Apply" : "Update",
      apiVersion: e.apiVersion ?? "",
      subresource: e.subresource ?? "",
      time: e.time,
      set: fromFieldsV1(e.fieldsV1),
    };
    out.set(managerKey(entry), entry);
  }
  return out;
}

/** Appliers before updaters, then by time, then by name; entries that own nothing are left out. */
export function encodeManagedFields(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  const kept = [...managers.values()].filter((m) => !isEmptySet(m.set));
  if (kept.length === 0) return undefined;
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  kept.sort(
    (a, b) =>
      compare(a.operation, b.operation) ||
      compare(a.time ?? "", b.time ?? "") ||
      compare(a.manager, b.manager) ||
      compare(a.apiVersion, b.apiVersion) ||
      compare(a.subresource, b.subresource),
  );
  return kept.map((m) => ({
    manager: m.manager,
    operation: m.operation,
    apiVersion: m.apiVersion,
    ...(m.time === undefined ? {} : { time: m.time }),
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(m.set),
    ...(m.subresource === "" ? {} : { subresource: m.subresource }),
  }));
}

/** As a conflict names a manager: `"kubectl"`, `"hpa" with subresource "scale" using apps/v1`. */
export function showManager(m: Managed): string {
  const subresource = m.subresource === "" ? "" : ` with subresource ${goQuote(m.subresource)}`;
  const version = m.operation === "Update" ? ` using ${m.apiVersion}` : "";
  return `${goQuote(m.manager)}${subresource}${version}`;
}

/** Metadata that the server keeps for itself: owned by nobody. */
const SYSTEM_METADATA = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
];

const leaf: FieldSet = { member: true, children: new Map() };
const node = (children: readonly (readonly [string, FieldSet])[], member = false): FieldSet => ({ member, children: new Map(children) });

/** What no manager's set holds. @see kubernetes …/managedfields/internal/stripmeta.go */
export const STRIPPED: FieldSet = node([
  ["f:apiVersion", leaf],
  ["f:kind", leaf],
  [
    "f:metadata",
    node(
      SYSTEM_METADATA.map((name) => [`f:${name}`, leaf] as const),
      true,
    ),
  ],
]);

/** The status, which writes of the object itself do not own. */
export const STATUS_FIELDS: FieldSet = node([["f:status", leaf]]);
