/** Objects of custom kinds: what the constructors that `seatrial generate` writes do. */
import { construct, type Maker } from "../../api/construct.ts";

const SCOPE: unique symbol = Symbol.for("seatrial.dev/scope") as never;

export type Scope = "Namespaced" | "Cluster";

/** By `apiVersion/kind`: objects change hands and lose what is not part of them, their kind they keep. */
const shared = globalThis as { [SCOPE]?: Map<string, Scope> };
const scopes: Map<string, Scope> = shared[SCOPE] ?? new Map();
shared[SCOPE] = scopes;

/**
 * The object of a custom kind, which remembers where it was made. Used by the constructors that `seatrial generate` writes.
 * ```ts
 * customObject("example.com/v1", "Certificate", "Namespaced", { metadata: { name: "web" }, spec: { dnsNames: ["shop.example"] } })
 * ```
 * @param maker the constructor that calls this: the place remembered is the one that called it
 */
export function customObject<T extends object>(apiVersion: string, kind: string, scope: Scope, input: object, maker?: Maker): T {
  scopes.set(`${apiVersion}/${kind}`, scope);
  return construct(apiVersion, kind, input, maker);
}

/** Undefined when no constructor of that kind was called. */
export function scopeOf(object: { readonly apiVersion: string; readonly kind: string }): Scope | undefined {
  return scopes.get(`${object.apiVersion}/${object.kind}`);
}
