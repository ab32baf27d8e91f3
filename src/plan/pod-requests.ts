/**
 * What a Pod asks of a node.
 * @see kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go (PodRequests)
 */
import type { Container, Pod } from "../../generated/v1.36/model.ts";
import { addQuantity, compareQuantity, parseQuantity, type Quantity, ZERO } from "../lib/quantity.ts";

export type Amounts = ReadonlyMap<string, Quantity>;

/** max(containers + sidecars, max over init containers of (sidecars before it + it)) + overhead; Pod-level requests replace the sums. */
export function podRequests(pod: Pod): Amounts {
  const spec = pod.spec;
  let running: Amounts = sumOf(spec.containers.map(requestsOf));
  let sidecars: Amounts = new Map();
  let init: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = requestsOf(container);
    if (container.restartPolicy === "Always") {
      sidecars = add(sidecars, own);
      init = max(init, sidecars);
    } else init = max(init, add(sidecars, own));
  }
  running = max(add(running, sidecars), init);
  const podLevel = amounts(spec.resources?.requests);
  const merged = podLevel.size > 0 ? new Map([...running, ...podLevel]) : running;
  return spec.overhead ? add(merged, amounts(spec.overhead)) : merged;
}

function requestsOf(container: Container): Amounts {
  return amounts(container.resources?.requests);
}

export function amounts(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  const out = new Map<string, Quantity>();
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = parseQuantity(text);
    if (quantity) out.set(name, quantity);
  }
  return out;
}

export function add(a: Amounts, b: Amounts): Amounts {
  const out = new Map(a);
  for (const [name, q] of b) out.set(name, addQuantity(out.get(name) ?? ZERO, q));
  return out;
}

function max(a: Amounts, b: Amounts): Amounts {
  const out = new Map(a);
  for (const [name, q] of b) {
    const known = out.get(name);
    if (!known || compareQuantity(known, q) < 0) out.set(name, q);
  }
  return out;
}

function sumOf(list: readonly Amounts[]): Amounts {
  return list.reduce<Amounts>(add, new Map());
}
