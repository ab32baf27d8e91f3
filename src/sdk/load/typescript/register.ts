/** Hooks our module loading into Node, once, and for the rest of the process. */
import * as nodeModule from "node:module";
import { isNotFound, isOwnName, type LoadContext, loadSource, type ResolveContext, resolveSpecifier } from "./hooks.ts";

interface SyncHooks {
  resolve(specifier: string, context: ResolveContext, next: (specifier: string, context: ResolveContext) => object): object;
  load(url: string, context: LoadContext, next: (url: string, context: LoadContext) => object): object;
}

const HOOKS: SyncHooks = {
  resolve(specifier, context, next) {
    try {
      return next(resolveSpecifier(specifier, context) ?? specifier, context);
    } catch (error) {
      if (isOwnName(specifier) && isNotFound(error)) return next(specifier, { ...context, parentURL: import.meta.url });
      throw error;
    }
  },
  load(url, context, next) {
    const loaded = loadSource(url, context);
    return loaded ? { ...loaded, shortCircuit: true } : next(url, context);
  },
};

let registered = false;

export function registerTypeScript(): void {
  if (registered) return;
  registered = true;
  // Positions in what had to be compiled (enums) are shown as the author wrote them.
  process.setSourceMapsEnabled(true);
  // In the same thread since Node 22.15: no thread to start. The types of Node 20 do not know it.
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: SyncHooks) => void };
  if (registerHooks) registerHooks(HOOKS);
  else nodeModule.register(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);
}
