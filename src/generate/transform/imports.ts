/** The names that a generated file takes from others: collected while its types are made. */
import { type ImportDeclarationStructure, StructureKind } from "ts-morph";
import { invariant } from "../../lib/invariant.ts";
import type { Module } from "../layout.ts";
import { baseName } from "../spec.ts";
import { QUANTITY_TYPES } from "./quantities.ts";
import type { Naming } from "./types.ts";

/** Mutable while one file is made: every name asked for is imported, under another name where the file has that name itself. */
export class Imports implements Naming {
  readonly #module: Module;
  readonly #moduleOf: ReadonlyMap<string, Module>;
  readonly #own: ReadonlySet<string>;
  /** Module path → imported name → local name. */
  readonly #names = new Map<string, Map<string, string>>();

  constructor(module: Module, all: readonly Module[]) {
    this.#module = module;
    this.#moduleOf = new Map(all.flatMap((m) => m.schemas.map((s) => [s, m] as const)));
    this.#own = new Set(module.schemas.map(baseName));
  }

  /** A kind that is part of another object (a StatefulSet's claims) may leave out what says that it is one. */
  typeOf(schema: string): string {
    const module = this.#moduleOf.get(schema);
    invariant(module !== undefined, `no module has ${schema}`);
    const name = baseName(schema);
    if (!module.kinds.some((k) => k.schema === schema)) return this.named(module.path, name);
    return `(${this.named(module.path, `${name}Input`)} & Partial<Pick<${this.named(module.path, name)}, "apiVersion" | "kind">>)`;
  }

  /** The local name of a module's type. */
  named(path: string, name: string): string {
    if (path === this.#module.path) return name;
    const names = this.#names.get(path) ?? new Map<string, string>();
    this.#names.set(path, names);
    const group = path.slice(0, path.indexOf("/"));
    const local = this.#own.has(name) ? `${group.charAt(0).toUpperCase()}${group.slice(1)}${name}` : name;
    names.set(name, local);
    return local;
  }

  /** The import declarations that a file with this text needs. */
  declarations(text: string): ImportDeclarationStructure[] {
    const up = "../".repeat(this.#module.path.split("/").length - 1);
    const quantities = QUANTITY_TYPES.filter((t) => new RegExp(`\\b${t}\\b`).test(text));
    const types = [...this.#names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, names]) => ({
        from: `${up}${path}.ts`,
        names: [...names].sort(([a], [b]) => (a < b ? -1 : 1)),
      }));
    return [
      ...(this.#module.kinds.length > 0 ? [declaration(`${up}../../src/api/construct.ts`, [["construct", "construct"]], false)] : []),
      ...(quantities.length > 0
        ? [
            declaration(
              `${up}../../src/api/quantity-types.ts`,
              quantities.map((q) => [q, q] as const),
              true,
            ),
          ]
        : []),
      ...types.map((t) => declaration(t.from, t.names, true)),
    ];
  }
}

function declaration(from: string, names: readonly (readonly [string, string])[], isTypeOnly: boolean): ImportDeclarationStructure {
  return {
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier: from,
    isTypeOnly,
    namedImports: names.map(([name, local]) => (name === local ? { name } : { name, alias: local })),
  };
}
