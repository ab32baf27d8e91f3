/** The file of each object: `<namespace>/<kind>-<name>.yaml`; objects without a namespace lie at the top. */
import { createHash } from "node:crypto";
import { groupOf, type KubeObject } from "../../api/object.ts";
import { LoadError } from "../load/load-error.ts";
import type { LoadedObject } from "../load/loaded.ts";

/**
 * One path per object, relative, with `/`, in the order given; no two are equal, also where upper and lower case are one.
 *
 * | object | path |
 * |---|---|
 * | Deployment shop/web | `shop/deployment-web.yaml` |
 * | ClusterRole system:node | `clusterrole-system_node.yaml` |
 * | Service and knative's Service, both shop/web | `shop/service-web.yaml`, `shop/service.serving.knative.dev-web.yaml` |
 *
 * @throws LoadError for an object without name and generateName
 */
export function fileNames(objects: readonly LoadedObject[]): readonly string[] {
  const generated = new Map<string, number>();
  const names = objects.map((loaded) => nameOf(loaded, generated));
  const short = objects.map(({ object }, i) => pathOf(object, object.kind, names[i]!));
  const shortTwice = repeated(short);
  const long = objects.map(({ object }, i) => {
    const group = groupOf(object.apiVersion);
    return group && shortTwice.has(short[i]!.toLowerCase()) ? pathOf(object, `${object.kind}.${group}`, names[i]!) : short[i]!;
  });
  const longTwice = repeated(long);
  return long.map((path, i) => (longTwice.has(path.toLowerCase()) ? withDigest(path, objects[i]!.object, names[i]!) : path));
}

/** `generateName: job-` gives `job-1`, `job-2`, … */
function nameOf(loaded: LoadedObject, generated: Map<string, number>): string {
  const { name, generateName, namespace } = loaded.object.metadata;
  if (typeof name === "string" && name !== "") return name;
  if (typeof generateName !== "string" || generateName === "") {
    throw new LoadError(`this ${loaded.object.kind} has neither metadata.name nor metadata.generateName`, loaded.source);
  }
  const key = `${loaded.object.kind} ${namespace ?? ""} ${generateName}`;
  const count = (generated.get(key) ?? 0) + 1;
  generated.set(key, count);
  return `${generateName}${count}`;
}

function pathOf(object: KubeObject, kind: string, name: string): string {
  const file = `${safe(kind.toLowerCase())}-${safe(name)}.yaml`;
  return object.metadata.namespace ? `${safe(String(object.metadata.namespace))}/${file}` : file;
}

/** What every file system takes: other characters become `_`, also a dot at the beginning. */
function safe(part: string): string {
  return part
    .replace(/[^A-Za-z0-9._-]/g, "_")
    .replace(/^\./, "_")
    .slice(0, 200);
}

function repeated(paths: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const path of paths) {
    const key = path.toLowerCase();
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return twice;
}

function withDigest(path: string, object: KubeObject, name: string): string {
  const identity = JSON.stringify([object.apiVersion, object.kind, object.metadata.namespace ?? "", name]);
  return path.replace(/\.yaml$/, `-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}.yaml`);
}
