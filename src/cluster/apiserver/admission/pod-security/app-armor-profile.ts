/** The default AppArmor profile may not be turned off. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_appArmorProfile.go */
import { goQuote } from "../../../../lib/go-text.ts";
import { type CheckPod, containersOf, type PodCheck, plural, quoted, settersOf, sortedSet } from "./check.ts";

const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

const allowedType = (type: string): boolean => type === "RuntimeDefault" || type === "Localhost";
const allowedValue = (value: string): boolean => value === "" || value === "runtime/default" || value.startsWith("localhost/");

const check: CheckPod = (pod) => {
  const ofPod = pod.spec.securityContext?.appArmorProfile?.type;
  const podIsBad = ofPod !== undefined && !allowedType(ofPod);
  const bad = containersOf(pod).filter((c) => {
    const type = c.securityContext?.appArmorProfile?.type;
    return type !== undefined && !allowedType(type);
  });
  const annotations = Object.entries(pod.metadata?.annotations ?? {})
    .filter(([key, value]) => key.startsWith(ANNOTATION) && !allowedValue(value))
    .map(([key, value]) => `${key}=${goQuote(value)}`)
    .sort();
  const setters = [
    settersOf(
      podIsBad,
      bad.map((c) => c.name),
    ),
    annotations.length > 0 ? plural(annotations.length, "annotation") : "",
  ].filter((s) => s !== "");
  if (setters.length === 0) return undefined;
  const types = sortedSet([...(podIsBad ? [ofPod] : []), ...bad.map((c) => c.securityContext?.appArmorProfile?.type ?? "")]);
  const values = [...types, ...annotations];
  return {
    reason: plural(values.length, "forbidden AppArmor profile"),
    detail: `${setters.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

export const appArmorProfile: PodCheck = { id: "appArmorProfile", level: "baseline", versions: [{ since: 0, check }] };
