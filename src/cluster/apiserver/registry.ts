/** The kinds that the server serves: those of the discovery document, and those that CustomResourceDefinitions add while it runs. */
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from "../../../generated/v1.36/model.ts";
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../../generated/v1.36/schemas.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import type { FieldSchema, ResourceInfo, SchemaTable } from "../../api/schema.ts";
import { customSchemas, keepsUnknownFields } from "./structural.ts";

export interface Registered {
  readonly info: ResourceInfo;
  /** `apps/v1`. */
  readonly apiVersion: string;
  /** The table of the store: group and kind, since the versions of a group share it. */
  readonly id: string;
  readonly schemas: SchemaTable;
  /** The schema of the object as a whole. */
  readonly root: FieldSchema;
  readonly hasStatus: boolean;
  /** Whether objects of it are kept (a review is answered and forgotten). */
  readonly stored: boolean;
  /** Of a custom resource: its version's definition. */
  readonly custom?: CustomResourceDefinitionVersion;
  /** The version that objects are kept in. */
  readonly storageVersion: string;
}

export interface KnownKind {
  readonly kind: Kind;
  readonly namespaced: boolean;
  readonly resource: string;
}

export const tableId = (group: string, kind: string): string => `${group}/${kind}`;

export class Registry {
  readonly #byVersion = new Map<string, Map<string, Registered>>();
  /** The preferred version of each group and kind, in order of registration. */
  readonly #preferred = new Map<string, Registered>();
  #kinds: readonly KnownKind[] | undefined;

  constructor() {
    for (const info of RESOURCES) if (!UPGRADED.has(`${info.group}/${info.version} ${info.kind}`)) this.#add(builtIn(info));
  }

  #add(registered: Registered): void {
    let kinds = this.#byVersion.get(registered.apiVersion);
    if (!kinds) {
      kinds = new Map();
      this.#byVersion.set(registered.apiVersion, kinds);
    }
    kinds.set(registered.info.kind, registered);
    if (!this.#preferred.has(registered.id)) this.#preferred.set(registered.id, registered);
    this.#kinds = undefined;
  }

  find(apiVersion: string, kind: string): Registered | undefined {
    return this.#byVersion.get(apiVersion)?.get(kind);
  }

  /** Serves the kinds of a definition, in the place of what an earlier form of it served. */
  register(crd: CustomResourceDefinition): void {
    this.unregister(crd);
    if (!isServable(crd)) return;
    const { group, names, scope, versions } = crd.spec;
    const storageVersion = versions.find((v) => v.storage)?.name ?? versions[0]?.name ?? "";
    const inOrder = [...versions].sort((a, b) => Number(b.storage) - Number(a.storage));
    for (const version of inOrder) {
      if (!version.served) continue;
      const schema = `${group}.${version.name}.${names.kind}`;
      const hasStatus = version.subresources?.status !== undefined;
      this.#add({
        info: {
          group,
          version: version.name,
          kind: names.kind,
          resource: names.plural,
          singular: names.singular ?? names.kind.toLowerCase(),
          namespaced: scope === "Namespaced",
          shortNames: names.shortNames ?? [],
          verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
          subresources: [...(hasStatus ? ["status"] : []), ...(version.subresources?.scale ? ["scale"] : [])],
          schema,
        },
        apiVersion: `${group}/${version.name}`,
        id: tableId(group, names.kind),
        schemas: customSchemas(schema, names.kind, version, SCHEMAS),
        root: keepsUnknownFields(version) ? { type: "any" } : { type: "ref", ref: schema },
        hasStatus,
        stored: true,
        custom: version,
        storageVersion: `${group}/${storageVersion}`,
      });
    }
  }

  unregister(crd: CustomResourceDefinition): void {
    if (!isServable(crd)) return;
    const { group, names } = crd.spec;
    const id = tableId(group, names.kind);
    if (this.#preferred.get(id)?.custom === undefined) return;
    for (const kinds of this.#byVersion.values()) if (kinds.get(names.kind)?.id === id) kinds.delete(names.kind);
    this.#preferred.delete(id);
    this.#kinds = undefined;
  }

  /** All kinds whose objects are kept, each once, in order of group and kind. */
  kinds(): readonly KnownKind[] {
    if (!this.#kinds) {
      const stored = [...this.#preferred.values()].filter((r) => r.stored);
      stored.sort((a, b) => (a.id < b.id ? -1 : 1));
      this.#kinds = stored.map(knownKind);
    }
    return this.#kinds;
  }

  /** A kind by its name, plural, singular or short name; with `.GROUP` (or `.VERSION.GROUP`) behind it to tell groups apart. */
  resolve(text: string): KnownKind | undefined {
    const dot = text.indexOf(".");
    const name = dot < 0 ? text : text.slice(0, dot);
    const rest = dot < 0 ? undefined : text.slice(dot + 1);
    const all = [...this.#preferred.values()].filter((r) => r.stored && (rest === undefined || isIn(r, rest)));
    const lower = name.toLowerCase();
    const found =
      all.find((r) => r.info.kind === name) ??
      all.find((r) => r.info.resource === lower || r.info.singular === lower || r.info.kind.toLowerCase() === lower) ??
      all.find((r) => r.info.shortNames.includes(lower));
    return found && knownKind(found);
  }
}

/** Whether a definition says what it must, to be served (a loaded one was not validated). */
function isServable({ spec }: CustomResourceDefinition): boolean {
  const names = spec?.names as Partial<CustomResourceDefinition["spec"]["names"]> | undefined;
  return Boolean(spec?.group && names?.kind && names.plural && spec.versions?.length);
}

function isIn({ info }: Registered, group: string): boolean {
  return info.group === group || `${info.version}.${info.group}` === group || (info.group === "" && info.version === group);
}

function knownKind({ apiVersion, info }: Registered): KnownKind {
  return { kind: kindOf(apiVersion, info.kind), namespaced: info.namespaced, resource: info.resource };
}

/** Versions that objects come in but are not kept in: see upgrade.ts. */
const UPGRADED: ReadonlySet<string> = new Set(["autoscaling/v1 HorizontalPodAutoscaler"]);

function builtIn(info: ResourceInfo): Registered {
  const apiVersion = info.group === "" ? info.version : `${info.group}/${info.version}`;
  return {
    info,
    apiVersion,
    id: tableId(info.group, info.kind),
    schemas: SCHEMAS,
    root: { type: "ref", ref: info.schema },
    hasStatus: info.subresources.includes("status"),
    stored: info.verbs.includes("create") && info.verbs.includes("list"),
    storageVersion: apiVersion,
  };
}
