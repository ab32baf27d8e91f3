/** Amounts by resource name, and their arithmetic. @see kubernetes staging/src/k8s.io/apiserver/pkg/quota/v1/resources.go */
import { addQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity, subtractQuantity } from "../../lib/quantity.ts";

/** Amounts by resource name: `requests.cpu`, `pods`, `count/deployments.apps`. */
export type Amounts = ReadonlyMap<string, Quantity>;

/** A resource list as objects hold it; what is no quantity is left out. */
export function amountsOf(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  const out = new Map<string, Quantity>();
  for (const name in list) {
    const quantity = parseQuantity(list[name]!);
    if (quantity) out.set(name, quantity);
  }
  return out;
}

/** As objects hold it, in order of name. */
export function resourceListOf(amounts: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries([...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, q]) => [name, formatQuantity(q)]));
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  const out = new Map(a);
  for (const [name, q] of b) {
    const known = out.get(name);
    out.set(name, known ? addQuantity(known, q) : q);
  }
  return out;
}

/** `a` less `b`; what only `b` has is negative. */
export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  const out = new Map(a);
  for (const [name, q] of b) out.set(name, subtractQuantity(out.get(name) ?? { nano: 0n, format: q.format }, q));
  return out;
}

/** The larger of each. */
export function maxAmounts(a: Amounts, b: Amounts): Amounts {
  const out = new Map(a);
  for (const [name, q] of b) {
    const known = out.get(name);
    if (!known || compareQuantity(q, known) > 0) out.set(name, q);
  }
  return out;
}

/** Only what is named. */
export function maskAmounts(amounts: Amounts, names: { has(name: string): boolean }): Amounts {
  return new Map([...amounts].filter(([name]) => names.has(name)));
}

export function withoutZeros(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([, q]) => q.nano !== 0n));
}
