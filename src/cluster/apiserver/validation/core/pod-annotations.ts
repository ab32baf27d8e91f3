/** Annotations that mean something on a Pod. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodSpecificAnnotations) */
import type { Pod, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { type FieldError, forbidden, invalidValue } from "../../field-error.ts";
import type { Path } from "../path.ts";

const MIRROR = "kubernetes.io/config.mirror";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const APPARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/";

export function checkPodAnnotations(annotations: Readonly<Record<string, string>>, spec: PodSpec, path: Path, out: FieldError[]): void {
  if (annotations[MIRROR] !== undefined && !spec.nodeName) {
    out.push(invalidValue(`${path}[${MIRROR}]`, annotations[MIRROR], "must set spec.nodeName if mirror pod annotation is set"));
  }
  const cost = annotations[DELETION_COST];
  if (cost !== undefined && !isInt32(cost)) out.push(invalidValue(`${path}[${DELETION_COST}]`, cost, "must be a 32bit integer"));
  for (const key in annotations) {
    if (!key.startsWith(APPARMOR_PREFIX)) continue;
    const container = key.slice(APPARMOR_PREFIX.length);
    const profile = annotations[key]!;
    const all = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
    if (!all.some((c) => c.name === container)) out.push(invalidValue(`${path}[${key}]`, container, "container not found"));
    if (!["", "runtime/default", "unconfined"].includes(profile) && !profile.startsWith("localhost/")) {
      out.push(invalidValue(`${path}[${key}]`, profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
    }
  }
}

/** Some that a Pod was made with stay as they are, and cannot come later. */
export function checkPodAnnotationUpdate(pod: Pod, old: Pod, out: FieldError[]): void {
  const [now, before] = [pod.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const check = (key: string, what: string): void => {
    const at = `metadata.annotations[${key}]`;
    if (key.startsWith(APPARMOR_PREFIX)) out.push(forbidden(at, `may not ${what} AppArmor annotations`));
    if (key === MIRROR) out.push(forbidden(at, `may not ${what} mirror pod annotation`));
  };
  if (now !== before) {
    for (const key in before) if (now[key] !== before[key]) check(key, "remove or update");
    for (const key in now) if (before[key] === undefined) check(key, "add");
  }
  checkPodAnnotations(now, pod.spec ?? { containers: [] }, "metadata.annotations", out);
}

/** No plus sign, no leading zeros. */
function isInt32(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text)) <= 2147483647;
}
