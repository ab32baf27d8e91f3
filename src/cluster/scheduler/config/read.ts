/** Reads unknown data by its expected form and collects everything that is wrong with it, field by field. */

/** What is wrong, and where: `profiles[0].plugins.score.enabled[1].weight`. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** `undefined` for what is absent (null counts as absent) or wrong. */
export type Reader<T> = (value: unknown, path: string, problems: ConfigProblem[]) => T | undefined;

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Reader<infer T> ? T | undefined : never };

/** A map of known fields; any other is a problem. */
export function fields<F extends Fields>(known: F): Reader<Values<F>> {
  return (value, path, problems) => {
    if (!isMap(value, path, problems)) return undefined;
    const read: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      const place = path === "" ? key : `${path}.${key}`;
      const reader = Object.hasOwn(known, key) ? known[key] : undefined;
      if (reader) read[key] = reader(field, place, problems);
      else problems.push({ path: place, message: `unknown field ${JSON.stringify(key)}: one of ${Object.keys(known).join(", ")}` });
    }
    return read as Values<F>;
  };
}

/** A map with any content. */
export const anyMap: Reader<Readonly<Record<string, unknown>>> = (value, path, problems) =>
  isMap(value, path, problems) ? value : undefined;

function isMap(value: unknown, path: string, problems: ConfigProblem[]): value is Record<string, unknown> {
  if (value === undefined || value === null) return false;
  if (typeof value === "object" && !Array.isArray(value)) return true;
  problems.push({ path, message: `must be a map, not ${shown(value)}` });
  return false;
}

export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path, problems) => {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) {
      problems.push({ path, message: `must be a list, not ${shown(value)}` });
      return undefined;
    }
    return value.flatMap((v: unknown, i) => {
      const place = `${path}[${i}]`;
      if (v === null) problems.push({ path: place, message: "must not be empty" });
      const read = item(v, place, problems);
      return read === undefined ? [] : [read];
    });
  };
}

export const text: Reader<string> = (value, path, problems) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  problems.push({ path, message: `must be a text, not ${shown(value)}` });
  return undefined;
};

export const flag: Reader<boolean> = (value, path, problems) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  problems.push({ path, message: `must be true or false, not ${shown(value)}` });
  return undefined;
};

/** A whole number in a range, bounds included. */
export function integer(min: number, max: number = 2 ** 31 - 1): Reader<number> {
  return (value, path, problems) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    const range = max === 2 ** 31 - 1 ? `${min} or more` : `${min} to ${max}`;
    problems.push({ path, message: `must be a whole number, ${range}, not ${shown(value)}` });
    return undefined;
  };
}

export function oneOf<T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, path, problems) => {
    if (value === undefined || value === null) return undefined;
    const found = choices.find((c) => c === value);
    if (found === undefined)
      problems.push({ path, message: `must be ${choices.map((c) => JSON.stringify(c)).join(" or ")}, not ${shown(value)}` });
    return found;
  };
}

/** Taken as it is: what it says has no effect on a simulation. */
export const ignored: Reader<unknown> = (value) => value;

/** Understood by a real scheduler, and not here. */
export function unsupported(why: string): Reader<never> {
  return (value, path, problems) => {
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return undefined;
    problems.push({ path, message: `is not supported: ${why}` });
    return undefined;
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
