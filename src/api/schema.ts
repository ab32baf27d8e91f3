/** The shape of the tables that the generator writes from the OpenAPI document: what the API server's decoder, defaults and apply read. */

/** One field, list item or map value. */
export interface FieldSchema {
  /**
   * `string` `boolean` `int32` `int64` `double`: scalars. `bytes`: base64. `time`, `micro-time`: RFC 3339. `quantity`; `int-or-string`;
   * `any`: free-form JSON. `ref`: the object schema named by `ref`. `list` of `items`. `map` from string to `items`.
   */
  readonly type:
    | "string"
    | "boolean"
    | "int32"
    | "int64"
    | "double"
    | "bytes"
    | "time"
    | "micro-time"
    | "duration"
    | "quantity"
    | "int-or-string"
    | "any"
    | "ref"
    | "list"
    | "map";
  /** Name of an object schema in the table, for `ref`. */
  readonly ref?: string;
  readonly items?: FieldSchema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: true;
  /** `x-kubernetes-list-type`; a list without one is atomic. */
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  /** `x-kubernetes-map-type: atomic`. */
  readonly mapType?: "atomic" | "granular";
  /** Strategic merge patch. */
  readonly patchMergeKey?: string;
  readonly patchStrategy?: string;
  /** Recorded as `x-cannot-be-updated`. */
  readonly immutable?: true;
  /** The Go type as decoder messages name it, where `type` does not say it: `v1.PullPolicy`, `v1.ResourceList`. A list's is `[]` and its items'. */
  readonly goType?: string;
  /** The Go structs that the field is embedded through, which decoder messages put into its path: `VolumeSource`, `RuleWithOperations.Rule`. */
  readonly inline?: string;
}

/** One object schema. */
export interface ObjectSchema {
  /** The Go struct, as the JSON decoder's messages name it: `DeploymentSpec`. */
  readonly goName: string;
  /** The Go package alias and struct, as decoder messages name a type: `v1.DeploymentSpec`. */
  readonly goType: string;
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly mapType?: "atomic";
  /** `x-kubernetes-unions`: discriminator field → the field that each of its values asks for. */
  readonly unions?: readonly { readonly discriminator?: string; readonly fields: Readonly<Record<string, string>> }[];
}

/** By the OpenAPI document's own name: `io.k8s.api.apps.v1.DeploymentSpec`. */
export type SchemaTable = Readonly<Record<string, ObjectSchema>>;

/** One resource of the discovery document. */
export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in URLs: `deployments`. */
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  /** Key into the SchemaTable. */
  readonly schema: string;
}
