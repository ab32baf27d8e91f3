/** Metadata of an object that is created by itself: it needs a name, or a prefix that the API server makes a name of. */
import { StructureKind } from "ts-morph";
import type { TypeStructure } from "./union.ts";

/** Stands in `meta/v1`, beside the ObjectMeta of templates, which needs neither. */
export const NAMED_OBJECT_META = "NamedObjectMeta";

/** Its half with a name. */
export const OBJECT_META_WITH_NAME = "ObjectMetaWithName";

export function namedObjectMeta(): readonly TypeStructure[] {
  const members = ["generateName", "name"].map((field) => ({
    kind: StructureKind.Interface as const,
    name: `ObjectMetaWith${field.charAt(0).toUpperCase()}${field.slice(1)}`,
    isExported: true,
    extends: ["ObjectMeta"],
    properties: [{ name: field, isReadonly: true, type: "string" }],
  }));
  return [
    ...members,
    {
      kind: StructureKind.TypeAlias,
      name: NAMED_OBJECT_META,
      isExported: true,
      docs: ["Metadata of an object that is created by itself: with a `name`, or a `generateName` that the API server makes one of."],
      type: members.map((m) => m.name).join(" | "),
    },
  ];
}
