/** The comments of a YAML document, by the path of what they are about. */
import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair } from "yaml";

export interface FoundComments {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, string>;
  /** After the last item of a list or map, inside of it. */
  readonly end: ReadonlyMap<string, readonly string[]>;
}

type Noted = { readonly comment?: string | null; readonly commentBefore?: string | null };

/** Paths as in `spec.containers[0].image`, with keys that are no words in brackets: {@link pathOf}. */
export function commentsOf(document: Document): FoundComments {
  const before = new Map<string, string[]>();
  const after = new Map<string, string>();
  const end = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, path: string, comment: string | null | undefined): void => {
    if (comment) to.set(path, [...(to.get(path) ?? []), ...comment.split("\n")]);
  };
  add(before, "", document.commentBefore);
  add(end, "", document.comment);
  const visit = (node: unknown, path: string, firstChild: string | undefined): void => {
    const noted = node as Noted | null;
    if (isMap(node) || isSeq(node)) {
      const paths = node.items.map((item, i) => (isPair(item) ? pathOf(path, keyOf(item)) : `${path}[${i}]`));
      // Between a key and its first item: it is about that item.
      add(before, paths[0] ?? path, noted?.commentBefore);
      // `{a: 1} # about it` stands on the line; after a block it stands below its items.
      if (node.flow && noted?.comment && path !== "") after.set(path, noted.comment.split("\n").join(" ").trim());
      else add(end, path, noted?.comment);
      node.items.forEach((item, i) => {
        const at = paths[i]!;
        if (isPair(item)) {
          const key = item.key as Noted | null;
          add(before, at, key?.commentBefore);
          add(before, at, key?.comment);
          visit(item.value, at, at);
        } else visit(item, at, at);
      });
    } else if (isScalar(node)) {
      add(before, firstChild ?? path, noted?.commentBefore);
      const said = noted?.comment;
      if (!said) return;
      const [line, ...more] = said.split("\n");
      if (line !== undefined && line.trim() !== "") after.set(path, line.trim());
      add(before, path, more.join("\n"));
    } else if (node) {
      add(before, path, noted?.commentBefore);
      if (noted?.comment) after.set(path, noted.comment.split("\n").join(" ").trim());
    }
  };
  visit(document.contents as Node | null, "", undefined);
  return { before, after, end };
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

export function pathOf(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${key}]`;
  return parent === "" ? key : `${parent}.${key}`;
}
