/**
 * `import { Container } from "…"` of a mere type, without the word `type`: TypeScript drops it, blank-only stripping leaves it, and Node then
 * finds no such export. The names that nothing uses are blanked here; what "uses" means is the compiler's word, asked only when it looks so.
 */

/** One import statement at the top of a file; the parts that bind names are the groups. */
const IMPORT =
  /import\s+(?:([A-Za-z_$][\w$]*)\s*,?\s*)?(?:\{([^}]*)\}|\*\s*as\s+([A-Za-z_$][\w$]*))?\s*from\s*(?:"[^"\n]*"|'[^'\n]*')\s*(?:with\s*\{[^}]*\})?;?/y;
/** What may stand between the imports at the top: blanks, comments, directives, imports for effect. */
const BETWEEN = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*|"use [a-z]+";?|'use [a-z]+';?|import\s*(?:"[^"\n]*"|'[^'\n]*');?|;)*/y;
/** Strings and comments, roughly: what is found outside of them is a use for certain. */
const NOT_CODE = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

interface Statement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly named: string | undefined;
  readonly names: readonly string[];
}

/**
 * @param stripped the file with its types blanked
 * @param compiled the same file as the compiler gives it, without the imports of types; only called when a name looks unused
 */
export function blankTypeImports(stripped: string, compiled: () => string): string {
  const statements = importsAtTop(stripped);
  const last = statements.at(-1);
  if (!last) return stripped;
  const code = stripped.slice(last.end).replace(NOT_CODE, " ");
  const suspects = statements.flatMap((s) => s.names).filter((name) => !uses(code, name));
  if (suspects.length === 0) return stripped;
  const kept = new Set(importsAtTop(compiled()).flatMap((s) => s.names));
  const gone = new Set(suspects.filter((name) => !kept.has(name)));
  if (gone.size === 0) return stripped;
  let text = "";
  let done = 0;
  for (const statement of statements) {
    text += stripped.slice(done, statement.start) + withoutNames(statement, gone);
    done = statement.end;
  }
  return text + stripped.slice(done);
}

/** What `seatrial` exports that does not need the control plane behind it; `patch` alone needs the schemas. */
export const AUTHORING_NAMES: ReadonlySet<string> = new Set(
  `allow allowDns allowOut app autoscaler backend claim configMap contentHashed customObject denyAll disruptionBudget execProbe existingConfigMap
  existingSecret expose fromConfig fromField fromSecret grpcProbe hardened headless httpProbe inNamespace ingress limitRange mount nodePool
  nonEmpty perReplica permissions quantity quota secret serviceAccount sourceOf tcpProbe teamNamespace withAnnotations withDefaults withLabels
  workload`.split(/\s+/),
);
const NAMES_WITH_PATCH: ReadonlySet<string> = new Set([...AUTHORING_NAMES, "patch"]);

export interface AuthoringUrls {
  readonly authoring: string;
  readonly withPatch: string;
}

/**
 * `import { app, workload } from "seatrial"` needs these helpers, and not the control plane that the package's index also loads (0.2 s): such
 * an import gets the module of the helpers. Only what follows the names on their last line moves.
 */
export function withAuthoringAlone(stripped: string, urls: AuthoringUrls): string {
  let text = "";
  let done = 0;
  for (const { start, end, text: statement, named } of importsAtTop(stripped)) {
    if (named === undefined || !/^import\s*\{[^}]*\}\s*from\s*["']seatrial["']/.test(statement)) continue;
    const names = named
      .split(",")
      .map(importedName)
      .filter((n) => n !== "");
    const url = names.every((n) => AUTHORING_NAMES.has(n))
      ? urls.authoring
      : names.every((n) => NAMES_WITH_PATCH.has(n))
        ? urls.withPatch
        : undefined;
    if (url === undefined) continue;
    text += stripped.slice(done, start) + statement.replace(/(["'])seatrial\1/, JSON.stringify(url));
    done = end;
  }
  return text + stripped.slice(done);
}

/** `Foo as Bar` imports Foo. */
function importedName(specifier: string): string {
  return specifier.trim().split(/\s+as\s+/)[0] ?? "";
}

function importsAtTop(code: string): readonly Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  for (;;) {
    BETWEEN.lastIndex = at;
    BETWEEN.exec(code);
    at = Math.max(at, BETWEEN.lastIndex);
    IMPORT.lastIndex = at;
    const match = IMPORT.exec(code);
    if (!match) return statements;
    const [text, byDefault, named, namespace] = match;
    const names = [byDefault, namespace, ...(named ?? "").split(",").map(localName)].filter((n) => n !== undefined && n !== "") as string[];
    statements.push({ start: at, end: at + text.length, text, named, names });
    at += text.length;
  }
}

/** `Foo as Bar` binds Bar. */
function localName(specifier: string): string {
  return (
    specifier
      .trim()
      .split(/\s+as\s+/)
      .at(-1) ?? ""
  );
}

function uses(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(code);
}

const blank = (text: string): string => text.replace(/[^\n\r]/g, " ");

function withoutNames(statement: Statement, gone: ReadonlySet<string>): string {
  if (!statement.names.some((n) => gone.has(n))) return statement.text;
  if (statement.names.every((n) => gone.has(n))) return blank(statement.text);
  if (statement.named === undefined) return statement.text;
  const specifiers = statement.named.split(",");
  const left = specifiers.map((s, i) => {
    const comma = i < specifiers.length - 1 ? "," : "";
    return gone.has(localName(s)) ? blank(s + comma) : s + comma;
  });
  return statement.text.replace(statement.named, () => left.join(""));
}
