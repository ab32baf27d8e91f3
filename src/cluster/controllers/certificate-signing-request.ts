/**
 * Requests for certificates: those of kubelets for themselves are approved, and what is done with, or nobody has answered, is deleted.
 * Simplified: whoever asks may ask, since there are no users here; and nobody signs, as where the control plane has no key for it.
 * @see kubernetes pkg/controller/certificates/approver/sarapprove.go, pkg/controller/certificates/cleaner/cleaner.go
 */
import type { CertificateSigningRequest } from "../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { parseCertificateRequest } from "../../lib/certificate-request.ts";
import type { Loop } from "../../sim/loop.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const REQUEST: Kind<CertificateSigningRequest> = kindOf("certificates.k8s.io/v1", "CertificateSigningRequest");
const KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
/** In order of name: those of a client, with a key that encrypts or without. */
const USAGES: readonly string[] = ["client auth,digital signature", "client auth,digital signature,key encipherment"];
const HOUR_MS = 3_600_000;
/** How long a request stays after it was answered, or without an answer, in milliseconds. */
const ANSWERED_MS = HOUR_MS;
const PENDING_MS = 24 * HOUR_MS;

function conditionOf(request: CertificateSigningRequest, type: string): { readonly lastUpdateTime?: string | undefined } | undefined {
  return request.status?.conditions?.find((c) => c.type === type);
}

/** A kubelet's request for what it shows to the API server. @see kubernetes pkg/apis/certificates/helpers.go (ValidateKubeletClientCSR) */
export function isKubeletClient({ spec }: CertificateSigningRequest): boolean {
  if (spec.signerName !== KUBELET_CLIENT) return false;
  const parsed = parseCertificateRequest(atob(spec.request));
  if (!parsed || !USAGES.includes([...(spec.usages ?? [])].sort().join())) return false;
  if (parsed.organizations.join() !== "system:nodes" || parsed.hasAlternativeNames) return false;
  return parsed.commonName.startsWith("system:node:");
}

/** When the request is to be deleted, in virtual milliseconds; undefined: never by itself. */
function deleteAtMs(request: CertificateSigningRequest, loop: Loop): number | undefined {
  const { metadata, status } = request;
  const after = (time: string | undefined, ms: number): number | undefined => (time === undefined ? undefined : loop.instantOf(time) + ms);
  if ((status?.conditions ?? []).length === 0) return after(metadata.creationTimestamp, PENDING_MS);
  const approved = status?.certificate ? conditionOf(request, "Approved") : undefined;
  return after((approved ?? conditionOf(request, "Denied"))?.lastUpdateTime, ANSWERED_MS);
}

export const certificateSigningRequestController: Controller = {
  name: "certificatesigningrequest-approving-controller",
  start(context) {
    const { client, informers, loop } = context;
    const requests = informers.for(REQUEST);
    const queue = queueFor(context, requests, (request, name): ReconcileResult => {
      const isAnswered = conditionOf(request, "Approved") ?? conditionOf(request, "Denied");
      if (!isAnswered && !request.status?.certificate && isKubeletClient(request)) {
        const at = loop.timestamp();
        const approval = { type: "Approved", status: "True", reason: "AutoApproved", lastUpdateTime: at, lastTransitionTime: at };
        const message = "Auto approving kubelet client certificate after SubjectAccessReview.";
        const conditions = [...(request.status?.conditions ?? []), { ...approval, message }];
        const status = { ...request.status, conditions };
        return mustRetry(client.updateStatus<CertificateSigningRequest>({ ...request, status })) ? "retry" : undefined;
      }
      const dueMs = deleteAtMs(request, loop);
      if (dueMs === undefined) return;
      // The cleaner comes once an hour.
      const lookMs = Math.ceil((dueMs + 1) / HOUR_MS) * HOUR_MS;
      if (loop.now() < lookMs) return { afterMs: lookMs - loop.now() };
      return mustRetry(client.delete(REQUEST, name)) ? "retry" : undefined;
    });
    requests.on((type, request) => {
      if (type !== "DELETED") queue.add(request.metadata.name);
    });
  },
};
