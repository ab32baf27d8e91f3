/** What a command is, and what it is handed: a command never touches `process`, so that it can be tested and so that `cli.ts` owns the exit code. */

/** One option of a command: `--name VALUE` or, for a boolean, `--name`. */
export interface OptionSpec {
  readonly type: "string" | "boolean";
  /** One letter: `o` for `-o`. */
  readonly short?: string;
  /** May be given more than once; read with `ctx.list`. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `DIR|-`. Default: the name in capitals. */
  readonly value?: string;
  /** One sentence for the help, without a full stop. */
  readonly about: string;
  /** Any other value is refused before the command runs. */
  readonly choices?: readonly string[];
  /** The value when the option is not given, shown in the help. */
  readonly default?: string;
}

export interface Command {
  readonly name: string;
  /** One line for `seatrial --help`. */
  readonly summary: string;
  /** Without `seatrial`: `synth [ENTRY] [-o DIR|-]`. */
  readonly usage: string;
  /** What `seatrial NAME --help` says between usage and options; lines of at most 100 characters. */
  readonly description?: string;
  /** By long name. `help` is added to each. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly { readonly command: string; readonly about: string }[];
  /** How many positional arguments it takes at most. Default: no limit. */
  readonly positionalsMax?: number;
  /**
   * Resolves to the exit code. Throws `CommandError` (or the SDK's `LoadError`) for what its user can put right: the message is shown without a
   * stack and the exit code is 2.
   */
  run(ctx: CommandContext): Promise<number>;
}

export interface CommandContext {
  readonly positionals: readonly string[];
  /** The value of a string option: the last one given, else its default. */
  option(name: string): string | undefined;
  /** Every value of an option that may be repeated. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  /** The working directory, absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data: standard output. */
  out(text: string): void;
  /** Everything else: standard error. */
  err(text: string): void;
  /** The whole of standard input. */
  stdin(): Promise<Uint8Array>;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Wall clock in milliseconds, for progress only; it never reaches a result. */
  nowMs(): number;
}

export interface Terminal {
  readonly isTerminal: boolean;
  /** A terminal, and neither NO_COLOR nor TERM=dumb. */
  readonly colors: boolean;
  /** Characters in a line; 80 when it is no terminal. */
  readonly columns: number;
}

/** What the user can put right: shown as `seatrial: MESSAGE`, exit code 2. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** Bad usage: also points at `seatrial NAME --help`. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
}
