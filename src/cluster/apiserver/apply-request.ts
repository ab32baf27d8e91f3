/** PATCH with an applied configuration. @see kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go (applyPatcher) */
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import { applyConfiguration } from "./apply.ts";
import type { Core, Request } from "./core.ts";
import { createTracked } from "./create.ts";
import { copyFreeForm } from "./decode-free-form.ts";
import { fillDefaults } from "./defaults/index.ts";
import { inNamespace, requestNamespace } from "./metadata.ts";
import { decodeAs, findKind } from "./read-object.ts";
import type { Registered } from "./registry.ts";
import { badRequest, conflict, plainError, STALE } from "./status.ts";
import { isMap } from "./typed.ts";
import { typedErrors } from "./typed-validate.ts";
import { updateTracked } from "./update.ts";
import { upgraded } from "./upgrade.ts";

export interface ApplyOptions {
  /** Default: `kubectl`. */
  readonly fieldManager?: string;
  /** Takes fields that others own from them. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly namespace?: string;
}

const DEFAULT_MANAGER = "kubectl";

export function applyObject(core: Core, input: Unchecked, options: ApplyOptions): Answer {
  const json = copyFreeForm(input);
  if (json === undefined) return badRequest("error decoding YAML: exceeded max depth");
  const given = upgraded(json as Unchecked);
  const registered = findKind(core, given);
  if ("code" in registered) return registered;
  const named = namedConfiguration(registered, given, options.namespace);
  if ("refused" in named) return named.refused;
  const { config, name, namespace } = named;
  const old = core.store.get(registered.id, name, namespace);
  const stale = staleVersion(registered, config, old);
  if (stale) return stale;
  const writer = {
    manager: options.fieldManager ?? DEFAULT_MANAGER,
    apiVersion: registered.apiVersion,
    subresource: "",
    time: core.now(),
  };
  const applied = applyConfiguration(old, config, writer, options.force ?? false, registered);
  if ("refused" in applied) return applied.refused;
  const decoded = decodeAs(registered, applied.object, "Ignore");
  if ("refused" in decoded) return plainError(conversionError(registered, config, decoded.refused));
  const placed = inNamespace(fillDefaults(decoded.object), namespace) as KubeObject;
  const request: Request = { dryRun: options.dryRun ?? false, trusted: false, manager: writer.manager };
  return old ? updateTracked(core, registered, placed, old, request) : createTracked(core, registered, placed, request);
}

/** Checks what must be right before anything is merged. */
function namedConfiguration(
  registered: Registered,
  given: Unchecked,
  requested: string | undefined,
): { readonly config: Unchecked; readonly name: string; readonly namespace: string | undefined } | { readonly refused: Refused } {
  const metadata = isMap(given["metadata"]) ? given["metadata"] : {};
  const { name, generateName, managedFields } = metadata;
  if (typeof name !== "string" || name === "") {
    const why =
      typeof generateName === "string" && generateName !== ""
        ? `from ${generateName}: cannot use generate name with apply`
        : "resource name may not be empty";
    return { refused: badRequest(why) };
  }
  const own = typeof metadata["namespace"] === "string" ? metadata["namespace"] : undefined;
  const namespace = requestNamespace(registered.info, requested, own);
  if (namespace !== undefined && own && own !== namespace)
    return { refused: badRequest("the namespace of the provided object does not match the namespace sent on the request") };
  const { namespace: _, ...rest } = metadata;
  const config: Unchecked = { ...given, metadata: namespace === undefined ? rest : { ...rest, namespace } };
  if (managedFields !== undefined && managedFields !== null) return { refused: badRequest("metadata.managedFields must be nil") };
  const wrong = typedErrors(config, registered.root, registered.schemas, registered.id === "/Secret");
  if (wrong !== undefined)
    return { refused: plainError(`failed to create typed patch object (${describe(registered, name, namespace)}): ${wrong}`) };
  return { config, name, namespace };
}

/** `default/web; apps/v1, Kind=Deployment`. */
function describe({ info }: Registered, name: string, namespace: string | undefined): string {
  return `${namespace ?? ""}/${name}; ${info.group}/${info.version}, Kind=${info.kind}`;
}

/** A configuration may say which version of the object it was made from. */
function staleVersion({ info }: Registered, config: Unchecked, old: KubeObject | undefined): Refused | undefined {
  const { resourceVersion, uid, name } = config["metadata"] as Readonly<Record<string, unknown>>;
  if (typeof resourceVersion === "string" && resourceVersion !== "" && resourceVersion !== old?.metadata.resourceVersion)
    return conflict(info, String(name), STALE);
  if (typeof uid === "string" && uid !== "" && uid !== old?.metadata.uid)
    return conflict(info, String(name), `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
  return undefined;
}

/** The real one has the object converted before it is defaulted; what cannot be read then is an error without a reason. */
function conversionError(registered: Registered, config: Unchecked, refused: Refused): string {
  const { name, namespace } = config["metadata"] as { readonly name: string; readonly namespace?: string };
  const { info } = registered;
  const why = refused.message.replace(/^.* cannot be handled as a [^:]*: /, "");
  return (
    `failed to convert new object (${describe(registered, name, namespace)}) to proper version: ` +
    `unable to convert unstructured object to ${info.group}/${info.version}, Kind=${info.kind}: ${why}`
  );
}
