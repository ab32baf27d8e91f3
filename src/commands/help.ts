/** The texts of `seatrial --help` and `seatrial NAME --help`. */
import { optionsOf } from "./args.ts";
import type { Command, OptionSpec } from "./command.ts";

export function commandHelp(command: Command): string {
  const parts = [`${command.summary}\n`, `Usage: seatrial ${command.usage}\n`];
  if (command.description) parts.push(`${command.description.trim()}\n`);
  parts.push(`Options:\n${table(Object.entries(optionsOf(command)).map(([name, spec]) => [optionText(name, spec), aboutText(spec)]))}`);
  if (command.examples.length > 0) parts.push(`Examples:\n${command.examples.map((e) => `  # ${e.about}\n  ${e.command}\n`).join("\n")}`);
  return parts.join("\n");
}

export function generalHelp(commands: readonly { readonly name: string; readonly summary: string }[], version: string): string {
  return [
    `seatrial ${version}: Kubernetes in TypeScript, and a dry run of it before anything is deployed\n`,
    "Usage: seatrial COMMAND [ARGUMENTS]\n",
    `Commands:\n${table(commands.map((c) => [c.name, c.summary]))}`,
    `Options:\n${table([
      ["-h, --help", "Show this help; seatrial COMMAND --help tells about one command"],
      ["-V, --version", "Show the version"],
    ])}`,
    "Examples:\n  seatrial synth infra.ts -o -\n  seatrial plan infra.ts --env prod\n  helm template . | seatrial plan -\n",
  ].join("\n");
}

function optionText(name: string, spec: OptionSpec): string {
  const value = spec.type === "boolean" ? "" : ` ${spec.value ?? name.toUpperCase()}`;
  return `${spec.short ? `-${spec.short}, ` : "    "}--${name}${value}`;
}

function aboutText(spec: OptionSpec): string {
  const choices = spec.choices ? ` (${spec.choices.join(", ")})` : "";
  return `${spec.about}${choices}${spec.default === undefined ? "" : ` [default: ${spec.default}]`}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}
