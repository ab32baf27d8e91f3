/** Charges a namespace's quotas, last of all. @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota */
import type { ResourceQuota } from "../../../../generated/v1.36/model.ts";
import { RESOURCE_QUOTA } from "../../../api/kinds.ts";
import { subtractAmounts, withoutZeros } from "../../../api/quota/amounts.ts";
import { chargeQuota, quotaPrecondition } from "../../../api/quota/charge.ts";
import { evaluatorOf } from "../../../api/quota/evaluators.ts";
import { type AdmissionPlugin, forbid } from "./plugin.ts";

export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  validate(request, context) {
    const { operation, resource, namespace, object, old, subresource } = request;
    if (!object || !namespace || subresource !== undefined || operation === "DELETE") return undefined;
    const quotas = context.list(RESOURCE_QUOTA, namespace);
    if (quotas.length === 0) return undefined;
    const evaluator = evaluatorOf(resource);
    if (operation === "UPDATE" && !evaluator.onUpdate) return undefined;
    for (const quota of quotas) {
      const refusal = quotaPrecondition(quota, resource, object);
      if (refusal !== undefined) return forbid(request, refusal);
    }
    const now = context.loop.unixMs();
    const usage = evaluator.usage(object, now);
    const delta = operation === "UPDATE" && old ? subtractAmounts(usage, evaluator.usage(old, now)) : usage;
    if (withoutZeros(delta).size === 0) return undefined;
    const charges = quotas.map((quota) => ({ quota, charge: chargeQuota(quota, resource, object, delta) }));
    for (const { charge } of charges) if (charge && "refusal" in charge) return forbid(request, charge.refusal);
    if (request.dryRun) return undefined;
    for (const { quota, charge } of charges) {
      if (charge && "used" in charge) context.updateStatus({ ...quota, status: { ...quota.status, used: charge.used } } as ResourceQuota);
    }
    return undefined;
  },
};
