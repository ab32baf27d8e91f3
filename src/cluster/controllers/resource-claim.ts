/**
 * ResourceClaims of Pods: made from templates, given back when their Pods are over, deleted with them.
 * Simplified: a Pod that names its node itself gets no reservation.
 * @see kubernetes pkg/controller/resourceclaim/controller.go
 */
import type { Pod, ResourceClaimTemplate, ResourceV1ResourceClaim } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { controllerOf, type Kind, keyOf, kindOf } from "../../api/object.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

export const RESOURCE_CLAIM: Kind<ResourceV1ResourceClaim> = kindOf("resource.k8s.io/v1", "ResourceClaim");
const RESOURCE_CLAIM_TEMPLATE: Kind<ResourceClaimTemplate> = kindOf("resource.k8s.io/v1", "ResourceClaimTemplate");
const FINALIZER = "resource.kubernetes.io/delete-protection";
/** Which of the Pod's claims an object was made for. */
const CLAIM_NAME = "resource.kubernetes.io/pod-claim-name";
/** As the real controller calls itself in events. */
const REPORTER = "resource_claim";
const BY_TEMPLATE = "resource claim templates";
/** Of a generated name's fixed part: five random characters follow. */
const BASE_LENGTH_MAX = 253 - 5;

interface Caches {
  readonly pods: Informer<Pod>;
  readonly claims: Informer<ResourceV1ResourceClaim>;
  readonly templates: Informer<ResourceClaimTemplate>;
}

export const resourceClaimController: Controller = {
  name: "resourceclaim-controller",
  start(context) {
    const { informers } = context;
    const caches: Caches = {
      pods: informers.for(POD),
      claims: informers.for(RESOURCE_CLAIM),
      templates: informers.for(RESOURCE_CLAIM_TEMPLATE),
    };
    const { pods, claims, templates } = caches;
    pods.addIndex(BY_TEMPLATE, (p) =>
      (p.spec.resourceClaims ?? []).flatMap((c) =>
        c.resourceClaimTemplateName === undefined ? [] : [`${p.metadata.namespace}/${c.resourceClaimTemplateName}`],
      ),
    );
    const podQueue = queueFor(context, pods, (pod) => makeClaims(context, caches, pod));
    const claimQueue = queueFor(context, claims, (claim) => syncClaim(context, caches, claim));
    pods.on((type, pod) => {
      if ((pod.spec.resourceClaims ?? []).length === 0) return;
      if (type !== "DELETED") podQueue.add(keyOf(pod));
      if (type === "DELETED" || isOver(pod)) for (const name of claimNames(pod)) claimQueue.add(`${pod.metadata.namespace}/${name}`);
    });
    claims.on((type, claim) => {
      claimQueue.add(keyOf(claim));
      const owner = type === "DELETED" ? controllerOf(claim) : undefined;
      if (owner?.kind === "Pod") podQueue.add(`${claim.metadata.namespace}/${owner.name}`);
    });
    templates.on((_type, template) => {
      for (const pod of pods.by(BY_TEMPLATE, keyOf(template))) podQueue.add(keyOf(pod));
    });
  },
};

/** It will use no devices any more, or never has. */
function isOver(pod: Pod): boolean {
  return isPodFinished(pod) || (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName);
}

/** The claims that a Pod names, and those that were made for it. */
export function claimNames(pod: Pod): readonly string[] {
  const made = (pod.status?.resourceClaimStatuses ?? []).flatMap((s) => (s.resourceClaimName === undefined ? [] : [s.resourceClaimName]));
  const named = (pod.spec.resourceClaims ?? []).flatMap((c) => (c.resourceClaimName === undefined ? [] : [c.resourceClaimName]));
  return [...made, ...named];
}

function makeClaims(context: ComponentContext, { claims, templates }: Caches, pod: Pod): ReconcileResult {
  if (pod.metadata.deletionTimestamp !== undefined || isPodFinished(pod)) return;
  const { client, recorder } = context;
  const { name: podName, namespace = "default", uid = "" } = pod.metadata;
  const known = pod.status?.resourceClaimStatuses ?? [];
  const statuses = new Map(known.map((s) => [s.name, s.resourceClaimName]));
  let failed = false;
  for (const { name, resourceClaimTemplateName: templateName } of pod.spec.resourceClaims ?? []) {
    if (templateName === undefined) continue;
    const stated = statuses.get(name);
    if (stated !== undefined && claims.get(`${namespace}/${stated}`)) continue;
    const there = claims.controlledBy(uid).find((c) => c.metadata.annotations?.[CLAIM_NAME] === name);
    if (there) {
      statuses.set(name, there.metadata.name);
      continue;
    }
    const template = templates.get(`${namespace}/${templateName}`);
    const fail = (why: string): void => {
      failed = true;
      recorder.report(REPORTER, pod, "Warning", "FailedResourceClaimCreation", `PodResourceClaim ${name}: ${why}`);
    };
    if (!template) {
      const quoted = JSON.stringify(templateName);
      fail(`resource claim template ${quoted}: resourceclaimtemplate.resource.k8s.io ${quoted} not found`);
      continue;
    }
    const answer = client.create<ResourceV1ResourceClaim>({
      apiVersion: "resource.k8s.io/v1",
      kind: "ResourceClaim",
      metadata: {
        ...(template.spec.metadata?.labels ? { labels: template.spec.metadata.labels } : {}),
        annotations: { ...template.spec.metadata?.annotations, [CLAIM_NAME]: name },
        generateName: `${`${podName}-${name}`.slice(0, BASE_LENGTH_MAX - 1)}-`,
        namespace,
        ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: podName, uid, controller: true, blockOwnerDeletion: true }],
      },
      spec: template.spec.spec,
    });
    if (isRefused(answer)) fail(answer.message);
    else statuses.set(name, answer.object.metadata.name);
  }
  const next = [...statuses].map(([name, resourceClaimName]) => ({
    name,
    ...(resourceClaimName === undefined ? {} : { resourceClaimName }),
  }));
  if (JSON.stringify(next) !== JSON.stringify(known)) {
    const answer = client.patch(POD, podName, namespace, { status: { resourceClaimStatuses: next } }, { subresource: "status" });
    if (mustRetry(answer)) return "retry";
  }
  if (failed) return "retry";
}

/** Gives back what no Pod uses any more. */
function syncClaim(context: ComponentContext, { pods }: Caches, claim: ResourceV1ResourceClaim): ReconcileResult {
  const { client } = context;
  const { name, namespace = "default", deletionTimestamp, finalizers = [] } = claim.metadata;
  const reserved = claim.status?.reservedFor ?? [];
  const valid = reserved.filter((r) => {
    if (r.resource !== "pods" || r.apiGroup) return true;
    const pod = pods.get(`${namespace}/${r.name}`);
    return pod !== undefined && pod.metadata.uid === r.uid && !isOver(pod);
  });
  const isProtected = finalizers.includes(FINALIZER);
  const giveBack = valid.length === 0 && isProtected && (reserved.length > 0 || deletionTimestamp !== undefined);
  if (valid.length < reserved.length || (giveBack && claim.status?.allocation)) {
    const status = { reservedFor: valid.length > 0 ? valid : null, ...(giveBack ? { allocation: null } : {}) };
    if (mustRetry(client.patch(RESOURCE_CLAIM, name, namespace, { status }, { subresource: "status" }))) return "retry";
  }
  if (giveBack) {
    const left = finalizers.filter((f) => f !== FINALIZER);
    if (mustRetry(client.patch(RESOURCE_CLAIM, name, namespace, { metadata: { finalizers: left.length > 0 ? left : null } })))
      return "retry";
  }
  const owner = controllerOf(claim);
  if (valid.length > 0 || owner?.kind !== "Pod" || deletionTimestamp !== undefined) return;
  const pod = pods.get(`${namespace}/${owner.name}`);
  if (pod && pod.metadata.uid === owner.uid && isOver(pod) && mustRetry(client.delete(RESOURCE_CLAIM, name, namespace))) return "retry";
}
