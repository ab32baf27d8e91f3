/**
 * CEL expressions about devices. Who starts the scheduler hands in the compiler.
 * @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go
 */
import type { Device } from "../../../../generated/v1.36/model.ts";

/** Compiles an expression over variables. */
export type CelCompiler = (
  source: string,
  variables: readonly string[],
) =>
  | {
      readonly program: {
        readonly run: (variables: Readonly<Record<string, unknown>>) => { readonly value: unknown } | { readonly error: string };
      };
    }
  | { readonly error: string };

type Domains = Record<string, Record<string, unknown>>;

/** True, false, or what is wrong with the expression. */
export function matchesSelector(
  expression: string,
  driver: string,
  device: Device,
  compile: CelCompiler | undefined,
): boolean | { readonly error: string } {
  if (!compile) return { error: "expressions cannot be evaluated here" };
  const compiled = compile(expression, ["device"]);
  if ("error" in compiled) return { error: `CEL compile error: ${compiled.error}` };
  const outcome = compiled.program.run({ device: deviceValue(expression, driver, device, compile) });
  if ("error" in outcome) return { error: `CEL runtime error: ${outcome.error}` };
  if (typeof outcome.value !== "boolean") return { error: "CEL runtime error: the expression gives no bool" };
  return outcome.value;
}

/** Indexes with a text: a domain that the device has nothing of is an empty map, not an error. */
const INDEX = /\[\s*(?:"([^"]+)"|'([^']+)')\s*\]/g;

function deviceValue(expression: string, driver: string, device: Device, compile: CelCompiler): unknown {
  const attributes: Domains = {};
  const capacity: Domains = {};
  for (const match of expression.matchAll(INDEX)) {
    const domain = match[1] ?? match[2] ?? "";
    attributes[domain] = {};
    capacity[domain] = {};
  }
  for (const [name, value] of Object.entries(device.attributes ?? {})) {
    const typed =
      value.int !== undefined
        ? BigInt(value.int)
        : value.version !== undefined
          ? celValue("semver(text)", value.version, compile)
          : (value.bool ?? value.string ?? value.strings ?? value.bools ?? value.ints?.map(BigInt) ?? null);
    put(attributes, driver, name, typed);
  }
  for (const [name, { value }] of Object.entries(device.capacity ?? {}))
    put(capacity, driver, name, celValue("quantity(text)", String(value), compile));
  return { driver, attributes, capacity, allowMultipleAllocations: device.allowMultipleAllocations ?? false };
}

/** A name without a domain is in the driver's. */
function put(domains: Domains, driver: string, name: string, value: unknown): void {
  const [domain, id] = name.includes("/") ? (name.split("/") as [string, string]) : [driver, name];
  const of = domains[domain] ?? {};
  of[id] = value;
  domains[domain] = of;
}

function celValue(expression: string, text: string, compile: CelCompiler): unknown {
  const compiled = compile(expression, ["text"]);
  const outcome = "program" in compiled ? compiled.program.run({ text }) : compiled;
  return "value" in outcome ? outcome.value : null;
}
