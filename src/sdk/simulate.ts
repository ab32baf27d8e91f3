/** The library's `simulate`: a scenario file, played. */
import { type PlayedStep, type PlayOptions, play } from "../cluster/scenario.ts";
import { loadScenario } from "./scenario-file.ts";

export interface SimulateOptions extends PlayOptions {
  /** What paths in messages are relative to; default: the working directory. */
  readonly cwd?: string;
}

/**
 * Plays the scenario in a YAML file on virtual time.
 * @returns one entry per step: the answers, everything in the cluster afterwards, and all events so far
 * @throws LoadError (a rejected promise) when the file is no scenario or names a manifest that cannot be read; its message names file and line
 */
export async function simulate(path: string, options: SimulateOptions = {}): Promise<{ readonly steps: readonly PlayedStep[] }> {
  const { cwd = process.cwd(), ...rest } = options;
  return { steps: play(await loadScenario(path, cwd), rest) };
}
