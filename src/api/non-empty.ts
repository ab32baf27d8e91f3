/** A list that Kubernetes refuses when it is empty, such as a Pod's containers. */
export type NonEmpty<T> = readonly [T, ...T[]];

/**
 * A list built at run time, as one that has at least one item: `containers: nonEmpty(images.map(toContainer))`. A list written out, or one
 * that starts with an item (`[main, ...sidecars]`), needs no help.
 * @throws TypeError when the list is empty.
 */
export function nonEmpty<T>(items: readonly T[]): NonEmpty<T> {
  if (items.length === 0) throw new TypeError("nonEmpty() was given an empty list: at least one item is needed here");
  return items as NonEmpty<T>;
}
