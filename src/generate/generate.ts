/** Everything that is generated for one Kubernetes version: path from the project's root → text. */
import { modules } from "./layout.ts";
import { modelFile } from "./model-file.ts";
import { moduleFile } from "./module-file.ts";
import { printResourceTable, printSchemaTable } from "./print-tables.ts";
import type { Spec } from "./spec.ts";
import { resourceTable } from "./transform/resource-table.ts";
import { schemaTable } from "./transform/schema-table.ts";

export async function generate(spec: Spec): Promise<ReadonlyMap<string, string>> {
  const folder = `generated/v${spec.version}`;
  const all = modules(spec);
  const files = new Map<string, string>();
  for (const module of all) files.set(`${folder}/${module.path}.ts`, await moduleFile(spec, module, all));
  files.set(`${folder}/model.ts`, await modelFile(spec));
  files.set(`${folder}/resources.ts`, printResourceTable(spec.version, resourceTable(spec)));
  files.set(`${folder}/schemas.ts`, printSchemaTable(spec.version, schemaTable(spec)));
  return files;
}
