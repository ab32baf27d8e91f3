/** Runs the admission plugins: all mutating ones, later all validating ones, each in the order of the list. */
import type { KubeObject } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import { copied } from "../../lib/changed.ts";
import { type Answer, isRefused, type Refused } from "../../sim/answer.ts";
import { ADMISSION } from "./admission/index.ts";
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from "./admission/plugin.ts";

/** The plugins that a request for a resource passes. */
interface Chains {
  readonly mutating: readonly AdmissionPlugin[];
  readonly validating: readonly AdmissionPlugin[];
}

const chains = new WeakMap<ResourceInfo, Chains>();

function chainsOf(resource: ResourceInfo): Chains {
  const known = chains.get(resource);
  if (known) return known;
  const about = ADMISSION.filter((p) => p.resources?.includes(`${resource.group}/${resource.resource}`) ?? true);
  const made: Chains = { mutating: about.filter((p) => p.admit), validating: about.filter((p) => p.validate) };
  chains.set(resource, made);
  return made;
}

/** The object as the mutating plugins leave it, or the first refusal. */
export function mutate(request: AdmissionRequest & { readonly object: KubeObject }, context: AdmissionContext): KubeObject | Refused {
  /** A copy of its own once a plugin has changed the object. */
  let current: AdmissionRequest & { object: KubeObject } = request;
  for (const plugin of chainsOf(request.resource).mutating) {
    if (context.disabled.has(plugin.name)) continue;
    const result = plugin.admit!(current, context);
    if (result === undefined || result === current.object) continue;
    if (isRefusal(result)) return result;
    if (current === request) current = copied(request);
    current.object = result;
  }
  return current.object;
}

/** The first refusal of a validating plugin. */
export function validate(request: AdmissionRequest, context: AdmissionContext): Refused | undefined {
  for (const plugin of chainsOf(request.resource).validating) {
    if (context.disabled.has(plugin.name)) continue;
    const refused = plugin.validate!(request, context);
    if (refused) return refused;
  }
  return undefined;
}

/** The first refusal of a delete: there is no object to change, so all plugins only judge. */
export function admitDelete(request: AdmissionRequest, context: AdmissionContext): Refused | undefined {
  for (const plugin of chainsOf(request.resource).mutating) {
    const result = plugin.admit!(request, context);
    if (result !== undefined && isRefusal(result)) return result;
  }
  return validate(request, context);
}

/** Tells a refusal from an object. */
export function isRefusal(value: KubeObject | Refused): value is Refused {
  return "code" in value && isRefused(value as unknown as Answer);
}
