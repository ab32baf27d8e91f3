/** The hooks as Node 20 wants them: asynchronous, in a loader thread of their own. Loaded by `module.register`, never imported. */
import { isNotFound, isOwnName, type LoadContext, loadSource, type ResolveContext, resolveSpecifier } from "./hooks.ts";

type Resolved = { readonly url: string; readonly format?: string | null };

export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Promise<Resolved>,
): Promise<Resolved> {
  try {
    return await next(resolveSpecifier(specifier, context) ?? specifier, context);
  } catch (error) {
    if (isOwnName(specifier) && isNotFound(error)) return next(specifier, { ...context, parentURL: import.meta.url });
    throw error;
  }
}

export async function load(
  url: string,
  context: LoadContext,
  next: (url: string, context: LoadContext) => Promise<object>,
): Promise<object> {
  const loaded = loadSource(url, context);
  return loaded ? { ...loaded, shortCircuit: true } : next(url, context);
}
