/** JSON Schemas of objects → interface declarations: json-schema-to-typescript prints them, ts-morph reads them back as data. */
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { IndentationText, type InterfaceDeclarationStructure, Project, type PropertySignatureStructure, QuoteKind } from "ts-morph";
import { readonlyType } from "./transform/readonly.ts";

/** An object's JSON Schema, and the name that its interface shall have. */
export interface ObjectSource {
  readonly name: string;
  readonly schema: JSONSchema;
}

/** An empty ts-morph project that prints as we like it and looks at no file. */
export function newProject(): Project {
  return new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Double },
  });
}

/**
 * One exported interface for each object, in their order. All is readonly, and what is optional may also be given as `undefined`, so that
 * `replicas: test ? 1 : undefined` compiles; values of maps may not (a selector whose value is missing would select everything).
 */
export async function interfaces(objects: readonly ObjectSource[]): Promise<readonly InterfaceDeclarationStructure[]> {
  const texts: string[] = [];
  for (const [i, object] of objects.entries()) {
    texts.push(await compile(object.schema, `T${i}`, { bannerComment: "", format: false, declareExternallyReferenced: false }));
  }
  const source = newProject().createSourceFile("printed.ts", texts.join("\n"));
  return objects.map(({ name }, i) => {
    const declaration = source.getInterfaceOrThrow(`T${i}`);
    const { docs, properties = [], ...structure } = declaration.getStructure();
    const types = declaration.getProperties().map((p) => readonlyType(p.getTypeNodeOrThrow()));
    return {
      ...structure,
      name,
      ...cleanDocs(docs),
      properties: properties.map((p, n) => ({
        ...p,
        ...cleanDocs(p.docs),
        isReadonly: true,
        type: p.hasQuestionToken ? `${types[n]} | undefined` : types[n]!,
      })),
    };
  });
}

/** Descriptions of ours only: json-schema-to-typescript adds `@minItems`, which the type says already. */
function cleanDocs(docs: PropertySignatureStructure["docs"]): { docs: string[] } {
  const texts = (docs ?? []).map((d) => {
    if (typeof d !== "object") return "";
    const tags = (d.tags ?? [])
      .filter((t) => t.tagName !== "minItems")
      .map((t) => `@${t.tagName}${t.text ? ` ${String(t.text).trim()}` : ""}`);
    const description = typeof d.description === "string" ? d.description.trim() : "";
    return [description, ...tags].filter((line) => line !== "").join("\n");
  });
  return { docs: texts.filter((t) => t !== "").map((t) => (t.includes("\n") ? `\n${t}` : t)) };
}
