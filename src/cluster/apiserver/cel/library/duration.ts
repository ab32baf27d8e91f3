/** The library's own class of durations, which it does not export by name: that of a value it made. */
import { Environment } from "@marcbachmann/cel-js";

export interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

const sample = new Environment().evaluate('duration("1s")') as Duration;

export const Duration: new (seconds: bigint, nanos?: number) => Duration = sample.constructor as never;
