/** Manifests to the TypeScript that a person would have written: one constant an object, in groups' constructors, with references between them. */
import { groupOf, versionOf } from "../../api/object.ts";
import type { FieldSchema, ObjectSchema, ResourceInfo, SchemaTable } from "../../api/schema.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { type Code, commentLines, type Item, printCode, text, valueCode } from "../print/code.ts";
import { type FoundComments, pathOf } from "./comments.ts";
import { fitOf, isKnownResource } from "./fit.ts";
import { fresh, identifiers } from "./identifiers.ts";
import { targetOf } from "./references.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface ManifestObject {
  /** With `apiVersion`, `kind` and `metadata`. */
  readonly object: Fields;
  readonly comments?: FoundComments | undefined;
  /** Where the object stands in its document: `""`, or `items[2]` in a list. */
  readonly path: string;
  /** Said before the first object of a file, where there are several. */
  readonly file?: string | undefined;
}

export interface Tables {
  readonly resources: readonly ResourceInfo[];
  readonly schemas: SchemaTable;
}

/** Maps of labels, which several objects have in common. */
const LABEL_FIELDS: ReadonlySet<string> = new Set(["labels", "matchLabels", "selector"]);

export function importManifests(objects: readonly ManifestObject[], tables: Tables): string {
  return new Importer(objects, tables).text();
}

/** Collects constants while it walks: an object that another one names is written before it. */
class Importer {
  readonly #objects: readonly ManifestObject[];
  readonly #tables: Tables;
  readonly #names: readonly string[];
  readonly #taken = new Set<string>();
  readonly #byIdentity = new Map<string, number>();
  readonly #state = new Map<number, "open" | "done">();
  readonly #statements: string[] = [];
  /** Module → what is imported from it. */
  readonly #imports = new Map<string, Set<string>>();
  /** Labels that are said more than once: canonical text → name. */
  readonly #labels = new Map<string, { readonly value: Fields; readonly wanted: string; name?: string }>();
  #seen = new Set<string>();

  constructor(objects: readonly ManifestObject[], tables: Tables) {
    this.#objects = objects;
    this.#tables = tables;
    for (const { object } of objects) this.#taken.add(String(object["kind"]));
    this.#names = identifiers(
      objects.map(({ object }) => ({ kind: String(object["kind"]), name: nameOf(object) })),
      this.#taken,
    );
    objects.forEach(({ object }, i) => {
      const name = nameOf(object);
      if (name !== undefined) this.#byIdentity.set(identity(String(object["kind"]), namespaceOf(object), name), i);
    });
    this.#findLabels();
  }

  text(): string {
    this.#objects.forEach((_, i) => {
      this.#emit(i);
    });
    const imports = [...this.#imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([module, names]) => importLine(module, [...names].sort()));
    const list = printCode({ type: "list", items: this.#names.map((name) => ({ value: text(name) })) }, "", "export default ".length);
    return `${[imports.join("\n"), ...this.#statements, `export default ${list};`].filter((s) => s !== "").join("\n\n")}\n`;
  }

  /** Labels by which a workload selects its Pods, where they are said at least twice. */
  #findLabels(): void {
    const counts = new Map<string, number>();
    const count = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(count);
      if (!isMap(value)) return;
      for (const [key, item] of Object.entries(value)) {
        if (LABEL_FIELDS.has(key) && isMap(item)) counts.set(canonicalJson(item), (counts.get(canonicalJson(item)) ?? 0) + 1);
        count(item);
      }
    };
    for (const { object } of this.#objects) count(object);
    this.#objects.forEach(({ object }, i) => {
      const spec = object["spec"];
      const labels =
        isMap(spec) && isMap(spec["selector"]) && isMap(spec["template"]) ? (spec["selector"] as Fields)["matchLabels"] : undefined;
      if (!isMap(labels) || Object.keys(labels).length === 0) return;
      const key = canonicalJson(labels);
      if ((counts.get(key) ?? 0) > 1 && !this.#labels.has(key)) this.#labels.set(key, { value: labels, wanted: `${this.#names[i]}Labels` });
    });
  }

  #emit(i: number): void {
    if (this.#state.has(i)) return;
    this.#state.set(i, "open");
    const { object, comments, path, file } = this.#objects[i]!;
    const outer = this.#seen;
    this.#seen = new Set();
    const apiVersion = String(object["apiVersion"]);
    const kind = String(object["kind"]);
    const resource = this.#resourceOf(apiVersion, kind);
    const schema = resource && this.#tables.schemas[resource.schema];
    const { apiVersion: _, kind: __, ...rest } = object;
    const fields = resource ? rest : object;
    const code = this.#map(fields, schema, path, [], i);
    const name = this.#names[i]!;
    const start = resource ? `const ${name} = ${kind}(` : `const ${name} = `;
    const body = `${start}${printCode(code, "", start.length)}${resource ? ")" : ""};`;
    if (resource) this.#import(`seatrial/${resource.group === "" ? "core" : resource.group}/${resource.version}`, kind);
    const head = [...this.#headComments(comments, path, pathOf(path, Object.keys(fields)[0] ?? ""))];
    const before = this.#objects[i - 1];
    const section = file !== undefined && before?.file !== file ? [...commentLines([file], ""), ""] : [];
    this.#statements.push([...section, ...commentLines(head, ""), body, ...commentLines(comments?.end.get(path), "")].join("\n"));
    this.#state.set(i, "done");
    this.#seen = outer;
  }

  /** Comments about the object as a whole, and those whose place is not written: none gets lost. */
  #headComments(comments: FoundComments | undefined, path: string, first: string): readonly string[] {
    if (!comments) return [];
    const ofFirst = comments.after.get(first);
    const head: string[] = [
      ...(comments.before.get(path) ?? []),
      ...(comments.before.get(first) ?? []),
      ...(ofFirst === undefined ? [] : [` ${ofFirst}`]),
    ];
    this.#seen.add(path);
    const lies = (at: string): boolean => path === "" || at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`);
    for (const [at, lines] of comments.before) if (!this.#seen.has(at) && lies(at)) head.push(...lines);
    for (const [at, line] of comments.after) if (!this.#seen.has(at) && lies(at)) head.push(` ${line}`);
    for (const [at, lines] of comments.end) if (at !== path && !this.#seen.has(at) && lies(at)) head.push(...lines);
    return head;
  }

  #resourceOf(apiVersion: string, kind: string): ResourceInfo | undefined {
    return this.#tables.resources.find((r) => r.group === groupOf(apiVersion) && r.version === versionOf(apiVersion) && r.kind === kind);
  }

  #import(module: string, name: string): void {
    this.#imports.set(module, (this.#imports.get(module) ?? new Set()).add(name));
  }

  #map(value: Fields, schema: ObjectSchema | undefined, path: string, keys: readonly string[], owner: number): Code {
    const comments = this.#objects[owner]!.comments;
    const items = Object.entries(value).map(([key, item], i): Item => {
      const at = pathOf(path, key);
      const field = schema?.fields[key];
      const code = this.#value(item, field, at, [...keys, key], value, owner);
      const unknown = schema !== undefined && field === undefined;
      // What is said before the first field is said of the object.
      const first = i === 0 && path === this.#objects[owner]!.path;
      this.#seen.add(at);
      return { ...(first ? {} : commentsAt(comments, at)), ...(unknown ? { value: spread(key, code) } : { key, value: code }) };
    });
    this.#seen.add(path);
    return {
      type: "object",
      items,
      end: path === this.#objects[owner]!.path ? undefined : comments?.end.get(path),
      suffix: lacksRequired(value, schema) ? " as never" : undefined,
    };
  }

  #value(value: unknown, field: FieldSchema | undefined, path: string, keys: readonly string[], parent: Fields, owner: number): Code {
    const fit = fitOf(value, field, keys);
    if (fit === "quantity") {
      this.#import("seatrial", "quantity");
      return text(`quantity(${JSON.stringify(value)})`);
    }
    const code = this.#plain(value, field, path, keys, parent, owner);
    if (fit === "plain") return code;
    return code.type === "text" ? text(`${code.text} as never`) : { ...code, suffix: " as never" };
  }

  #plain(value: unknown, field: FieldSchema | undefined, path: string, keys: readonly string[], parent: Fields, owner: number): Code {
    if (typeof value === "string") {
      const reference = this.#reference(value, keys, parent, owner);
      return reference === undefined ? valueCode(value) : text(reference);
    }
    if (Array.isArray(value)) return this.#list(value, field, path, keys, owner);
    if (!isMap(value)) return valueCode(value);
    const labels = LABEL_FIELDS.has(keys.at(-1) ?? "") ? this.#sharedLabels(value, path, owner) : undefined;
    if (labels) return labels;
    if (field?.type === "map") return this.#freeMap(value, field, path, keys, owner);
    return this.#map(value, field?.ref === undefined ? undefined : this.#tables.schemas[field.ref], path, keys, owner);
  }

  #freeMap(value: Fields, field: FieldSchema, path: string, keys: readonly string[], owner: number): Code {
    const comments = this.#objects[owner]!.comments;
    const items = Object.entries(value).map(([key, item]): Item => {
      const at = pathOf(path, key);
      this.#seen.add(at);
      const code = this.#value(item, field.items, at, [...keys, key], value, owner);
      const unknown = field.items?.type === "quantity" && !isKnownResource(key);
      return { ...commentsAt(comments, at), ...(unknown ? { value: spread(key, code) } : { key, value: code }) };
    });
    this.#seen.add(path);
    return { type: "object", items, end: comments?.end.get(path) };
  }

  #list(value: readonly unknown[], field: FieldSchema | undefined, path: string, keys: readonly string[], owner: number): Code {
    const comments = this.#objects[owner]!.comments;
    const items = value.map((item, i): Item => {
      const at = `${path}[${i}]`;
      this.#seen.add(at);
      return { ...commentsAt(comments, at), value: this.#value(item, field?.items, at, keys, { [keys.at(-1) ?? ""]: value }, owner) };
    });
    this.#seen.add(path);
    return { type: "list", items, end: comments?.end.get(path) };
  }

  /** `web.metadata.name`, for the name of an object that is written here. */
  #reference(value: string, keys: readonly string[], parent: Fields, owner: number): string | undefined {
    const { object } = this.#objects[owner]!;
    if (!this.#resourceOf(String(object["apiVersion"]), String(object["kind"]))) return undefined;
    const target = targetOf(keys, value, parent);
    if (!target) return undefined;
    const found =
      this.#byIdentity.get(identity(target.kind, target.namespace ?? namespaceOf(object), target.name)) ??
      this.#byIdentity.get(identity(target.kind, undefined, target.name));
    if (found === undefined || found === owner) return undefined;
    const other = this.#objects[found]!.object;
    const named = this.#resourceOf(String(other["apiVersion"]), String(other["kind"]));
    // A namespaced object of another namespace is not the one that is meant.
    if (!named || (named.namespaced && namespaceOf(other) !== (target.namespace ?? namespaceOf(object)))) return undefined;
    this.#emit(found);
    return this.#state.get(found) === "done" ? `${this.#names[found]}.metadata.name` : undefined;
  }

  #sharedLabels(value: Fields, path: string, owner: number): Code | undefined {
    const comments = this.#objects[owner]!.comments;
    const commented = [...(comments?.before.keys() ?? []), ...(comments?.after.keys() ?? []), ...(comments?.end.keys() ?? [])];
    if (comments?.end.has(path) || commented.some((at) => at !== path && (at.startsWith(`${path}.`) || at.startsWith(`${path}[`))))
      return undefined;
    const exact = this.#labels.get(canonicalJson(value));
    if (exact) return text(this.#labelsName(exact));
    const part = [...this.#labels.values()].find(
      (l) => l.wanted === `${this.#names[owner]}Labels` && Object.entries(l.value).every(([k, v]) => value[k] === v),
    );
    if (!part) return undefined;
    const more = Object.entries(value).filter(([key]) => !Object.hasOwn(part.value, key));
    return {
      type: "object",
      items: [{ value: text(`...${this.#labelsName(part)}`) }, ...more.map(([key, item]) => ({ key, value: valueCode(item) }))],
    };
  }

  #labelsName(labels: { readonly value: Fields; readonly wanted: string; name?: string }): string {
    if (labels.name === undefined) {
      labels.name = fresh(labels.wanted, "labels", this.#taken);
      const start = `const ${labels.name} = `;
      this.#statements.push(`${start}${printCode(valueCode(labels.value), "", start.length)};`);
    }
    return labels.name;
  }
}

function commentsAt(
  comments: FoundComments | undefined,
  path: string,
): { readonly before?: readonly string[] | undefined; readonly after?: string | undefined } {
  return { before: comments?.before.get(path), after: comments?.after.get(path) };
}

/** `...{ unknown: 1 }`: the compiler does not ask whether the type has it. */
function spread(key: string, value: Code): Code {
  return text(`...${printCode({ type: "object", items: [{ key, value }] })}`);
}

/** A volume without a source is an empty one to the API server, and a mistake to the types. */
function lacksRequired(value: Fields, schema: ObjectSchema | undefined): boolean {
  if (schema?.goType === "v1.Volume" && Object.keys(value).length < 2) return true;
  return (
    schema !== undefined &&
    Object.entries(schema.fields).some(([key, field]) => field.required && field.default === undefined && value[key] === undefined)
  );
}

function importLine(module: string, names: readonly string[]): string {
  const line = `import { ${names.join(", ")} } from "${module}";`;
  return line.length <= 100 ? line : `import {\n${names.map((n) => `  ${n},`).join("\n")}\n} from "${module}";`;
}

function nameOf(object: Fields): string | undefined {
  const name = isMap(object["metadata"]) ? object["metadata"]["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function namespaceOf(object: Fields): string | undefined {
  const namespace = isMap(object["metadata"]) ? object["metadata"]["namespace"] : undefined;
  return typeof namespace === "string" ? namespace : undefined;
}

function identity(kind: string, namespace: string | undefined, name: string): string {
  return JSON.stringify([kind, namespace ?? "", name]);
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
