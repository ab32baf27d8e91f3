/** What every Pod of an output gets where it does not say otherwise. */
import type { Container, PodSpec } from "../../../generated/v1.36/core/v1.ts";
import type { Output } from "../app.ts";
import { mapObjects } from "./objects.ts";
import { withPodTemplate } from "./pod-templates.ts";

/** Fields for Pods and their containers. What an object says itself stays, field by field; lists are never mixed. */
export interface PodDefaults {
  readonly pod?: Partial<Omit<PodSpec, "containers" | "initContainers">>;
  /** For every container, also init containers. */
  readonly container?: Partial<Omit<Container, "name" | "image">>;
  /** Only for Pods of this system; a Pod that says none is Linux. */
  readonly os?: "linux" | "windows";
}

/**
 * What the "restricted" Pod Security Standard asks for, and nothing more: no root, no more rights than at the start, no capabilities, the
 * runtime's seccomp profile.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const hardened: PodDefaults = {
  os: "linux",
  pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } },
  container: { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
};

/**
 * Fills in what Pods and containers do not say themselves.
 * ```ts
 * export default withDefaults(hardened, inNamespace("shop", [web, svc]));
 * export default withDefaults([hardened, { container: { imagePullPolicy: "Always" } }], [web]);
 * ```
 * @param defaults one or several; what an earlier one says, a later one does not change
 */
export function withDefaults<T extends Output>(defaults: PodDefaults | readonly PodDefaults[], objects: T): T {
  const list: readonly PodDefaults[] = Array.isArray(defaults) ? defaults : [defaults as PodDefaults];
  if (list.some((d) => typeof d !== "object" || d === null || "apiVersion" in d))
    throw new TypeError("withDefaults() takes the defaults first, then the objects: withDefaults(hardened, [web, svc])");
  return mapObjects("withDefaults", objects, (object) =>
    withPodTemplate(object, (template) => {
      const { spec } = template;
      return spec ? { ...template, spec: list.reduce(filledPod, spec) } : template;
    }),
  );
}

function filledPod(spec: PodSpec, defaults: PodDefaults): PodSpec {
  if (defaults.os !== undefined && defaults.os !== (spec.os?.name ?? "linux")) return spec;
  const { containers, initContainers, ...pod } = spec;
  const each = (list: readonly Container[]): readonly Container[] => list.map((c) => filled(c, defaults.container ?? {}) as Container);
  return {
    ...(initContainers ? { initContainers: each(initContainers) } : {}),
    containers: each(containers) as unknown as PodSpec["containers"],
    ...filled(pod, defaults.pod ?? {}),
  };
}

/** What is there wins; maps are filled field by field, `null` and lists count as said. */
function filled<T extends object>(object: T, defaults: object): T {
  const result: Record<string, unknown> = { ...(object as Readonly<Record<string, unknown>>) };
  for (const [key, value] of Object.entries(defaults)) {
    const own = result[key];
    if (own === undefined) result[key] = value;
    else if (isMap(own) && isMap(value)) result[key] = filled(own, value);
  }
  return result as T;
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
