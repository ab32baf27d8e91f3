/**
 * ValidatingAdmissionPolicies say which generation of them has been checked.
 * Simplified: no expression is checked against the types of what it matches, so `typeChecking` holds no warning.
 * @see kubernetes pkg/controller/validatingadmissionpolicystatus/controller.go
 */
import type { ValidatingAdmissionPolicy } from "../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const POLICY: Kind<ValidatingAdmissionPolicy> = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");

export const validatingAdmissionPolicyStatusController: Controller = {
  name: "validatingadmissionpolicy-status-controller",
  start(context) {
    const policies = context.informers.for(POLICY);
    const queue = queueFor(context, policies, (policy): ReconcileResult => {
      const { generation = 0 } = policy.metadata;
      if (generation <= (policy.status?.observedGeneration ?? 0)) return;
      const status = { ...policy.status, observedGeneration: generation, typeChecking: {} };
      if (mustRetry(context.client.updateStatus<ValidatingAdmissionPolicy>({ ...policy, status }))) return "retry";
    });
    policies.on((type, policy) => {
      if (type !== "DELETED") queue.add(policy.metadata.name);
    });
  },
};
