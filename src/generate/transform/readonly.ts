/** A printed type → the same type, readonly all the way down: a readonly list also takes one that may be changed, not the other way round. */
import { Node, type TypeNode } from "ts-morph";

export function readonlyType(node: TypeNode): string {
  if (Node.isParenthesizedTypeNode(node)) return readonlyType(node.getTypeNode());
  if (Node.isArrayTypeNode(node)) return `readonly ${itemType(node.getElementTypeNode())}[]`;
  if (Node.isTupleTypeNode(node)) return `readonly [${node.getElements().map(tupleItem).join(", ")}]`;
  if (Node.isUnionTypeNode(node)) return node.getTypeNodes().map(readonlyType).join(" | ");
  if (Node.isTypeLiteral(node)) {
    const [index] = node.getIndexSignatures();
    if (index) return `Readonly<Record<string, ${readonlyType(index.getReturnTypeNodeOrThrow())}>>`;
  }
  return node.getText();
}

function tupleItem(node: TypeNode): string {
  if (!Node.isRestTypeNode(node)) return readonlyType(node);
  const list = node.getTypeNode();
  return `...${Node.isArrayTypeNode(list) ? `${itemType(list.getElementTypeNode())}[]` : list.getText()}`;
}

/** An item's type as it can stand before `[]`. */
function itemType(node: TypeNode): string {
  const text = readonlyType(node);
  return /^readonly |[|&]/.test(text) ? `(${text})` : text;
}
