/** Seccomp may not be turned off. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_seccompProfile_baseline.go */
import { goQuote } from "../../../../lib/go-text.ts";
import { type CheckPod, containersOf, type PodCheck, plural, quoted, settersOf, sortedSet, type Violation } from "./check.ts";

const OF_POD = "seccomp.security.alpha.kubernetes.io/pod";
const OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

const allowedValue = (value: string): boolean =>
  value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");

export const isAllowedSeccomp = (type: string | undefined): boolean => type === "Localhost" || type === "RuntimeDefault";

/** Until 1.18 profiles were annotations. */
const checkAnnotations: CheckPod = (pod) => {
  const annotations = pod.metadata?.annotations ?? {};
  const keys = [OF_POD, ...containersOf(pod).map((c) => OF_CONTAINER + c.name)];
  const bad = sortedSet(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || allowedValue(value) ? [] : [`${key}=${goQuote(value)}`];
    }),
  );
  return bad.length === 0
    ? undefined
    : { reason: "seccompProfile", detail: `forbidden ${plural(bad.length, "annotation")} ${bad.join(", ")}` };
};

/** Who sets a profile that turns seccomp off. */
export function forbiddenProfiles(pod: Parameters<CheckPod>[0]): Violation | undefined {
  const ofPod = pod.spec.securityContext?.seccompProfile;
  const podIsBad = ofPod !== undefined && !isAllowedSeccomp(ofPod.type);
  const bad = containersOf(pod).filter((c) => {
    const profile = c.securityContext?.seccompProfile;
    return profile !== undefined && !isAllowedSeccomp(profile.type);
  });
  const setters = settersOf(
    podIsBad,
    bad.map((c) => c.name),
  );
  if (setters === "") return undefined;
  const types = sortedSet([...(podIsBad ? [ofPod.type] : []), ...bad.map((c) => c.securityContext?.seccompProfile?.type ?? "")]);
  return { reason: "seccompProfile", detail: `${setters} must not set securityContext.seccompProfile.type to ${quoted(types)}` };
}

export const seccompProfileBaseline: PodCheck = {
  id: "seccompProfile_baseline",
  level: "baseline",
  versions: [
    { since: 0, check: checkAnnotations },
    { since: 19, check: forbiddenProfiles },
  ],
};
