/** From what a caller hands in to an object of a known kind. */
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import type { FieldValidation } from "../../sim/client.ts";
import type { Core } from "./core.ts";
import { decodeCustom } from "./custom/decode.ts";
import { decode } from "./decode.ts";
import type { Registered } from "./registry.ts";
import { badRequest, methodNotAllowed, noMatch } from "./status.ts";
import { isMap } from "./typed.ts";
import { upgraded } from "./upgrade.ts";

type Read = { readonly registered: Registered; readonly object: KubeObject; readonly warnings: readonly string[] };

/** The kind of an object, which must say it. */
export function findKind(core: Core, given: unknown): Registered | Refused {
  if (!isMap(given)) return badRequest("couldn't get version/kind; json parse error: the object is not a JSON object");
  const { apiVersion, kind, metadata } = given;
  if (typeof kind !== "string" || kind === "") return badRequest(`Object 'Kind' is missing in ${describe(given)}`);
  if (typeof apiVersion !== "string" || apiVersion === "") return badRequest(`Object 'apiVersion' is missing in ${describe(given)}`);
  const registered = core.registry.find(apiVersion, kind);
  const name = isMap(metadata) && typeof metadata["name"] === "string" ? metadata["name"] : "";
  const namespace = isMap(metadata) && typeof metadata["namespace"] === "string" ? metadata["namespace"] : "";
  if (!registered) return noMatch(apiVersion, kind, name, namespace);
  return registered.stored ? registered : methodNotAllowed(registered.info, "create");
}

/** Names the object without showing what it holds. */
function describe({ kind, metadata }: Readonly<Record<string, unknown>>): string {
  const name = isMap(metadata) ? String(metadata["name"] ?? "") : "";
  return `the object ${[kind, JSON.stringify(name)].filter((part) => typeof part === "string" && part !== "").join(" ")}`;
}

export function readObject(core: Core, input: Unchecked, validation: FieldValidation): Read | { readonly refused: Refused } {
  const given = upgraded(input);
  const registered = findKind(core, given);
  if ("code" in registered) return { refused: registered };
  const decoded = decodeAs(registered, given, validation);
  if ("refused" in decoded) return decoded;
  const { object } = decoded;
  // An object without metadata is one without a name: validation says so.
  return {
    registered,
    object: object.metadata ? object : { ...(object as KubeObject), metadata: { name: "" } },
    warnings: decoded.warnings,
  };
}

/** Decodes by the kind's schema. */
export function decodeAs(registered: Registered, given: Unchecked, validation: FieldValidation): ReturnType<typeof decode> {
  if (registered.custom) return decodeCustom(registered, given, validation);
  return decode(given, registered.info, registered.schemas, validation);
}

export function withWarnings(answer: Answer, warnings: readonly string[]): Answer {
  return warnings.length === 0 ? answer : { ...answer, warnings: [...warnings, ...(answer.warnings ?? [])] };
}
