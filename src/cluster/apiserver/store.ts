/**
 * Where the objects are: one revision counter, a table for each kind, objects that are never changed in place.
 * Nobody but the API server touches it.
 */
import type { KubeObject } from "../../api/object.ts";
import { invariant } from "../../lib/invariant.ts";
import { uuidOf } from "../../lib/random.ts";

/** One stored object; the cell stays when the object is replaced, so that the order of a table need not be found anew. */
interface Cell {
  readonly key: string;
  object: KubeObject;
}

const NOTHING: readonly KubeObject[] = [];

/** The objects of one kind (group and kind: the versions of a group share theirs). */
export class Table {
  readonly #cells = new Map<string, Cell>();
  readonly #byNamespace = new Map<string, Map<string, Cell>>();
  /** In order of key; undefined when one came or went since. */
  readonly #sorted = new Map<string | undefined, readonly Cell[]>();
  /** What `list` last gave; undefined when anything changed since. */
  readonly #lists = new Map<string | undefined, readonly KubeObject[]>();
  /** How many objects of a key have gone, for uids. */
  readonly #gone = new Map<string, number>();

  get size(): number {
    return this.#cells.size;
  }

  get(name: string, namespace: string | undefined): KubeObject | undefined {
    if (namespace === undefined || namespace === "") return this.#cells.get(name)?.object;
    return this.#byNamespace.get(namespace)?.get(name)?.object;
  }

  /** In order of key (`namespace/name`, byte by byte, as etcd has it); of all namespaces when none is given. */
  list(namespace: string | undefined): readonly KubeObject[] {
    const known = this.#lists.get(namespace);
    if (known) return known;
    const list = this.#inOrder(namespace).map((cell) => cell.object);
    this.#lists.set(namespace, list);
    return list;
  }

  #inOrder(namespace: string | undefined): readonly Cell[] {
    const known = this.#sorted.get(namespace);
    if (known) return known;
    const cells = namespace === undefined ? this.#cells : this.#byNamespace.get(namespace);
    if (!cells) return [];
    const sorted = [...cells.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#sorted.set(namespace, sorted);
    return sorted;
  }

  /** A uid for the next object of a name: the same whatever else there is, another for each object that bore the name. */
  newUid(kind: string, name: string, namespace: string | undefined): string {
    const key = keyIn(namespace, name);
    const before = this.#gone.get(key) ?? 0;
    return uuidOf(before === 0 ? `${kind} ${key}` : `${kind} ${key} ${before}`);
  }

  put(object: KubeObject): void {
    const { name, namespace } = object.metadata;
    const key = keyIn(namespace, name);
    const cell = this.#cells.get(key);
    if (cell) cell.object = object;
    else this.#add({ key, object }, name, namespace);
    this.#lists.delete(undefined);
    if (namespace) this.#lists.delete(namespace);
  }

  #add(cell: Cell, name: string, namespace: string | undefined): void {
    this.#cells.set(cell.key, cell);
    this.#sorted.delete(undefined);
    if (!namespace) return;
    this.#sorted.delete(namespace);
    let inNamespace = this.#byNamespace.get(namespace);
    if (!inNamespace) {
      inNamespace = new Map();
      this.#byNamespace.set(namespace, inNamespace);
    }
    inNamespace.set(name, cell);
  }

  remove(name: string, namespace: string | undefined): void {
    const key = keyIn(namespace, name);
    invariant(this.#cells.delete(key), `a stored ${key} is removed`);
    this.#gone.set(key, (this.#gone.get(key) ?? 0) + 1);
    for (const scope of namespace ? [undefined, namespace] : [undefined]) {
      this.#sorted.delete(scope);
      this.#lists.delete(scope);
    }
    if (!namespace) return;
    const inNamespace = this.#byNamespace.get(namespace);
    inNamespace?.delete(name);
    if (inNamespace?.size === 0) this.#byNamespace.delete(namespace);
  }
}

function keyIn(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

export class Store {
  readonly #tables = new Map<string, Table>();
  #revision = 0;

  /** The latest revision: that of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** The resourceVersion of the next write. */
  nextRevision(): string {
    return String(++this.#revision);
  }

  table(id: string): Table {
    let table = this.#tables.get(id);
    if (!table) {
      table = new Table();
      this.#tables.set(id, table);
    }
    return table;
  }

  get(id: string, name: string, namespace: string | undefined): KubeObject | undefined {
    return this.#tables.get(id)?.get(name, namespace);
  }

  list(id: string, namespace: string | undefined): readonly KubeObject[] {
    return this.#tables.get(id)?.list(namespace) ?? NOTHING;
  }
}
