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
      ...namespace,
      spec: { ...namespace.spec, finalizers: finalizers.includes(NAMESPACE_FINALIZER) ? finalizers : [...finalizers, NAMESPACE_FINALIZER] },
      status: { phase: "Active" },
    };
  },
  /** Only the finalize subresource changes the finalizers of the spec. */
  prepareForUpdate: (namespace, old) => ({ ...namespace, spec: old.spec }),
};

/** A kubelet registers its node with the status. */
export const nodeStrategy: Strategy<Node> = {
  ownStatus: true,
  prepareForCreate: (node, { emptyStatus }) => ({ ...node, status: { ...(emptyStatus as Node["status"]), ...node.status } }),
};

export const claimStrategy: Strategy<PersistentVolumeClaim> = {
  ownStatus: true,
  prepareForCreate: (claim) => ({ ...claim, status: { phase: "Pending" } }),
};

export const volumeStrategy: Strategy<PersistentVolume> = {
  ownStatus: true,
  prepareForCreate: (volume, { now }) => ({ ...volume, status: { phase: "Pending", lastPhaseTransitionTime: now } }),
};
