/** JSON schemas to TypeScript types: objects become interfaces, equal ones the same interface. */
import { canonicalJson } from "../../lib/canonical-json.ts";
import { keyText } from "../print/code.ts";
import { fieldComment } from "./docs.ts";
import type { JsonSchema } from "./schema.ts";

/** Names that a nested type cannot have: what the module itself says. */
const TAKEN = ["NamedObjectMeta", "ObjectMeta", "customObject"];
/** Schemas in schemas: Kubernetes' own reader stops far earlier. */
const DEPTH_MAX = 200;

/** Collects the interfaces of one module. */
export class TypePrinter {
  readonly interfaces: string[] = [];
  readonly #names: Set<string>;
  readonly #known = new Map<string, string>();

  constructor(kinds: readonly string[]) {
    this.#names = new Set([...TAKEN, ...kinds, ...kinds.map((k) => `${k}Input`)]);
  }

  /** @param path what an interface for it would be called: `CertificateSpecKeystores` */
  typeOf(schema: JsonSchema | boolean | undefined, path: string, depth = 0): string {
    if (schema === undefined || typeof schema === "boolean" || depth > DEPTH_MAX) return "unknown";
    const type = this.#typeOf(schema, path, depth);
    return schema.nullable && type !== "unknown" ? `${type} | null` : type;
  }

  #typeOf(schema: JsonSchema, path: string, depth: number): string {
    if (schema["x-kubernetes-int-or-string"]) return "number | string";
    if (schema.enum && schema.enum.length > 0) return [...new Set(schema.enum.map((v) => literal(v)))].join(" | ");
    switch (schema.type) {
      case "string":
        return "string";
      case "integer":
      case "number":
        return "number";
      case "boolean":
        return "boolean";
      case "array":
        return this.#list(schema, path, depth);
      case "object":
        return this.#object(schema, path, depth);
      default:
        return schema.properties ? this.#object(schema, path, depth) : "unknown";
    }
  }

  #list(schema: JsonSchema, path: string, depth: number): string {
    const items = Array.isArray(schema.items) ? undefined : (schema.items as JsonSchema | undefined);
    const item = this.typeOf(items, path, depth + 1);
    const one = /[|&]/.test(item) && !item.startsWith("{") ? `(${item})` : item;
    return (schema.minItems ?? 0) > 0 ? `readonly [${item}, ...${one}[]]` : `readonly ${one}[]`;
  }

  #object(schema: JsonSchema, path: string, depth: number): string {
    const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
    const embedded = schema["x-kubernetes-embedded-resource"] === true;
    if (!schema.properties || Object.keys(schema.properties).length === 0) {
      if (embedded)
        return "{ readonly apiVersion: string; readonly kind: string; readonly metadata?: ObjectMeta | undefined; readonly [field: string]: unknown }";
      const values = schema.additionalProperties;
      if (typeof values === "object") return `{ readonly [key: string]: ${this.typeOf(values, path, depth + 1)} }`;
      return open || values === true ? "{ readonly [field: string]: unknown }" : "{ readonly [field: string]: never }";
    }
    return this.named(path, schema, depth, open);
  }

  /** The interface of an object with fields; the same object elsewhere has the same one. */
  named(path: string, schema: JsonSchema, depth = 0, open = false): string {
    const key = canonicalJson(schema);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh(path);
    this.#known.set(key, name);
    const at = this.interfaces.push("") - 1;
    this.interfaces[at] = `export interface ${name} ${this.fields(name, schema, depth, open)}`;
    return name;
  }

  fields(path: string, schema: JsonSchema, depth = 0, open = false, skip: readonly string[] = []): string {
    const required = new Set(schema.required ?? []);
    const lines = Object.entries(schema.properties ?? {}).flatMap(([field, of]) => {
      if (skip.includes(field)) return [];
      const type = this.typeOf(of, path + pascalCase(field), depth + 1);
      // A default is filled in by the API server.
      const optional = !required.has(field) || of.default !== undefined;
      return [
        ...fieldComment(of),
        `  readonly ${keyText(field)}${optional ? "?" : ""}: ${type}${optional && type !== "unknown" ? " | undefined" : ""};`,
      ];
    });
    return ["{", ...lines, ...(open ? ["  readonly [field: string]: unknown;"] : []), "}"].join("\n");
  }

  #fresh(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#names.has(name); n++) name = `${wanted}${n}`;
    this.#names.add(name);
    return name;
  }
}

function literal(value: unknown): string {
  return typeof value === "object" && value !== null ? "unknown" : JSON.stringify(value);
}

/** `dnsNames` → `DnsNames`; what is no letter or digit goes. */
export function pascalCase(field: string): string {
  return field
    .split(/[^A-Za-z0-9]+/)
    .filter((w) => w !== "")
    .map((w) => w[0]!.toUpperCase() + w.slice(1))
    .join("");
}
