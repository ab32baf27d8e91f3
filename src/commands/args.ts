/** Reads a command's arguments by its option table. */
import { parseArgs } from "node:util";
import { type Command, type OptionSpec, UsageError } from "./command.ts";

export interface Args {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

const HELP: OptionSpec = { type: "boolean", short: "h", about: "Show this help" };

/** The command's own options and `--help`. */
export function optionsOf(command: Command): Readonly<Record<string, OptionSpec>> {
  return { ...command.options, help: HELP };
}

/** @throws UsageError for an unknown option, a missing value, a value that is not among the choices, too many arguments */
export function readArgs(command: Command, argv: readonly string[]): Args {
  const specs = optionsOf(command);
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
    ]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true }) as typeof parsed;
  } catch (error) {
    throw new UsageError(argumentError(error as Error & { code?: string }, specs));
  }
  const { positionals } = parsed;
  const values = parsed.values as Args["values"];
  const max = command.positionalsMax ?? Number.POSITIVE_INFINITY;
  if (positionals.length > max && !values["help"]) {
    throw new UsageError(
      max === 0 ? `${command.name} takes no arguments` : `${command.name} takes at most ${max} argument${max === 1 ? "" : "s"}`,
    );
  }
  for (const [name, { choices }] of Object.entries(specs)) {
    for (const value of [values[name] ?? []].flat()) {
      if (choices && !choices.includes(String(value)))
        throw new UsageError(`--${name} is one of ${choices.join(", ")}, not ${JSON.stringify(value)}`);
    }
  }
  return { positionals, values };
}

function argumentError(error: Error & { code?: string }, specs: Readonly<Record<string, OptionSpec>>): string {
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const option = /'(-{1,2}[^']*)'/.exec(error.message)?.[1] ?? "";
    const near = nearest(option.replace(/^-+/, "").replace(/=.*$/, ""), Object.keys(specs));
    return `there is no option ${option}${near ? `; did you mean --${near}?` : ""}`;
  }
  const [sentence = ""] = error.message.split("\n");
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}

/** The known word that a mistyped one was probably meant to be: at most a third of its letters are wrong. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length >= 2 ? 1 : editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]!;
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
