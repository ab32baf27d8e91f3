/** What a CustomResourceDefinition says that types can be made of. @see kubernetes apiextensions-apiserver pkg/apis/apiextensions/v1/types_jsonschema.go */

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly { readonly rule?: string; readonly message?: string }[];
}

export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly schema: JsonSchema | undefined;
  /** Its status is written by a controller only. */
  readonly hasStatus: boolean;
  readonly deprecated: boolean;
}

const GROUP = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The kinds that a definition serves, one for each version.
 * @throws TypeError with what is missing
 */
export function kindsOf(definition: Fields): readonly CustomKind[] {
  const name = (definition["metadata"] as Fields | undefined)?.["name"];
  const spec = (definition["spec"] ?? {}) as Fields;
  const names = (spec["names"] ?? {}) as Fields;
  const { group, scope } = spec;
  const { kind } = names;
  const what = `CustomResourceDefinition ${String(name)}`;
  if (typeof group !== "string" || group === "") throw new TypeError(`${what} has no spec.group`);
  // It becomes a folder's name.
  if (!GROUP.test(group)) throw new TypeError(`${what}: spec.group ${JSON.stringify(group)} is no domain name`);
  if (typeof kind !== "string" || !/^[A-Za-z_]\w*$/.test(kind)) throw new TypeError(`${what} has no spec.names.kind that can be a name`);
  if (scope !== "Namespaced" && scope !== "Cluster") throw new TypeError(`${what}: spec.scope is Namespaced or Cluster`);
  const versions = spec["versions"];
  if (!Array.isArray(versions) || versions.length === 0) throw new TypeError(`${what} has no spec.versions`);
  return (versions as readonly Fields[]).flatMap((version): readonly CustomKind[] => {
    if (version["served"] === false) return [];
    if (typeof version["name"] !== "string" || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(version["name"]))
      throw new TypeError(`${what}: a version has no name that can be one`);
    return [
      {
        ...{ group, kind, scope, version: version["name"] },
        schema: (version["schema"] as { readonly openAPIV3Schema?: JsonSchema } | undefined)?.openAPIV3Schema,
        hasStatus: (version["subresources"] as Fields | undefined)?.["status"] !== undefined,
        deprecated: version["deprecated"] === true,
      },
    ];
  });
}
