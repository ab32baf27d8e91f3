/**
 * A bound volume with zone or region labels wants a node of that zone or region; a node without any such label takes all.
 * @see kubernetes pkg/scheduler/framework/plugins/volumezone/volume_zone.go
 */
import type { Node, StorageClass } from "../../../../generated/v1.36/model.ts";
import { claimNotFound, claimsOf, classOf, isOwnClaim } from "../claims.ts";
import { type Plugin, type PreFilterResult, refusal, SKIP } from "../framework.ts";

const NAME = "VolumeZone";
const REFUSED = refusal(NAME, "node(s) had no available volume zone", false);
const GA_LABEL: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
};
const LABELS = [...Object.keys(GA_LABEL), ...Object.values(GA_LABEL)];

type State = readonly { readonly key: string; readonly values: readonly string[] }[];

export const volumeZone: Plugin<State> = {
  name: NAME,
  preFilter({ pod, listers }): PreFilterResult<State> {
    const topologies: { key: string; values: readonly string[] }[] = [];
    const refused = (why: string): PreFilterResult<State> => ({ refusal: refusal(NAME, why, false) });
    for (const { name, ephemeral } of claimsOf(pod.pod)) {
      if (ephemeral) continue;
      const claim = listers.claim(pod.shape.namespace, name);
      if (!claim) return refused(claimNotFound(name));
      const volumeName = claim.spec?.volumeName;
      if (!volumeName) {
        const className = classOf(claim);
        if (className === "") return refused("PersistentVolumeClaim had no pv name and storageClass name");
        const mode = listers.storageClass(className)?.volumeBindingMode;
        if (mode === "WaitForFirstConsumer") continue;
        return refused(
          listers.storageClass(className)
            ? "PersistentVolume had no name"
            : `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`,
        );
      }
      const volume = listers.volume(volumeName);
      if (!volume) return refused(`persistentvolume ${JSON.stringify(volumeName)} not found`);
      for (const key of LABELS) {
        const value = volume.metadata.labels?.[key];
        // Several zones are joined by two underscores.
        if (value !== undefined) topologies.push({ key, values: value.split("__") });
      }
    }
    return topologies.length === 0 ? SKIP : { state: topologies };
  },
  filter(topologies, _, { labels }) {
    if (!LABELS.some((key) => labels[key] !== undefined)) return undefined;
    for (const { key, values } of topologies) {
      const value = labels[key] ?? labels[GA_LABEL[key] ?? key];
      if (value === undefined || !values.includes(value)) return REFUSED;
    }
    return undefined;
  },
  wakes(event, pod) {
    if (event.type === "node-added") return true;
    if (event.type === "node-updated") return labelsOf(event.before) !== labelsOf(event.node);
    if (event.type !== "object") return false;
    const { object, before } = event;
    switch (object.kind) {
      case "StorageClass":
        return before === undefined && (object as StorageClass).volumeBindingMode === "WaitForFirstConsumer";
      case "PersistentVolume":
        return !before || LABELS.some((key) => object.metadata.labels?.[key] !== before.metadata.labels?.[key]);
      default:
        return isOwnClaim(object, pod);
    }
  },
};

const labelsOf = ({ metadata }: Node): string => JSON.stringify(metadata.labels);
