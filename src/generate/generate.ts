/** Everything that is generated for one Kubernetes version: path from the project's root → text. */
import { printResourceTable, printSchemaTable } from "./print-tables.ts";
import type { Spec } from "./spec.ts";
import { resourceTable } from "./transform/resource-table.ts";
import { schemaTable } from "./transform/schema-table.ts";

export async function generate(spec: Spec): Promise<ReadonlyMap<string, string>> {
  const folder = `generated/v${spec.version}`;
  return new Map([
    [`${folder}/resources.ts`, printResourceTable(spec.version, resourceTable(spec))],
    [`${folder}/schemas.ts`, printSchemaTable(spec.version, schemaTable(spec))],
  ]);
}
