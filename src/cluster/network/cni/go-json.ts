/**
 * Reading JSON values as Go's encoding/json reads them into a plugin's structs: names in any case, and its words for a wrong type.
 * @see Go encoding/json decode.go
 */

/** Where a value stands: the Go struct that has the field, and the names from the root. */
export interface Place {
  readonly struct: string;
  readonly path: string;
}

/** Thrown while decoding; the message is Go's. */
export class DecodeError extends Error {}

export type Members = Readonly<Record<string, unknown>>;

/** `json: cannot unmarshal number into Go struct field IPAMConfig.ipam.subnet of type string` */
export function wrongType(value: unknown, place: Place, goType: string): DecodeError {
  const kind = Array.isArray(value) ? "array" : value === true || value === false ? "bool" : typeof value;
  return new DecodeError(`json: cannot unmarshal ${kind} into Go struct field ${place.struct}.${place.path} of type ${goType}`);
}

/** The members of an object; `undefined` for null or nothing. */
export function membersOf(value: unknown, place: Place, goType: string): Members | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType(value, place, goType);
  return value as Members;
}

export function listOf(value: unknown, place: Place, goType: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw wrongType(value, place, goType);
  return value;
}

export function textOf(value: unknown, place: Place): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") throw wrongType(value, place, "string");
  return value;
}

export function numberOf(value: unknown, place: Place): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    if (typeof value === "number")
      throw new DecodeError(`json: cannot unmarshal number ${value} into Go struct field ${place.struct}.${place.path} of type int`);
    throw wrongType(value, place, "int");
  }
  return value;
}

/** The value of a field: of the name in any case, the last one given, as Go takes it. */
export function member(members: Members, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries(members)) if (key === name || key.toLowerCase() === name.toLowerCase()) found = value;
  return found;
}

/** Names in the order in which they stand in the document: of several mistakes the first is told. */
export function namesOf(members: Members, known: readonly string[]): readonly string[] {
  return Object.keys(members)
    .map((key) => known.find((name) => name.toLowerCase() === key.toLowerCase()))
    .filter((name) => name !== undefined);
}
