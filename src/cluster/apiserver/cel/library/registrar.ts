/** How a library adds to the language. */
import type { Environment } from "@marcbachmann/cel-js";

export interface Registrar {
  /** `string.find(string): string`: what a method or a function takes and gives. */
  readonly add: (signature: string, handler: (...args: never[]) => unknown) => void;
  /** `fields`: those that expressions may name, with their types; none for a type that only functions look into. */
  readonly type: (name: string, of: abstract new (...args: never[]) => unknown, fields?: Readonly<Record<string, string>>) => void;
  readonly operator: (signature: string, handler: (a: never, b: never) => unknown) => void;
}

export type Library = (to: Registrar) => void;

export function registrarOf(environment: Environment): Registrar {
  return {
    add: (signature, handler) => void environment.registerFunction(signature, handler, { async: false } as never),
    type: (name, of, fields) => void environment.registerType(name, (fields ? { ctor: of, fields } : of) as never),
    operator: (signature, handler) => void environment.registerOperator(signature, handler as never),
  };
}

/** An error as the expression's: its text is shown. */
export class CelError extends Error {}
