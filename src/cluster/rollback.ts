/**
 * `kubectl rollout undo`: the template of an earlier revision becomes the template again.
 * @see kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go
 */
import type { ControllerRevision, Deployment, PodTemplateSpec, ReplicaSet } from "../../generated/v1.36/model.ts";
import { CONTROLLER_REVISION, REPLICA_SET } from "../api/kinds.ts";
import { controllerOf, groupOf, type Kind, type KubeObject, type Unchecked } from "../api/object.ts";
import { semanticEqual } from "../lib/semantic-equal.ts";
import type { Answer } from "../sim/answer.ts";
import type { Client } from "../sim/client.ts";

const FIELD_MANAGER = "kubectl-rollout";
const REVISION = "deployment.kubernetes.io/revision";
/** What stays the Deployment's own when the annotations of an earlier revision come back with its template. */
const KEPT: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  "deployment.kubernetes.io/revision-history",
  "deployment.kubernetes.io/desired-replicas",
  "deployment.kubernetes.io/max-replicas",
  "deprecated.deployment.rollback.to",
]);

/** What kubectl itself refuses, without asking the API server. */
export interface KubectlError {
  readonly error: string;
}

interface Revision {
  readonly revision: number;
  readonly template: PodTemplateSpec;
  /** Of a Deployment's revision. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Rolls a Deployment, StatefulSet or DaemonSet back: to a revision, or with 0 to the one before. */
export function rollback(
  client: Client,
  { kind, resource }: { readonly kind: Kind; readonly resource: string },
  name: string,
  namespace: string,
  toRevision: number,
): Answer | KubectlError {
  const group = groupOf(kind.apiVersion);
  if (group !== "apps" || !["Deployment", "StatefulSet", "DaemonSet"].includes(kind.kind))
    return { error: `no rollbacker has been implemented for "${kind.kind}${group === "" ? "" : `.${group}`}"` };
  const workload = client.get<Deployment>(kind as Kind<Deployment>, name, namespace);
  if (!workload) {
    const message = `${resource}.${group} "${name}" not found`;
    return { code: 404, reason: "NotFound", message };
  }
  const isDeployment = kind.kind === "Deployment";
  const history = isDeployment ? replicaSetHistory(client, workload) : revisionHistory(client, workload);
  const newestFirst = [...history].sort((a, b) => b.revision - a.revision);
  const found = toRevision === 0 ? newestFirst[1] : newestFirst.find((r) => r.revision === toRevision);
  if (!found) {
    if (toRevision > 0) return { error: `unable to find specified revision ${toRevision} in history` };
    return { error: isDeployment ? `no rollout history found for deployment "${name}"` : "no last revision to roll back to" };
  }
  if (isDeployment && workload.spec.paused === true)
    return { error: "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again" };
  // Skipped when it is the present one.
  if (semanticEqual(found.template, workload.spec.template)) return { code: 200, object: workload };
  const annotations = isDeployment ? annotationsOf(workload, found) : workload.metadata.annotations;
  return client.update(
    {
      ...workload,
      metadata: { ...workload.metadata, ...(annotations && { annotations }) },
      spec: { ...workload.spec, template: found.template },
    } as KubeObject,
    { fieldManager: FIELD_MANAGER },
  );
}

/** Those of the revision, such as `kubernetes.io/change-cause`, in place of the Deployment's. */
function annotationsOf(deployment: Deployment, { annotations = {} }: Revision): Readonly<Record<string, string>> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([k]) => KEPT.has(k));
  return Object.fromEntries([...own, ...Object.entries(annotations).filter(([k]) => !KEPT.has(k))]);
}

function replicaSetHistory(client: Client, deployment: Deployment): readonly Revision[] {
  return client
    .list<ReplicaSet>(REPLICA_SET, deployment.metadata.namespace)
    .filter((rs) => controllerOf(rs)?.uid === deployment.metadata.uid && Number(rs.metadata.annotations?.[REVISION]) > 0)
    .map((rs) => {
      const { "pod-template-hash": _, ...labels } = rs.spec.template?.metadata?.labels ?? {};
      return {
        revision: Number(rs.metadata.annotations?.[REVISION]),
        template: { ...rs.spec.template, metadata: { ...rs.spec.template?.metadata, labels } } as PodTemplateSpec,
        ...(rs.metadata.annotations && { annotations: rs.metadata.annotations }),
      };
    });
}

/** StatefulSets and DaemonSets keep their history in ControllerRevisions, as a patch of the spec. */
function revisionHistory(client: Client, workload: KubeObject): readonly Revision[] {
  return client
    .list<ControllerRevision>(CONTROLLER_REVISION, workload.metadata.namespace)
    .filter((r) => controllerOf(r)?.uid === workload.metadata.uid)
    .map((r) => {
      const data = r.data as { readonly spec?: { readonly template?: Unchecked } } | undefined;
      const { $patch: _, ...template } = (data?.spec?.template ?? {}) as Record<string, unknown>;
      return { revision: r.revision, template: template as unknown as PodTemplateSpec };
    });
}
