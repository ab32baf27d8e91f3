/** What the user wrote, and where. */
import type { Unchecked } from "../api/object.ts";
import { groupOf } from "../api/object.ts";
import type { SourceLocation } from "../api/source-location.ts";
import { isObject } from "./diff.ts";
import type { View } from "./view.ts";

/** One object of an entry, as `sdk/load` hands it over. */
export interface DesiredObject {
  readonly object: Unchecked;
  readonly source: SourceLocation | undefined;
  /** Where a field was written (`spec.ports[0].name`, `metadata.labels[app]`), or the nearest one around it. */
  locate?(path: string): SourceLocation | undefined;
}

export interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** Reads a text field of something unchecked; empty when it is none. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function namedOf(object: Unchecked): Named {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const name = textOf(metadata.name) || (textOf(metadata.generateName) && `${textOf(metadata.generateName)}*`);
  const namespace = textOf(metadata.namespace);
  return { apiVersion: textOf(object.apiVersion), kind: textOf(object.kind), metadata: { name, ...(namespace ? { namespace } : {}) } };
}

/**
 * The identity under which a written object is stored: a namespaced object without a namespace is in `default`. Which kinds are namespaced is
 * read off the clusters, for custom kinds are too; what is in neither (a refused object) keeps what was written.
 */
export function identitiesOf(named: Named): readonly string[] {
  const group = groupOf(named.apiVersion);
  const at = (namespace: string): string => `${group}/${named.kind}\n${namespace}\n${named.metadata.name ?? ""}`;
  return named.metadata.namespace ? [at(named.metadata.namespace), at("")] : [at(""), at("default")];
}

/** The objects of an entry by the identity under which the clusters have them. */
export function desiredByIdentity(desired: readonly DesiredObject[], views: readonly View[]): Map<string, DesiredObject> {
  const map = new Map<string, DesiredObject>();
  for (const d of desired) {
    const candidates = identitiesOf(namedOf(d.object));
    const stored = candidates.find((id) => views.some((v) => v.byIdentity.has(id)));
    map.set(stored ?? candidates[0] ?? "", d);
  }
  return map;
}
