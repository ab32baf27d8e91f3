/**
 * How large a request may be, and what is kept of it.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go (limitedReadBody); etcd's --max-request-bytes
 */
import type { Refused } from "../../sim/answer.ts";
import { plainError } from "./status.ts";

/** Bytes of a request's body. */
const BODY_MAX = 3 * 1024 * 1024;
/** Bytes of what etcd takes in one write. */
const STORED_MAX = 1.5 * 1024 * 1024;

/** 413 for a body of more than 3 MiB of JSON. */
export function tooLargeBody(body: unknown): Refused | undefined {
  // Characters are at most three bytes: what is small is not measured exactly.
  if (lengthOf(body, BODY_MAX / 4) < BODY_MAX / 4 || sizeOf(body) <= BODY_MAX) return undefined;
  return { code: 413, reason: "RequestEntityTooLarge", message: `Request entity too large: limit is ${BODY_MAX}` };
}

/**
 * 500 for an object that etcd does not take.
 * Simplified: objects of built-in kinds are kept in a more compact form, which is taken to be the size of their texts.
 */
export function tooLargeForEtcd(object: unknown, isCustom: boolean): Refused | undefined {
  const texts = lengthOf(object, STORED_MAX);
  if (texts < STORED_MAX / 4) return undefined;
  return (isCustom ? sizeOf(object) : texts) > STORED_MAX ? plainError("etcdserver: request is too large") : undefined;
}

/** As JSON, in bytes; a value that is no JSON has none, and is refused for what it is. */
function sizeOf(value: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length;
  } catch {
    return 0;
  }
}

/** The length of its names and texts, counted no further than `enough`; deeper than the decoder goes, nothing counts. */
export function lengthOf(value: unknown, enough: number, depth = 0): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || depth > DEPTH_MAX) return 1;
  let size = 2;
  if (Array.isArray(value))
    for (let i = 0; i < value.length && size < enough; i++) size += 1 + lengthOf(value[i], enough - size, depth + 1);
  else
    for (const name in value) {
      if (size >= enough) break;
      size += name.length + 2 + lengthOf((value as Readonly<Record<string, unknown>>)[name], enough - size, depth + 1);
    }
  return size;
}

const DEPTH_MAX = 1_000;
