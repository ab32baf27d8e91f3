/** What the rewritten language stands on: steps that count, pairs of two-variable macros, messages, optional entries; conversions. */
import { Optional } from "@marcbachmann/cel-js";
import { textOf } from "./format-text.ts";
import { CelError, type Library } from "./registrar.ts";

type CelMap = Readonly<Record<string, unknown>>;

/** Steps that an evaluation may still take. */
export interface Budget {
  left: number;
}

/** A part of an object that a policy applies: what it names is meant, nothing else. */
export class Message {
  readonly type: string;
  readonly fields: CelMap;
  constructor(type: string, fields: CelMap) {
    this.type = type;
    this.fields = fields;
  }
}

/** An entry that is there only if its value is. */
class Maybe {
  readonly value: Optional;
  constructor(value: Optional) {
    this.value = value;
  }
}

function present(of: CelMap | readonly unknown[]): CelMap | readonly unknown[] {
  if (Array.isArray(of)) return of.flatMap((v) => (v instanceof Maybe ? (v.value.hasValue() ? [v.value.value()] : []) : [v]));
  const entries = Object.entries(of).filter(([, v]) => !(v instanceof Maybe) || v.value.hasValue());
  return Object.fromEntries(entries.map(([k, v]) => [k, v instanceof Maybe ? v.value.value() : v]));
}

const escapeKey = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

export const core = (budget: Budget): Library => {
  return ({ add, type }) => {
    type("kubernetes.Message", Message);
    type("kubernetes.Maybe", Maybe);
    add("__more(): bool", () => budget.left-- > 0);
    add("__done(): bool", () => budget.left-- <= 0);
    add("list.__entries(): list<dyn>", (list: readonly unknown[]) => list.map((v, i) => [BigInt(i), v]));
    add("map.__entries(): list<dyn>", (map: CelMap) => (map instanceof Map ? [...map] : Object.entries(map)));
    add("list.__toMap(): map", (pairs: readonly (readonly [string, unknown])[]) => Object.fromEntries(pairs));
    add("list.__merged(): map", (maps: readonly CelMap[]) => Object.assign({}, ...maps) as CelMap);
    add("__may(dyn): kubernetes.Maybe", (value: unknown) => {
      if (!(value instanceof Optional)) throw new CelError("cannot initialize optional entry from non-optional value");
      return new Maybe(value);
    });
    add("__present(list): list", present);
    add("__present(map): map", present);
    add("__message(string, map): kubernetes.Message", (name: string, fields: CelMap) => new Message(name, present(fields) as CelMap));
    add("__jsonpatch_escapeKey(string): string", escapeKey);
    add("dyn.__optional(): list<dyn>", (value: Optional) => (value.hasValue() ? [value.value()] : []));
    add("list.__toOptional(): optional", (list: readonly unknown[]) => (list.length > 0 ? Optional.of(list[0]) : Optional.none()));
    add("list.__toFlatOptional(): optional", (list: readonly unknown[]) => list[0] ?? Optional.none());
    add("__string(dyn): string", textOf);
    add("google.protobuf.Timestamp.__getDayOfYear(): int", (at: Date) => {
      const start = Date.UTC(at.getUTCFullYear(), 0, 1);
      return BigInt(Math.floor((at.getTime() - start) / 86_400_000));
    });
    add("int(google.protobuf.Timestamp): int", (at: Date) => BigInt(Math.floor(at.getTime() / 1000)));
    add("__math_greatest(dyn, dyn): dyn", (a: bigint, b: bigint) => (a < b ? b : a));
    add("__math_least(dyn, dyn): dyn", (a: bigint, b: bigint) => (b < a ? b : a));
  };
};
