/** An application with its environments: what an entry's default export usually is. */

/** What an entry may give: an object, or lists of objects, nested as it comes; `undefined`, `null` and `false` are left out. */
export type Output = object | undefined | null | false | readonly Output[];

/** The values of one environment, and its name. */
export type Env<Envs> = { readonly [Name in keyof Envs]: Readonly<Envs[Name]> & { readonly env: Name } }[keyof Envs];

/** What `app` returns: called with the name of an environment it gives that environment's objects. */
export interface App<Name extends string = string> {
  (env: Name): Output | Promise<Output>;
  /** The names, in the order written. */
  readonly environments: readonly Name[];
}

/**
 * ```ts
 * export default app({ envs: { dev: { replicas: 1 }, prod: { replicas: 4 } } }, ({ env, replicas }) => [
 *   Namespace({ metadata: { name: `shop-${env}` } }),
 *   // …
 * ]);
 * ```
 * `seatrial synth --env prod` builds it with `{ env: "prod", replicas: 4 }`.
 *
 * @param options `envs`: the values of each environment; all have the fields of the first type-checked together, so that `replicas` is a number in all
 * @param build gives the objects of one environment; may be async
 * @throws TypeError when there is no environment, or `build` is no function
 */
export function app<const Envs extends Readonly<Record<string, object>>>(
  options: { readonly envs: Envs },
  build: (env: Env<Envs>) => Output | Promise<Output>,
): App<keyof Envs & string> {
  const environments = Object.keys(options?.envs ?? {}) as (keyof Envs & string)[];
  if (environments.length === 0) throw new TypeError("app() needs at least one environment: app({ envs: { dev: {} } }, (env) => [...])");
  if (typeof build !== "function") throw new TypeError("app() takes a function of the environment as its second argument");
  const ofEnvironment = (env: keyof Envs & string): Output | Promise<Output> => {
    if (!Object.hasOwn(options.envs, env))
      throw new TypeError(`there is no environment ${JSON.stringify(env)}: there are ${environments.join(", ")}`);
    return build({ ...options.envs[env], env } as Env<Envs>);
  };
  return Object.assign(ofEnvironment, { environments });
}
