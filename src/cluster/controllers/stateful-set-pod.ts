/**
 * The Pods of a StatefulSet and their claims: identity, storage, and who keeps the claims.
 * @see kubernetes pkg/controller/statefulset/stateful_set_utils.go, stateful_pod_control.go
 */
import type { OwnerReference, PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet, Volume } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME_CLAIM, POD } from "../../api/kinds.ts";
import { controllerRef, type KubeObject, type Unchecked } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused, type Refused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { refusedByTerminatingNamespace } from "./controller.ts";
import { parseOrdinal } from "./ordinals.ts";
import { podFromTemplate } from "./pod-control.ts";

export const FROM = "statefulset-controller";
const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";
export const REVISION_LABEL = "controller-revision-hash";

function claimName(set: StatefulSet, template: PersistentVolumeClaim, ordinal: number): string {
  return `${template.metadata.name}-${set.metadata.name}-${ordinal}`;
}

/** The template's volumes, with those of the claims put in front, instead of ones of the same name. */
function volumesOf(set: StatefulSet, template: readonly Volume[] | undefined, ordinal: number): readonly Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map((t) => ({
    name: t.metadata.name,
    persistentVolumeClaim: { claimName: claimName(set, t, ordinal) },
  }));
  return [...claims, ...(template ?? []).filter((v) => !claims.some((c) => c.name === v.name))];
}

/** The Pod of an ordinal, at a revision. */
export function statefulPod(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Unchecked {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podFromTemplate(template, set) as { metadata: { labels?: object }; spec: object };
  const volumes = volumesOf(set, template.spec?.volumes, ordinal);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      labels: { ...pod.metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal), [REVISION_LABEL]: revision },
    },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

/** What a Pod that is there already lacks of its identity; `undefined` when nothing. Its storage cannot be changed any more. */
export function missingIdentity(pod: Pod): Unchecked | undefined {
  const { name, labels } = pod.metadata;
  const wanted = { [POD_NAME]: name, [POD_INDEX]: String(parseOrdinal(name).ordinal) };
  return Object.entries(wanted).every(([k, v]) => labels?.[k] === v) ? undefined : { metadata: { labels: wanted } };
}

function report(context: ComponentContext, set: StatefulSet, verb: "Create" | "Delete", what: string, refusal: Refused | undefined): void {
  const { recorder } = context;
  const message = `${verb} ${what} in StatefulSet ${set.metadata.name}`;
  if (!refusal) recorder.report(FROM, set, "Normal", `Successful${verb}`, message);
  else recorder.report(FROM, set, "Warning", `Failed${verb}`, `${message} failed error: ${refusal.message}`);
}

function podEvent(context: ComponentContext, set: StatefulSet, verb: "Create" | "Delete", name: string, refusal?: Refused): void {
  if (refusal) report(context, set, verb, `Pod ${name}`, refusal);
  else
    context.recorder.report(FROM, set, "Normal", `Successful${verb}`, `${verb} Pod ${name} in StatefulSet ${set.metadata.name} successful`);
}

/** Makes the claims of an ordinal that are missing. */
export function createClaims(context: ComponentContext, set: StatefulSet, ordinal: number): Refused | undefined {
  const { client, recorder } = context;
  const { namespace } = set.metadata;
  const pod = `${set.metadata.name}-${ordinal}`;
  let first: Refused | undefined;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(set, template, ordinal);
    if (client.get(PERSISTENT_VOLUME_CLAIM, name, namespace)) continue;
    const { labels, annotations } = template.metadata;
    const metadata = { name, namespace, labels: { ...labels, ...set.spec.selector.matchLabels }, ...(annotations && { annotations }) };
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: template.spec };
    const answer = client.create(claim, { namespace: namespace ?? "" });
    const what = `Claim ${name}`;
    if (!isRefused(answer)) {
      recorder.report(FROM, set, "Normal", "SuccessfulCreate", `Create ${what} Pod ${pod} in StatefulSet ${set.metadata.name} success`);
    } else if (!refusedByTerminatingNamespace(answer)) {
      report(context, set, "Create", `${what} for Pod ${pod}`, answer);
      first ??= answer;
    }
  }
  return first;
}

/** Makes the claims, then the Pod. The refusal, if any; one for a namespace that is going away is none. */
export function createStatefulPod(context: ComponentContext, set: StatefulSet, pod: Unchecked, ordinal: number): Refused | undefined {
  const name = `${set.metadata.name}-${ordinal}`;
  const claims = createClaims(context, set, ordinal);
  if (claims) {
    podEvent(context, set, "Create", name, claims);
    return claims;
  }
  const answer = context.client.create<Pod>(pod, { namespace: set.metadata.namespace ?? "" });
  if (!isRefused(answer)) {
    podEvent(context, set, "Create", name);
    return undefined;
  }
  if (refusedByTerminatingNamespace(answer)) return undefined;
  if (answer.reason !== "AlreadyExists") podEvent(context, set, "Create", name, answer);
  return answer;
}

export function deleteStatefulPod(context: ComponentContext, set: StatefulSet, pod: Pod): Refused | undefined {
  const answer = context.client.delete(POD, pod.metadata.name, pod.metadata.namespace);
  const refusal = isRefused(answer) ? answer : undefined;
  podEvent(context, set, "Delete", pod.metadata.name, refusal);
  return refusal?.reason === "NotFound" ? undefined : refusal;
}

/**
 * Who owns the claims of a Pod, by the set's retention policy: whoever owns them takes them along when it goes.
 *
 * | whenScaled | whenDeleted | Pod is scaled down | owner |
 * |---|---|---|---|
 * | Retain | Retain | - | none |
 * | Retain | Delete | - | the set |
 * | Delete | Retain | yes | the Pod |
 * | Delete | Retain | no  | none |
 * | Delete | Delete | yes | the Pod |
 * | Delete | Delete | no  | the set |
 */
export function claimOwner(set: StatefulSet, condemned: boolean): "set" | "pod" | undefined {
  const { whenScaled = "Retain", whenDeleted = "Retain" } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled === "Delete" && condemned) return "pod";
  return whenDeleted === "Delete" ? "set" : undefined;
}

/** Brings the owners of a Pod's claims in line with the retention policy; a refusal, if there is one. */
export function ownClaims(context: ComponentContext, set: StatefulSet, pod: Pod, condemned: boolean): Refused | undefined {
  const { ordinal } = parseOrdinal(pod.metadata.name);
  const owner = claimOwner(set, condemned);
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claim = context.client.get(PERSISTENT_VOLUME_CLAIM, claimName(set, template, ordinal), pod.metadata.namespace);
    if (!claim) continue;
    const before = claim.metadata.ownerReferences ?? [];
    const others = before.filter((r) => r.uid !== set.metadata.uid && r.uid !== pod.metadata.uid);
    const ours: KubeObject | undefined = owner === "set" ? set : owner === "pod" ? pod : undefined;
    const after: readonly OwnerReference[] = ours ? [...others, controllerRef(ours)] : others;
    if (deepEqual(before, after)) continue;
    const patch = { metadata: { ownerReferences: after.length > 0 ? after : null } };
    const answer = context.client.patch(PERSISTENT_VOLUME_CLAIM, claim.metadata.name, claim.metadata.namespace, patch);
    if (isRefused(answer) && answer.reason !== "NotFound") return answer;
  }
  return undefined;
}

/** Whether a claim of the ordinal still goes with a Pod that is gone: the new Pod has to wait until it is gone, too. */
export function hasStaleClaim(context: ComponentContext, set: StatefulSet, ordinal: number): boolean {
  if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== "Delete") return false;
  return (set.spec.volumeClaimTemplates ?? []).some((template) => {
    const claim = context.client.get(PERSISTENT_VOLUME_CLAIM, claimName(set, template, ordinal), set.metadata.namespace);
    return claim?.metadata.ownerReferences?.some((r) => r.kind === "Pod" && r.name === `${set.metadata.name}-${ordinal}`) === true;
  });
}
