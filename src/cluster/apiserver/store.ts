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
  /** By namespace, then name; what is cluster-scoped stands under "". */
  readonly #namespaces = new Map<string, Map<string, Cell>>();
  /** In order of key; none for a namespace (undefined: for all) in which one came or went since. */
  readonly #sorted = new Map<string | undefined, readonly Cell[]>();
  /** What `list` last gave; none where anything changed since. */
  readonly #lists = new Map<string | undefined, readonly KubeObject[]>();
  /** How many objects of a key have gone, for uids. */
  readonly #gone = new Map<string, number>();

  get(name: string, namespace = ""): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.get(name)?.object;
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
    const maps = namespace === undefined ? [...this.#namespaces.values()] : [this.#namespaces.get(namespace) ?? NO_CELLS];
    const sorted = maps.flatMap((cells) => [...cells.values()]).sort((a, b) => (a.key < b.key ? -1 : 1));
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
    const { name, namespace = "" } = object.metadata;
    let cells = this.#namespaces.get(namespace);
    if (!cells) {
      cells = new Map();
      this.#namespaces.set(namespace, cells);
    }
    const cell = cells.get(name);
    if (cell) cell.object = object;
    else {
      cells.set(name, { key: keyIn(namespace, name), object });
      forget(this.#sorted, namespace);
    }
    forget(this.#lists, namespace);
  }

  remove(name: string, namespace = ""): void {
    const cells = this.#namespaces.get(namespace);
    const cell = cells?.get(name);
    invariant(cells && cell, `a stored ${keyIn(namespace, name)} is removed`);
    cells.delete(name);
    if (cells.size === 0) this.#namespaces.delete(namespace);
    this.#gone.set(cell.key, (this.#gone.get(cell.key) ?? 0) + 1);
    forget(this.#sorted, namespace);
    forget(this.#lists, namespace);
  }
}

const NO_CELLS: ReadonlyMap<string, Cell> = new Map();

/** Drops what is kept for a namespace and for all of them. */
function forget(kept: Map<string | undefined, unknown>, namespace: string): void {
  if (kept.size === 0) return;
  kept.delete(undefined);
  kept.delete(namespace);
}

function keyIn(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

/**
 * What a real control plane writes at its start and a simulated one does not have (roles, flow schemas, API services, leases …): a fresh cluster's
 * objects begin behind it. As it was with the recorded one.
 */
const REVISIONS_OF_THE_START = 210;

export class Store {
  readonly #tables = new Map<string, Table>();
  #revision = REVISIONS_OF_THE_START;
  /** Virtual milliseconds of writes that are kept elsewhere, in order; so many of them are counted in the revision. */
  readonly #elsewhere: number[] = [];
  #counted = 0;

  /** The latest revision: that of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** The resourceVersion of a write now. */
  nextRevision(nowMs: number): string {
    const late = this.#elsewhere;
    for (; this.#counted < late.length && late[this.#counted]! <= nowMs; this.#counted++) this.#revision++;
    if (this.#counted > 0 && this.#counted === late.length) {
      late.length = 0;
      this.#counted = 0;
    }
    return String(++this.#revision);
  }

  /** A write that is kept elsewhere takes a revision at this time, no earlier than the one before. */
  countWrite(atMs: number): void {
    this.#elsewhere.push(atMs);
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
