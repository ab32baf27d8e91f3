/** The SELinux type is one of containers; user and role stay what they are. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_seLinuxOptions.go */
import type { SELinuxOptions } from "../../../../../generated/v1.36/model.ts";
import { type CheckPod, containersOf, type PodCheck, plural, quoted, settersOf, sortedSet } from "./check.ts";

const TYPES = ["", "container_t", "container_init_t", "container_kvm_t"];
const TYPES_1_31 = [...TYPES, "container_engine_t"];

function checkTypes(allowed: readonly string[]): CheckPod {
  const isBad = (o: SELinuxOptions | undefined): o is SELinuxOptions =>
    o !== undefined && (!allowed.includes(o.type ?? "") || Boolean(o.user) || Boolean(o.role));
  return (pod) => {
    const ofPod = pod.spec.securityContext?.seLinuxOptions;
    const bad = containersOf(pod).filter((c) => isBad(c.securityContext?.seLinuxOptions));
    const setters = settersOf(
      isBad(ofPod),
      bad.map((c) => c.name),
    );
    if (setters === "") return undefined;
    const all = [ofPod, ...bad.map((c) => c.securityContext?.seLinuxOptions)].filter(isBad);
    const types = sortedSet(all.map((o) => o.type ?? "").filter((type) => !allowed.includes(type)));
    const data = [
      ...(types.length > 0 ? [`${plural(types.length, "type")} ${quoted(types)}`] : []),
      ...(all.some((o) => o.user) ? ["user may not be set"] : []),
      ...(all.some((o) => o.role) ? ["role may not be set"] : []),
    ];
    return { reason: "seLinuxOptions", detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join("; ")}` };
  };
}

export const seLinuxOptions: PodCheck = {
  id: "seLinuxOptions",
  level: "baseline",
  versions: [
    { since: 0, check: checkTypes(TYPES) },
    { since: 31, check: checkTypes(TYPES_1_31) },
  ],
};
