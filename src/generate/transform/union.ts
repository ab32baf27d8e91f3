/** An interface whose fields exclude each other → a base interface, one interface for every way to fill it in, and their union. */
import {
  type InterfaceDeclarationStructure,
  type OptionalKind,
  type PropertySignatureStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from "ts-morph";
import { invariant } from "../../lib/invariant.ts";
import { governedFields, type OneOf, type Variant } from "./one-of.ts";

export type TypeStructure = InterfaceDeclarationStructure | TypeAliasDeclarationStructure;

export function unionOf(type: InterfaceDeclarationStructure, variants: OneOf): readonly TypeStructure[] {
  const properties = type.properties ?? [];
  const governed = governedFields(variants);
  for (const field of governed)
    invariant(
      properties.some((p) => p.name === field),
      `${type.name} has no field ${field} to exclude others`,
    );
  const rest = properties.filter((p) => !governed.has(p.name));
  const base = `${type.name}Base`;
  const members = variants.map((v) => ({
    kind: StructureKind.Interface as const,
    name: `${type.name}With${v.name}`,
    isExported: true,
    ...(rest.length > 0 ? { extends: [base] } : {}),
    properties: properties.filter((p) => governed.has(p.name)).map((p) => member(p, v)),
  }));
  return [
    ...(rest.length > 0 ? [{ kind: StructureKind.Interface as const, name: base, isExported: true, properties: rest }] : []),
    ...members,
    {
      kind: StructureKind.TypeAlias,
      name: type.name,
      isExported: true,
      ...(type.docs ? { docs: type.docs } : {}),
      type: members.map((m) => m.name).join(" | "),
    },
  ];
}

type Property = OptionalKind<PropertySignatureStructure>;

function member(property: Property, variant: Variant): Property {
  const values = variant.values?.[property.name];
  const type = values ? values.map((v) => JSON.stringify(v)).join(" | ") : bare(property);
  const optional = values ? variant.defaulted?.includes(property.name) === true : variant.optional?.includes(property.name) === true;
  if (optional) return { ...property, hasQuestionToken: true, type: `${type} | undefined` };
  if (values || variant.required?.includes(property.name)) return { ...property, hasQuestionToken: false, type };
  return { name: property.name, isReadonly: true, hasQuestionToken: true, type: "undefined" };
}

/** A property's type without the `undefined` of an optional one. */
function bare(property: Property): string {
  return String(property.type).replace(/ \| undefined$/, "");
}
