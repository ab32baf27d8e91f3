/** The counts in the status of workloads. @see kubernetes pkg/apis/apps/validation/validation.go, pkg/apis/core/validation/validation.go */
import type { KubeObject } from "../../../api/object.ts";
import { type FieldError, invalidValue } from "../field-error.ts";
import { notNegative, validateObjectMetaUpdate } from "./meta/object-meta.ts";

type Status = Readonly<Record<string, number | undefined>>;
type Workload = KubeObject & { readonly status?: unknown };

interface Counts {
  /** None of them is negative; in the order in which they are looked at. */
  readonly counted: readonly string[];
  /** None of them is more than the replicas. */
  readonly ofReplicas: readonly string[];
  /** How the ready ones are named, of which the available ones are some. */
  readonly ready?: string;
  readonly metadataLast?: boolean;
}

const REVIEWED = "observedGeneration";

function statusRules({ counted, ofReplicas, ready, metadataLast = false }: Counts): (now: Workload, old: Workload) => FieldError[] {
  return (now, old) => {
    const [status, was] = [now.status ?? {}, old.status ?? {}] as [Status, Status];
    const meta = validateObjectMetaUpdate(now.metadata, old.metadata);
    const out = counted.flatMap((field) => notNegative(`status.${field}`, status[field]));
    const atMost = (field: string, max: string, text: string): void => {
      if ((status[field] ?? 0) > (status[max] ?? 0))
        out.push(invalidValue(`status.${field}`, status[field], `cannot be greater than ${text}`));
    };
    for (const field of ofReplicas) atMost(field, "replicas", "status.replicas");
    if (ready !== undefined) atMost("availableReplicas", "readyReplicas", ready);
    const all = metadataLast ? [...out, ...meta] : [...meta, ...out];
    const fell = was["collisionCount"] !== undefined && (status["collisionCount"] ?? -1) < was["collisionCount"];
    if (counted.includes("collisionCount") && fell)
      all.push(invalidValue("status.collisionCount", status["collisionCount"] ?? 0, "cannot be decremented"));
    return all;
  };
}

export const validateDeploymentStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: [
    ...[REVIEWED, "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"],
    ...["unavailableReplicas", "terminatingReplicas", "collisionCount"],
  ],
  ofReplicas: ["updatedReplicas", "readyReplicas", "availableReplicas"],
  ready: "readyReplicas",
});

export const validateReplicaSetStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", REVIEWED, "terminatingReplicas"],
  ofReplicas: ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
  ready: "readyReplicas",
});

export const validateReplicationControllerStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", REVIEWED],
  ofReplicas: ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
  ready: "readyReplicas",
});

export const validateStatefulSetStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", REVIEWED, "collisionCount"],
  ofReplicas: ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
  ready: "status.readyReplicas",
  metadataLast: true,
});

export const validateDaemonSetStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: [
    ...["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", REVIEWED],
    ...["updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"],
  ],
  ofReplicas: [],
});

/** Of an autoscaler's status only its two counts are looked at. @see kubernetes pkg/apis/autoscaling/validation/validation.go */
export const validateAutoscalerStatusUpdate: ReturnType<typeof statusRules> = statusRules({
  counted: ["currentReplicas", "desiredReplicas"],
  ofReplicas: [],
});
