#!/usr/bin/env node
/** `seatrial`: from the arguments to a command. Owns the process: its streams, its exit code, and what a person reads when something fails. */
import { Console } from "node:console";
import { existsSync, readFileSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { fileURLToPath } from "node:url";
import { showLocation } from "./api/source-location.ts";
import { nearest, readArgs } from "./commands/args.ts";
import { type Command, type CommandContext, CommandError, type Terminal, UsageError } from "./commands/command.ts";
import { commandHelp, generalHelp } from "./commands/help.ts";
import { LoadError } from "./sdk/load/load-error.ts";

/** Loaded only when asked for, so that `synth` does not pay for the control plane. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  synth: () => import("./commands/synth.ts"),
  check: () => import("./commands/check.ts"),
  plan: () => import("./commands/plan.ts"),
  explain: () => import("./commands/explain.ts"),
  simulate: () => import("./commands/simulate.ts"),
  init: () => import("./commands/init.ts"),
  import: () => import("./commands/import.ts"),
  generate: () => import("./commands/generate.ts"),
};
/** Promised by the interface, not there yet. */
const LATER: readonly string[] = ["serve"];
/** Bad usage, unreadable input, or a defect of ours: nothing was found out. */
const EXIT_FAILED = 2;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return help(rest[0]);
  if (name === "--version" || name === "-V") return print(`${version()}\n`);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) throw new UsageError(unknownCommand(name));
  const { command } = await load();
  const args = readArgs(command, rest);
  if (args.values["help"]) return print(commandHelp(command));
  return command.run(contextOf(command, args));
}

async function help(name: string | undefined): Promise<number> {
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load) return print(commandHelp((await load()).command));
  if (name !== undefined) throw new UsageError(unknownCommand(name));
  const all = await Promise.all(Object.values(COMMANDS).map(async (l) => (await l()).command));
  return print(generalHelp(all, version()));
}

function unknownCommand(name: string): string {
  if (LATER.includes(name)) return `${name} is not available yet in this version`;
  if (name.startsWith("-")) return `there is no option ${name} before a command`;
  const near = nearest(name, [...Object.keys(COMMANDS), ...LATER]);
  return `there is no command ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : ""}`;
}

function contextOf(command: Command, args: ReturnType<typeof readArgs>): CommandContext {
  const list = (name: string): readonly string[] => [args.values[name] ?? []].flat().filter((v) => typeof v === "string");
  return {
    positionals: args.positionals,
    list,
    option: (name) => list(name).at(-1) ?? command.options[name]?.default,
    flag: (name) => args.values[name] === true,
    cwd: process.cwd(),
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: readStdin,
    stdout: terminalOf(process.stdout),
    stderr: terminalOf(process.stderr),
    nowMs: () => performance.now(),
  };
}

function terminalOf(stream: WriteStream): Terminal {
  const isTerminal = stream.isTTY === true;
  const colors = isTerminal && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return { isTerminal, colors, columns: (isTerminal && stream.columns) || 80 };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Of the package, which lies above `src/` in the sources and above `dist/src/` when built. */
function version(): string {
  const files = ["../package.json", "../../package.json"].map((p) => fileURLToPath(new URL(p, import.meta.url)));
  const file = files.find((f) => existsSync(f));
  return file ? (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version : "unknown";
}

function report(error: unknown, commandName: string | undefined): void {
  const known = commandName !== undefined && Object.hasOwn(COMMANDS, commandName);
  if (error instanceof LoadError) {
    process.stderr.write(error.source ? `${showLocation(error.source)}: error: ${error.message}\n` : `seatrial: ${error.message}\n`);
  } else if (error instanceof CommandError) {
    const hint = error instanceof UsageError ? `Try: seatrial ${known ? `${commandName} ` : ""}--help\n` : "";
    process.stderr.write(`seatrial: ${error.message}\n${hint}`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    const stack = process.env["SEATRIAL_DEBUG"] && error instanceof Error ? `\n${error.stack}` : "";
    process.stderr.write(`seatrial: something went wrong here: ${message}${stack}\nSEATRIAL_DEBUG=1 shows where; please report it.\n`);
  }
}

/** Only when all that was written has left: a pipe may take its time. */
function exit(code: number): void {
  finished = true;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

let finished = false;
// The reader of a pipe may leave early (`| head`): that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    finished = true;
    process.exit(0);
  });
}
// Standard output is for data: what the author's code logs goes to standard error.
globalThis.console = new Console(process.stderr, process.stderr);
// What the author's code throws later on, from a timer or a promise that nobody awaits.
for (const event of ["unhandledRejection", "uncaughtException"] as const) {
  process.on(event, async (error: unknown) => {
    const { moduleError } = await import("./sdk/load/typescript/module-error.ts");
    const located = moduleError(error, process.cwd(), process.cwd());
    // Without a line of the author's it is a defect of ours.
    report(located.source?.file === "." ? error : located, process.argv[2]);
    exit(EXIT_FAILED);
  });
}
process.on("exit", () => {
  if (finished) return;
  process.stderr.write("seatrial: stopped before it was done: something that was awaited never came, or the code called process.exit\n");
  process.exitCode = EXIT_FAILED;
});

main(process.argv.slice(2)).then(exit, (error: unknown) => {
  report(error, process.argv[2]);
  exit(EXIT_FAILED);
});
