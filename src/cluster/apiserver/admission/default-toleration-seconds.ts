/** Pods stay five minutes on a node that fails, unless they say otherwise. @see kubernetes plugin/pkg/admission/defaulttolerationseconds/admission.go */
import type { Pod, Toleration } from "../../../../generated/v1.36/model.ts";
import { changed } from "../../../lib/changed.ts";
import { type AdmissionPlugin, isRequestFor } from "./plugin.ts";

const TOLERATION_SECONDS = 300;
const FAILURES = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] as const;

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  resources: ["/pods"],
  admit(request) {
    if (!isRequestFor(request, "CREATE UPDATE", "pods")) return undefined;
    const pod = request.object as Pod;
    const given = pod.spec?.tolerations ?? [];
    const covers = (t: Toleration, key: string): boolean => (!t.key || t.key === key) && (!t.effect || t.effect === "NoExecute");
    const missing = FAILURES.filter((key) => !given.some((t) => covers(t, key)));
    if (missing.length === 0) return undefined;
    const added = missing.map(
      (key): Toleration => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: TOLERATION_SECONDS }),
    );
    return changed(pod, { spec: changed(pod.spec, { tolerations: [...given, ...added] }) });
  },
};
