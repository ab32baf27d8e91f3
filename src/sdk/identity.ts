/** What makes two objects one and the same to an API server: group, kind, namespace and name. */
import { groupOf, type KubeObject } from "../api/object.ts";
import { showLocation } from "../api/source-location.ts";
import { cniFileName } from "./cni/file.ts";
import { LoadError } from "./load/load-error.ts";
import type { LoadedCni, LoadedObject } from "./load/loaded.ts";

/** `Deployment shop/web`; the group is named where it is not one of Kubernetes' own short ones. */
export function objectName(object: KubeObject): string {
  const { namespace, name, generateName } = object.metadata;
  const shown = textOf(name) || (textOf(generateName) ? `${textOf(generateName)}…` : "(no name)");
  return `${object.kind} ${textOf(namespace) ? `${textOf(namespace)}/${shown}` : shown}`;
}

/** What should be a text and is none has no name: the API server says what is wrong with it. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/**
 * @throws LoadError when two objects have one identity, naming both places. The version does not count (`apps/v1` and `apps/v1beta1` are one
 * object); an object without namespace is not the one in `default`, since what the request says is not known here; `generateName` never clashes.
 */
export function refuseDuplicates(objects: readonly LoadedObject[]): void {
  const seen = new Map<string, LoadedObject>();
  for (const loaded of objects) {
    const { apiVersion, kind, metadata } = loaded.object;
    if (typeof metadata.name !== "string" || metadata.name === "") continue;
    const identity = JSON.stringify([groupOf(apiVersion), kind, metadata.namespace ?? "", metadata.name]);
    const first = seen.get(identity);
    if (first === undefined) {
      seen.set(identity, loaded);
      continue;
    }
    throw twice(objectName(loaded.object), first, loaded);
  }
}

/** @throws LoadError when two configurations would be one file */
export function refuseDuplicateCni(configs: readonly LoadedCni[]): void {
  const seen = new Map<string, LoadedCni>();
  for (const loaded of configs) {
    const name = cniFileName(loaded.config);
    const first = seen.get(name.toLowerCase());
    if (first) throw twice(`the CNI configuration ${name}`, first, loaded);
    seen.set(name.toLowerCase(), loaded);
  }
}

type Sourced = Pick<LoadedObject, "source">;

function twice(what: string, first: Sourced, second: Sourced): LoadError {
  const [a, b] = [first, second].map((l) => (l.source ? showLocation(l.source) : "an unknown place"));
  return new LoadError(`${what} is there twice: at ${a} and at ${b}`, second.source);
}
