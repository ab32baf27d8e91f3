/**
 * Expressions in the Common Expression Language, as Kubernetes speaks it: compiled once, evaluated within a number of steps.
 * The library behind it is `@marcbachmann/cel-js`; nothing else of ours knows it.
 * Simplified: values have their types while they are evaluated; that a field is none of a schema's is found then, not at compilation.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/cel/environment/base.go (the libraries, and since when)
 */
import { Environment } from "@marcbachmann/cel-js";
import { goQuote } from "../../../lib/go-text.ts";
import { authorization } from "./library/authorizer.ts";
import { type Budget, core } from "./library/core.ts";
import { formats } from "./library/formats.ts";
import { lists } from "./library/lists.ts";
import { CelError, registrarOf } from "./library/registrar.ts";
import { strings } from "./library/strings.ts";
import { addresses, quantities, urls, versions } from "./library/values.ts";
import { rewrite } from "./rewrite.ts";

/** `steps`: how many the evaluation took. */
export type Outcome = ({ readonly value: unknown } | { readonly error: string }) & { readonly steps: number };

export interface Program {
  readonly source: string;
  /** Of what it gives, as far as it is known: `bool`, `dyn`. */
  readonly type: string;
  readonly uses: (variable: string) => boolean;
  readonly run: (variables: Readonly<Record<string, unknown>>) => Outcome;
}

export type Compiled = { readonly program: Program } | { readonly error: string };

/** Steps of macros in one evaluation. The real limit is on an estimated cost. @see apiserver pkg/apis/cel/config.go (PerCallLimit) */
const STEPS_MAX = 1_000_000;
const CACHE_MAX = 2_000;

const budget: Budget = { left: 0 };
const cache = new Map<string, Compiled>();
const environments = new Map<string, Environment>();

const LIBRARIES = [core(budget), authorization, strings, lists, quantities, addresses, urls, versions, formats];

function environmentOf(variables: readonly string[]): Environment {
  const key = variables.join(" ");
  let environment = environments.get(key);
  if (!environment) {
    environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
    const registrar = registrarOf(environment);
    for (const library of LIBRARIES) library(registrar);
    for (const name of variables) environment.registerVariable(name, "dyn");
    environments.set(key, environment);
  }
  return environment;
}

/** Compiles an expression over these variables. */
export function compile(source: string, variables: readonly string[]): Compiled {
  const key = `${variables.join(" ")}\n${source}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= CACHE_MAX) cache.clear();
  const compiled = compileNew(source, variables);
  cache.set(key, compiled);
  return compiled;
}

function compileNew(source: string, variables: readonly string[]): Compiled {
  const rewritten = rewrite(source);
  if (rewritten === undefined) return { error: located(source, "Syntax error: token recognition error or unmatched bracket") };
  try {
    const parsed = environmentOf(variables).parse(rewritten);
    const checked = parsed.check();
    if (!checked.valid) return { error: located(source, staticError(checked.error)) };
    const words = new Set(rewritten.match(/[A-Za-z_]\w*/g));
    const run = (values: Readonly<Record<string, unknown>>): Outcome => evaluate(parsed, values);
    return { program: { source, type: checked.type ?? "dyn", uses: (variable) => words.has(variable), run } };
  } catch (error) {
    return { error: located(source, staticError(error)) };
  }
}

/** `ERROR: <input>:1:1: …`, with the line shown. Simplified: the place is always the beginning. */
function located(source: string, why: string): string {
  return `ERROR: <input>:1:1: ${why}\n | ${source.split("\n")[0]}\n | ^`;
}

interface LibraryError {
  readonly code?: string;
  readonly summary?: string;
  readonly message?: string;
}

function staticError(error: unknown): string {
  const { code = "", summary = "", message = "" } = (error ?? {}) as LibraryError;
  if (code === "unknown_variable") return `undeclared reference to '${summary.replace(/^Unknown variable: /, "")}' (in container '')`;
  const call = /^found no matching overload for '(?:[^.(]*\.)?(?:__)?([\w]+)\((.*)\)'$/.exec(summary);
  if (call) return `undeclared reference to '${call[1]}' (in container '')`;
  const operator = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary);
  if (operator) return `found no matching overload for '_${operator[2]}_' applied to '(${operator[1]}, ${operator[3]})'`;
  return code === "" ? message : `Syntax error: ${summary}`;
}

function evaluate(parsed: (variables: Record<string, unknown>) => unknown, values: Readonly<Record<string, unknown>>): Outcome {
  // A variable of a policy is evaluated within the expression that asks for it.
  const outer = budget.left;
  budget.left = STEPS_MAX;
  try {
    const value = parsed(values);
    const steps = STEPS_MAX - budget.left + 1;
    return budget.left <= 0 ? { error: COST_EXCEEDED, steps } : { value, steps };
  } catch (error) {
    return { error: budget.left <= 0 ? COST_EXCEEDED : runtimeError(error), steps: STEPS_MAX - budget.left + 1 };
  } finally {
    budget.left = outer;
  }
}

export const COST_EXCEEDED = "operation cancelled: actual cost limit exceeded";

/** In cel-go's words. */
function runtimeError(error: unknown): string {
  const { code, summary = "", message = "" } = error as LibraryError;
  switch (code) {
    case "no_such_key":
      return `no such key: ${summary.replace(/^No such key: /, "")}`;
    case "no_such_overload":
    case "no_matching_overload":
    case "invalid_logical_operand":
    case "invalid_condition_type":
      return "no such overload";
    case "index_out_of_bounds":
    case "index_out_of_range":
      return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ""}`;
    case "division_by_zero":
      return "division by zero";
    case "modulo_by_zero":
      return "modulus by zero";
    case "numeric_overflow":
      return "integer overflow";
    case "optional_value_missing":
      return "optional.none() dereference";
    default:
      return error instanceof CelError ? error.message : summary || message || goQuote(String(error));
  }
}
