/** The library's `simulate`: a scenario file, played. */
import { type Played, type PlayOptions, play } from "../cluster/scenario.ts";
import { loadScenario } from "./scenario-file.ts";

export interface SimulateOptions extends PlayOptions {
  /** What paths in messages are relative to; default: the working directory. */
  readonly cwd?: string;
}

/**
 * Plays the scenario in a YAML file on virtual time.
 * @returns one entry per step (the answers, everything in the cluster afterwards, and all events so far), and the timeline of the whole
 * @throws LoadError (a rejected promise) when the file is no scenario or names a manifest that cannot be read; its message names file and line
 */
export async function simulate(path: string, options: SimulateOptions = {}): Promise<Played> {
  const { cwd = process.cwd(), ...rest } = options;
  return play(await loadScenario(path, cwd), rest);
}
