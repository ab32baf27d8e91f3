/** The discovery document → the resources that the API server serves (`ResourceInfo`). */
import type { ResourceInfo } from "../../api/schema.ts";
import { invariant } from "../../lib/invariant.ts";
import type { Spec } from "../spec.ts";

/** In the discovery document's order: the group that kubectl prefers first. */
export function resourceTable(spec: Spec): readonly ResourceInfo[] {
  const schemaOf = schemasByKind(spec);
  return spec.discovery.items.flatMap((item) =>
    item.versions.flatMap(({ version, resources }) =>
      resources.map((r) => {
        const group = item.metadata.name ?? "";
        const { kind } = r.responseKind;
        const schema = schemaOf.get(`${group}/${version}/${kind}`);
        invariant(schema !== undefined, `no schema for ${group}/${version} ${kind}, which the discovery document lists`);
        return {
          group,
          version,
          kind,
          resource: r.resource,
          singular: r.singularResource,
          namespaced: r.scope === "Namespaced",
          shortNames: r.shortNames ?? [],
          verbs: r.verbs,
          subresources: (r.subresources ?? []).map((s) => s.subresource),
          schema,
        };
      }),
    ),
  );
}

/** Schema names by `group/version/kind`; a schema that serves many groups (DeleteOptions) is the schema of none. */
function schemasByKind(spec: Spec): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, node] of Object.entries(spec.schemas)) {
    const kinds = node["x-kubernetes-group-version-kind"] ?? [];
    if (kinds.length !== 1) continue;
    const { group, version, kind } = kinds[0]!;
    names.set(`${group}/${version}/${kind}`, name);
  }
  return names;
}
