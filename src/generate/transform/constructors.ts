/** A kind's type and its constructor of the same name. */
import { type FunctionDeclarationStructure, type InterfaceDeclarationStructure, StructureKind } from "ts-morph";
import type { ConstructedKind } from "../layout.ts";

/**
 * The kind as its constructor returns it: the input, with apiVersion and kind. It is read as having a name, so that others can refer to it;
 * one made with `generateName` has none before the API server gives it one.
 */
export function constructedKind(
  kind: ConstructedKind,
  input: InterfaceDeclarationStructure,
  link: string,
  metadata: string | undefined,
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name: kind.kind,
    isExported: true,
    docs: [`A ${kind.kind} (${kind.apiVersion}). [Reference](${link})`],
    extends: [input.name],
    properties: [
      { name: "apiVersion", isReadonly: true, type: JSON.stringify(kind.apiVersion) },
      { name: "kind", isReadonly: true, type: JSON.stringify(kind.kind) },
      ...(metadata === undefined
        ? []
        : [
            {
              name: "metadata",
              isReadonly: true,
              type: metadata,
              docs: ["With `generateName`, the name is unknown until the object is created."],
            },
          ]),
    ],
  };
}

export function constructorOf(kind: ConstructedKind, link: string): FunctionDeclarationStructure {
  return {
    kind: StructureKind.Function,
    name: kind.kind,
    isExported: true,
    docs: [`A ${kind.kind} (${kind.apiVersion}) as a plain object, which remembers where it was made. [Reference](${link})`],
    parameters: [{ name: "input", type: `${kind.kind}Input` }],
    returnType: kind.kind,
    statements: [`return construct(${JSON.stringify(kind.apiVersion)}, ${JSON.stringify(kind.kind)}, input);`],
  };
}
