/**
 * TypeScript to JavaScript by putting blanks where the types were, as Node itself does: every line and column stays where it is.
 * What is not erasable (enums, parameter properties, namespaces) is compiled, with a source map.
 */
import { createRequire } from "node:module";
import { blankTypeImports, withAuthoringAlone } from "./type-imports.ts";

interface Compiler {
  transformSync(
    source: string,
    options: { mode: "strip-only" | "transform"; filename: string; sourceMap?: boolean; transform?: { nativeClassProperties?: boolean } },
  ): { readonly code: string; readonly map?: string };
}

/** What the compiler throws: a plain object. */
interface Diagnostic {
  readonly code: "InvalidSyntax" | "UnsupportedSyntax" | string;
  readonly message: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** A TypeScript file that cannot be parsed. Carries all in its message, the only thing that survives the way out of Node's loader thread. */
export const SYNTAX_ERROR_MARK = "seatrial:syntax-error:";

/** Beside this file also when built. */
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";
const AUTHORING_URLS = {
  authoring: new URL(`../../authoring.${EXTENSION}`, import.meta.url).href,
  withPatch: new URL(`../../authoring-with-patch.${EXTENSION}`, import.meta.url).href,
};

let compiler: Compiler | undefined;

/** Loaded when the first TypeScript file is (60 ms): YAML alone never needs it. */
function theCompiler(): Compiler {
  compiler ??= createRequire(import.meta.url)("@swc/wasm-typescript") as Compiler;
  return compiler;
}

export function stripTypes(source: string, filename: string): string {
  const compile = (mode: "strip-only" | "transform"): string => {
    const result = theCompiler().transformSync(source, {
      mode,
      filename,
      ...(mode === "transform" ? { sourceMap: true, transform: { nativeClassProperties: true } } : {}),
    });
    if (result.map === undefined) return result.code;
    return `${result.code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(result.map).toString("base64")}\n`;
  };
  try {
    return withAuthoringAlone(
      blankTypeImports(compile("strip-only"), () => compile("transform")),
      AUTHORING_URLS,
    );
  } catch (error) {
    if (!isDiagnostic(error)) throw error;
    if (error.code !== "UnsupportedSyntax") throw syntaxError(error, filename);
    try {
      return compile("transform");
    } catch (again) {
      throw isDiagnostic(again) ? syntaxError(again, filename) : again;
    }
  }
}

function isDiagnostic(error: unknown): error is Diagnostic {
  return typeof error === "object" && error !== null && "code" in error && "message" in error && !(error instanceof Error);
}

function syntaxError(diagnostic: Diagnostic, file: string): SyntaxError {
  const { message, startLine: line = 1, startColumn = 0 } = diagnostic;
  // The compiler counts lines from 1 and columns from 0.
  const column = startColumn + 1;
  return new SyntaxError(`${SYNTAX_ERROR_MARK}${JSON.stringify({ file, line, column, message })}`);
}
