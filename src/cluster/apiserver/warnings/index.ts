/** What the API server warns of, by kind: things that it takes and that will not do what they seem to say. */
import type { KubeObject } from "../../../api/object.ts";
import type { ResourceInfo } from "../../../api/schema.ts";

/** The warnings on an object that is valid; `old` is what it replaces. */
type WarningsOf<T extends KubeObject = never> = (object: T, old: T | undefined) => readonly string[];

const WARNINGS: Readonly<Record<string, WarningsOf>> = {};

export function warningsOf(object: KubeObject, old: KubeObject | undefined, { group, kind }: ResourceInfo): readonly string[] {
  return WARNINGS[`${group}/${kind}`]?.(object as never, old as never) ?? [];
}
