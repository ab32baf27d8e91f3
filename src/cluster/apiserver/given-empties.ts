/**
 * Go tells an empty list or map from none, and shows the difference in messages: `Invalid value: {}` or `null`. Objects here do not: what is
 * empty is left out when they are decoded. So a refused object that stated something empty is refused once more with it, for the text.
 */
import type { KubeObject } from "../../api/object.ts";
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import type { Registered } from "./registry.ts";

type Members = Readonly<Record<string, unknown>>;

/** The refusal in the words for `given`, which was decoded and is shown by `again`; as it is where they would not say the same causes. */
export function withGivenEmpties(
  answer: Answer,
  given: unknown,
  object: KubeObject,
  registered: Registered,
  again: (object: KubeObject) => Answer,
): Answer {
  if (answer.code !== 422 || registered.custom) return answer;
  const stated = withStated(given, object, registered.info.schema, registered.schemas) as unknown as KubeObject;
  if (stated === object) return answer;
  const second = again(stated);
  return causesOf(second) === causesOf(answer) ? second : answer;
}

const causesOf = (answer: Answer): unknown => isRefused(answer) && JSON.stringify(answer.causes?.map((c) => [c.reason, c.field]));

/** `value` with the empty lists and maps of `given` that it lacks; itself when there is none. */
function withStated(given: unknown, value: unknown, schema: string, schemas: SchemaTable): Members {
  const old = value as Members;
  if (!isMembers(given) || !isMembers(value)) return old;
  let out: Record<string, unknown> | undefined;
  for (const [name, stated] of Object.entries(given)) {
    const field = schemas[schema]?.fields[name];
    if (!field || typeof stated !== "object" || stated === null) continue;
    const was = old[name];
    const now = was === undefined ? emptyOf(stated, field) : statedIn(stated, was, field, schemas);
    if (now === was) continue;
    out ??= { ...old };
    out[name] = now;
  }
  return out ?? old;
}

function emptyOf(stated: object, field: FieldSchema): unknown {
  if (field.type === "list") return Array.isArray(stated) && stated.length === 0 ? [] : undefined;
  return field.type === "map" && isMembers(stated) && Object.keys(stated).length === 0 ? {} : undefined;
}

function statedIn(stated: unknown, was: unknown, field: FieldSchema, schemas: SchemaTable): unknown {
  if (field.type === "ref") return withStated(stated, was, field.ref ?? "", schemas);
  const items = field.items;
  if (items?.type !== "ref") return was;
  if (field.type === "list" && Array.isArray(stated) && Array.isArray(was) && stated.length === was.length) {
    const now = was.map((item, i) => withStated(stated[i], item, items.ref ?? "", schemas));
    return now.some((item, i) => item !== was[i]) ? now : was;
  }
  if (field.type === "map" && isMembers(stated) && isMembers(was)) {
    const now = Object.entries(was).map(([key, item]) => [key, withStated(stated[key], item, items.ref ?? "", schemas)] as const);
    return now.some(([key, item]) => item !== was[key]) ? Object.fromEntries(now) : was;
  }
  return was;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
