/** A custom resource as handed in, to one of its version's schema: pruned, and with its defaults. */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import type { KubeObject, Unchecked } from "../../../api/object.ts";
import { goQuote } from "../../../lib/go-text.ts";
import type { FieldValidation } from "../../../sim/client.ts";
import { decode } from "../decode.ts";
import { copyFreeForm } from "../decode-free-form.ts";
import { applySchemaDefaults } from "../defaults/custom-resource.ts";
import type { Registered } from "../registry.ts";
import { badRequest } from "../status.ts";
import { prune } from "./prune.ts";

export function decodeCustom(registered: Registered, given: Unchecked, validation: FieldValidation): ReturnType<typeof decode> {
  const { info, schemas, storageVersion } = registered;
  const { apiVersion, kind, metadata, ...rest } = given;
  const decoded = decode({ apiVersion, kind, metadata }, info, schemas, validation === "Ignore" ? "Ignore" : "Warn");
  if ("refused" in decoded) return decoded;
  const refuse = (why: string): ReturnType<typeof decode> => ({
    refused: badRequest(`${info.kind} in version ${goQuote(info.version)} cannot be handled as a ${info.kind}: ${why}`),
  });
  const copied = copyFreeForm(rest) as Unchecked | undefined;
  if (copied === undefined) return refuse("exceeded max depth");
  const schema = schemaOf(registered);
  const pruned = schema ? prune(copied, schema) : { object: copied, unknown: [] };
  const strict = [...decoded.warnings, ...pruned.unknown.map((path) => `unknown field ${goQuote(path)}`)];
  if (validation === "Strict" && strict.length > 0) return refuse(`strict decoding error: ${strict.join(", ")}`);
  const object = { ...decoded.object, ...pruned.object, apiVersion: storageVersion } as KubeObject;
  return { object: schema ? applySchemaDefaults(object, schema) : object, warnings: validation === "Warn" ? strict : [] };
}

/** The schema of the version that objects of this kind come in. */
export function schemaOf({ custom }: Registered): JSONSchemaProps | undefined {
  return custom?.schema?.openAPIV3Schema;
}
