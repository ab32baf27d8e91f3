/** From what a caller hands in to an object of a known kind. */
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { Answer, Refused } from "../../sim/answer.ts";
import type { FieldValidation } from "../../sim/client.ts";
import type { Core } from "./core.ts";
import { decodeCustom } from "./custom/decode.ts";
import { decode } from "./decode.ts";
import { decodePlain } from "./decode-plain.ts";
import type { Registered } from "./registry.ts";
import { badRequest, methodNotAllowed, noMatch } from "./status.ts";
import { isMap } from "./typed.ts";
import { upgraded } from "./upgrade.ts";

export interface Read {
  readonly registered: Registered;
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  /** Whether it is known to be far smaller than any limit. */
  readonly isSmall: boolean;
}

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

/** `refuse` is asked about an object that is not known to be small, before it is looked at closely. */
export function readObject(
  core: Core,
  input: Unchecked,
  validation: FieldValidation,
  refuse: (input: Unchecked) => Refused | undefined = () => undefined,
): Read | { readonly refused: Refused } {
  const given = upgraded(input);
  const registered = findKind(core, given);
  if ("code" in registered) return { refused: refuse(input) ?? registered };
  const plain = registered.custom ? undefined : decodePlain(given, registered.info.schema, registered.schemas);
  if (plain) return { registered, object: withMetadata(plain as unknown as KubeObject), warnings: NONE, isSmall: true };
  const refused = refuse(input);
  if (refused) return { refused };
  const decoded = decodeAs(registered, given, validation);
  if ("refused" in decoded) return decoded;
  return { registered, object: withMetadata(decoded.object), warnings: decoded.warnings, isSmall: false };
}

const NONE: readonly string[] = [];

/** An object without metadata is one without a name: validation says so. */
function withMetadata(object: KubeObject): KubeObject {
  return object.metadata ? object : { ...object, metadata: { name: "" } };
}

/** Decodes by the kind's schema. */
export function decodeAs(registered: Registered, given: Unchecked, validation: FieldValidation): ReturnType<typeof decode> {
  if (registered.custom) return decodeCustom(registered, given, validation);
  return decode(given, registered.info, registered.schemas, validation);
}

export function withWarnings(answer: Answer, warnings: readonly string[]): Answer {
  return warnings.length === 0 ? answer : { ...answer, warnings: [...warnings, ...(answer.warnings ?? [])] };
}
