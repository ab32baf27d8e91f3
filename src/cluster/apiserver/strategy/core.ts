/** Namespaces, nodes, volumes. @see kubernetes pkg/registry/core */
import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim } from "../../../../generated/v1.36/model.ts";
import type { Strategy } from "./strategy.ts";

/** The finalizer that the namespace controller takes off when a namespace's content is gone. */
const NAMESPACE_FINALIZER = "kubernetes";

export const namespaceStrategy: Strategy<Namespace> = {
  ownStatus: true,
  prepareForCreate: (namespace) => {
    const finalizers = namespace.spec?.finalizers ?? [];
    return {
      ...withNameLabel(namespace),
      spec: { ...namespace.spec, finalizers: finalizers.includes(NAMESPACE_FINALIZER) ? finalizers : [...finalizers, NAMESPACE_FINALIZER] },
      status: { phase: "Active" },
    };
  },
  /** Only the finalize subresource changes the finalizers of the spec. */
  prepareForUpdate: (namespace, old) => ({ ...namespace, spec: old.spec }),
};

const NAME_LABEL = "kubernetes.io/metadata.name";

/** A name that was generated was not there yet when defaults were filled in. */
function withNameLabel(namespace: Namespace): Namespace {
  const { name = "", labels } = namespace.metadata;
  if (labels?.[NAME_LABEL] === name) return namespace;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [NAME_LABEL]: name } } };
}

/** A kubelet registers its node with the status. */
export const nodeStrategy: Strategy<Node> = {
  ownStatus: true,
  prepareForCreate: (node, { emptyStatus }) => ({ ...withPodCidrs(node), status: { ...(emptyStatus as Node["status"]), ...node.status } }),
  prepareForUpdate: withPodCidrs,
};

/** `podCIDR` is the first of `podCIDRs`: of the two the single one is right. @see kubernetes pkg/apis/core/v1/conversion.go */
function withPodCidrs(node: Node): Node {
  const { podCIDR, podCIDRs = [] } = node.spec ?? {};
  const first = podCIDRs[0];
  if (podCIDR) return first === podCIDR ? node : { ...node, spec: { ...node.spec, podCIDRs: [podCIDR] } };
  return first ? { ...node, spec: { ...node.spec, podCIDR: first } } : node;
}

export const claimStrategy: Strategy<PersistentVolumeClaim> = {
  ownStatus: true,
  prepareForCreate: (claim) => ({ ...withDataSource(claim), status: { phase: "Pending" } }),
  prepareForUpdate: withDataSource,
};

/**
 * `dataSource` and `dataSourceRef` say the same, as far as the older can.
 * @see kubernetes pkg/api/persistentvolumeclaim/util.go (NormalizeDataSources)
 */
function withDataSource(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { dataSource, dataSourceRef } = claim.spec ?? {};
  if (dataSource && !dataSourceRef) return { ...claim, spec: { ...claim.spec, dataSourceRef: dataSource } };
  if (!dataSourceRef || dataSource || dataSourceRef.namespace) return claim;
  const { namespace: _, ...source } = dataSourceRef;
  return { ...claim, spec: { ...claim.spec, dataSource: source } };
}

export const volumeStrategy: Strategy<PersistentVolume> = {
  ownStatus: true,
  prepareForCreate: (volume, { now }) => ({ ...volume, status: { phase: "Pending", lastPhaseTransitionTime: now } }),
};
