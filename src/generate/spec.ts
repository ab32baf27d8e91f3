/** The generator's input: the OpenAPI schemas and the discovery document that a Kubernetes API server of one version serves. */
import { readFileSync } from "node:fs";
import type { OpenAPIV3 } from "openapi-types";

/** The extensions that Kubernetes adds to a schema. @see kubernetes staging/src/k8s.io/kube-openapi */
interface KubernetesExtensions {
  readonly "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-cannot-be-updated"?: boolean;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
  readonly "x-kubernetes-unions"?: readonly {
    readonly discriminator?: string;
    readonly "fields-to-discriminateBy": Readonly<Record<string, string>>;
  }[];
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A schema of the document: an object, a field, a list item or a map value. */
export type SchemaNode = OpenAPIV3.BaseSchemaObject &
  KubernetesExtensions & {
    readonly type?: string;
    readonly items?: OpenAPIV3.ReferenceObject | OpenAPIV3.SchemaObject;
    readonly $ref?: string;
  };

/** One resource of the discovery document. */
interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: GroupVersionKind;
  readonly scope: "Namespaced" | "Cluster";
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

interface DiscoveryDocument {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly { readonly version: string; readonly resources: readonly DiscoveredResource[] }[];
  }[];
}

/** What Go's declarations say of a field beyond the OpenAPI document, as the JSON decoder's messages show it. */
export interface GoField {
  /** The field's type: `v1.ResourceList`, `[]v1.Capability`. */
  readonly goType?: string;
  /** The type of a list's items or a map's values: `v1.Capability`. */
  readonly items?: string;
  /** The embedded structs on the way to the field: `VolumeSource`. */
  readonly inline?: string;
}

export interface Spec {
  /** `1.36`. */
  readonly version: string;
  /** By the document's own name: `io.k8s.api.apps.v1.Deployment`. */
  readonly schemas: Readonly<Record<string, SchemaNode>>;
  readonly discovery: DiscoveryDocument;
  /** By schema and field; from the `types.go` files of the same version (k8s.io/api, apimachinery, apiextensions-apiserver, kube-aggregator). */
  readonly goTypes: Readonly<Record<string, Readonly<Record<string, GoField>>>>;
}

/** Reads the recorded documents of one version. */
export function readSpec(version: string): Spec {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`spec/v${version}/${name}.json`, import.meta.url), "utf8"));
  const document = read("schemas") as OpenAPIV3.Document;
  return {
    version,
    schemas: (document.components?.schemas ?? {}) as Readonly<Record<string, SchemaNode>>,
    discovery: read("discovery") as DiscoveryDocument,
    goTypes: read("go-types") as Spec["goTypes"],
  };
}

const REF_PREFIX = "#/components/schemas/";

/** The name of the schema that a node refers to: by itself, or wrapped in `allOf` so that it can have a default. */
export function refOf(node: SchemaNode): string | undefined {
  const ref = node.$ref ?? (node.allOf?.[0] as SchemaNode | undefined)?.$ref;
  return ref?.startsWith(REF_PREFIX) ? ref.slice(REF_PREFIX.length) : undefined;
}

/** A list's items, which the document may give as a reference with a default of its own. */
export function itemsOf(node: SchemaNode): SchemaNode | undefined {
  return node.items as SchemaNode | undefined;
}

/** A map's values. */
export function valuesOf(node: SchemaNode): SchemaNode | undefined {
  return typeof node.additionalProperties === "object" ? (node.additionalProperties as SchemaNode) : undefined;
}

/** An object's fields in the document's order. */
export function fieldsOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return Object.entries(node.properties ?? {}) as [string, SchemaNode][];
}

/** The last part of a schema's name: `DeploymentSpec`. */
export function baseName(schemaName: string): string {
  return schemaName.slice(schemaName.lastIndexOf(".") + 1);
}
