/** What happens in the cluster, as far as it can help a Pod that found no node. */
import type { Node } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import type { WatchEventType } from "../../sim/client.ts";
import type { PodInfo } from "./pod-info.ts";

export type ClusterEvent =
  | { readonly type: "node-added"; readonly node: Node }
  | { readonly type: "node-updated"; readonly node: Node; readonly before: Node }
  | { readonly type: "node-removed"; readonly node: Node }
  /** A Pod that has a node came, changed (also: labels, scaled down) or went. */
  | { readonly type: "pod-added"; readonly pod: PodInfo }
  | { readonly type: "pod-updated"; readonly pod: PodInfo; readonly before: PodInfo }
  | { readonly type: "pod-removed"; readonly pod: PodInfo }
  /** Another object came or changed: a claim, a volume, a class, a namespace. */
  | { readonly type: "object"; readonly object: KubeObject; readonly before: KubeObject | undefined }
  | { readonly type: "object-removed"; readonly object: KubeObject };

export function objectEvent(type: WatchEventType, object: KubeObject, before: KubeObject | undefined): ClusterEvent {
  return type === "DELETED"
    ? { type: "object-removed", object }
    : { type: "object", object, before: type === "ADDED" ? undefined : before };
}
