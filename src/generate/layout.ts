/** Which generated file a schema's type stands in, and which schemas get one. */
import { invariant } from "../lib/invariant.ts";
import { baseName, fieldsOf, itemsOf, refOf, type SchemaNode, type Spec, valuesOf } from "./spec.ts";
import { resourceTable } from "./transform/resource-table.ts";
import { SCALARS } from "./transform/schema-table.ts";

/** A kind that can be created by itself. */
export interface ConstructedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: string;
  /** Kept by the API server, and so named; a review is only answered. */
  readonly stored: boolean;
}

/** One generated file of types. */
export interface Module {
  /** `apps/v1`, `core/v1`, `networking.k8s.io/v1`, `meta/v1`: its place under `generated/v1.36/` and in the package's exports. */
  readonly path: string;
  /** Full names, in alphabetical order. */
  readonly schemas: readonly string[];
  readonly kinds: readonly ConstructedKind[];
}

/** The modules, in alphabetical order of their paths: every kind of the discovery document and all that it refers to. */
export function modules(spec: Spec): readonly Module[] {
  const resources = resourceTable(spec);
  const groupOfPackage = new Map(resources.map((r) => [packageOf(r.schema), `${r.group || "core"}/${r.version}`]));
  const byPath = new Map<string, { schemas: string[]; kinds: ConstructedKind[] }>();
  const at = (path: string): { schemas: string[]; kinds: ConstructedKind[] } => {
    const known = byPath.get(path) ?? { schemas: [], kinds: [] };
    byPath.set(path, known);
    return known;
  };
  for (const schema of reachable(
    spec,
    resources.map((r) => r.schema),
  )) {
    const path = groupOfPackage.get(packageOf(schema)) ?? metaPath(schema);
    at(path).schemas.push(schema);
  }
  for (const { group, version, kind, schema, verbs } of resources) {
    at(`${group || "core"}/${version}`).kinds.push({
      apiVersion: group ? `${group}/${version}` : version,
      kind,
      schema,
      stored: verbs.includes("get"),
    });
  }
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, m]) => ({ path, schemas: m.schemas.sort(), kinds: m.kinds }));
}

/** `io.k8s.api.apps.v1` of `io.k8s.api.apps.v1.Deployment`. */
function packageOf(schema: string): string {
  return schema.slice(0, schema.lastIndexOf("."));
}

function metaPath(schema: string): string {
  invariant(packageOf(schema) === "io.k8s.apimachinery.pkg.apis.meta.v1", `no API group has ${schema}`);
  return "meta/v1";
}

function reachable(spec: Spec, roots: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const visitField = (node: SchemaNode): void => {
    const ref = refOf(node);
    if (ref !== undefined) visit(ref);
    const inner = itemsOf(node) ?? valuesOf(node);
    if (inner) visitField(inner);
  };
  const visit = (name: string): void => {
    if (seen.has(name) || SCALARS[baseName(name)] !== undefined) return;
    const node = spec.schemas[name];
    invariant(node !== undefined, `the document refers to ${name}, which it does not have`);
    seen.add(name);
    for (const [, field] of fieldsOf(node)) visitField(field);
  };
  for (const root of roots) visit(root);
  return seen;
}
