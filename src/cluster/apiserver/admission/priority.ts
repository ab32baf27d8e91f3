/** A Pod's priority is that of its class. @see kubernetes plugin/pkg/admission/priority/admission.go */
import type { Pod, PriorityClass } from "../../../../generated/v1.36/model.ts";
import { PRIORITY_CLASS } from "../../../api/kinds.ts";
import { changed } from "../../../lib/changed.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, forbid, isRequestFor } from "./plugin.ts";

/** Classes that every cluster has. @see kubernetes pkg/apis/scheduling/v1/helpers.go */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};
const PREEMPT = "PreemptLowerPriority";

export const priority: AdmissionPlugin = {
  name: "Priority",
  resources: ["/pods", "scheduling.k8s.io/priorityclasses"],
  admit(request, context) {
    if (isRequestFor(request, "UPDATE", "pods")) return keepPriority(request);
    if (!isRequestFor(request, "CREATE", "pods")) return undefined;
    const pod = request.object as Pod;
    const { spec } = pod;
    const chosen = spec.priorityClassName
      ? classNamed(spec.priorityClassName, context)
      : (defaultClass(context) ?? { name: "", value: 0, policy: PREEMPT });
    if (!chosen) return forbid(request, `no PriorityClass with name ${spec.priorityClassName} was found`);
    const { name, value, policy } = chosen;
    if (spec.priority !== undefined && spec.priority !== value)
      return contradicts(request, `integer value of priority (${spec.priority})`, value);
    if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
      return contradicts(request, `string value of PreemptionPolicy (${spec.preemptionPolicy})`, policy);
    }
    const named = name === "" ? {} : { priorityClassName: name };
    return changed(pod, { spec: changed(spec, { ...named, priority: value, preemptionPolicy: policy } as Partial<Pod["spec"]>) });
  },
  validate(request, context) {
    if (!isRequestFor(request, "CREATE UPDATE", "priorityclasses", "scheduling.k8s.io")) return undefined;
    const made = request.object as PriorityClass;
    if (!made.globalDefault) return undefined;
    const other = context.list(PRIORITY_CLASS).find((c) => c.globalDefault && c.metadata.name !== made.metadata.name);
    return other && forbid(request, `PriorityClass ${other.metadata.name} is already marked as globalDefault. Only one default can exist`);
  },
};

/** What an update leaves out stays as it is. */
function keepPriority(request: AdmissionRequest): Pod | undefined {
  const [pod, old] = [request.object as Pod, request.old as Pod];
  const { priority: value, preemptionPolicy: policy } = old.spec ?? {};
  const kept = {
    ...(pod.spec?.priority === undefined && value !== undefined ? { priority: value } : {}),
    ...(pod.spec?.preemptionPolicy === undefined && policy !== undefined ? { preemptionPolicy: policy } : {}),
  };
  return Object.keys(kept).length === 0 ? undefined : ({ ...pod, spec: { ...pod.spec, ...kept } } as Pod);
}

interface Chosen {
  readonly name: string;
  readonly value: number;
  readonly policy: string;
}

const chosenOf = (c: PriorityClass): Chosen => ({ name: c.metadata.name, value: c.value ?? 0, policy: c.preemptionPolicy ?? PREEMPT });

function classNamed(name: string, context: AdmissionContext): Chosen | undefined {
  const found = context.get(PRIORITY_CLASS, name);
  if (found) return chosenOf(found);
  const system = SYSTEM_CLASSES[name];
  return system === undefined ? undefined : { name, value: system, policy: PREEMPT };
}

/** Of several default classes the lowest. */
function defaultClass(context: AdmissionContext): Chosen | undefined {
  const defaults = context.list(PRIORITY_CLASS).filter((c) => c.globalDefault);
  const lowest = defaults.reduce<PriorityClass | undefined>((low, c) => (low && (low.value ?? 0) <= (c.value ?? 0) ? low : c), undefined);
  return lowest && chosenOf(lowest);
}

function contradicts(request: AdmissionRequest, given: string, computed: number | string): ReturnType<typeof forbid> {
  return forbid(
    request,
    `the ${given} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`,
  );
}
