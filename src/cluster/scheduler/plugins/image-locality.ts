/**
 * Prefers nodes that have the Pod's images already; an image counts more, the more nodes have it (so that Pods do not pile up).
 * @see kubernetes pkg/scheduler/framework/plugins/imagelocality/image_locality.go
 */
import type { CycleContext, Plugin } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import { allContainers, type PodInfo } from "../pod-info.ts";

const MEBI = 1024 * 1024;
/** Below this sum an image is as good as absent. */
const THRESHOLD_MIN = 23 * MEBI;
/** Per container: what is beyond counts no more. */
const CONTAINER_THRESHOLD_MAX = 1000 * MEBI;

interface Wanted {
  readonly images: readonly { readonly nodes: ReadonlySet<string>; readonly amount: number }[];
  readonly containers: number;
}

export const imageLocality: Plugin<never, Wanted> = {
  name: "ImageLocality",
  local: true,
  preScore: wantedImages,
  score(wanted, _, node) {
    return localityScore(sumOn(wanted, node), wanted.containers);
  },
};

function wantedImages({ cache, pod }: CycleContext): Wanted {
  const images: { nodes: ReadonlySet<string>; amount: number }[] = [];
  const total = cache.order().length;
  const names = imagesOf(pod);
  for (const name of names) {
    const image = cache.image(normalizedImageName(name));
    if (image) images.push({ nodes: image.nodes, amount: Math.trunc(image.size * (image.nodes.size / total)) });
  }
  return { images, containers: allContainers(pod.pod.spec).length };
}

/** Of containers, init containers and image volumes. */
function imagesOf({ pod: { spec } }: PodInfo): readonly string[] {
  const names = allContainers(spec).map((c) => c.image ?? "");
  for (const v of spec.volumes ?? []) if (v.image) names.push(v.image.reference ?? "");
  return names;
}

function sumOn({ images }: Wanted, node: NodeInfo): number {
  let sum = 0;
  for (const image of images) if (image.nodes.has(node.name)) sum += image.amount;
  return sum;
}

export function localityScore(sum: number, containers: number): number {
  const max = CONTAINER_THRESHOLD_MAX * containers;
  const clamped = Math.min(Math.max(sum, THRESHOLD_MIN), max);
  return Math.trunc((100 * (clamped - THRESHOLD_MIN)) / (max - THRESHOLD_MIN));
}

/** `web` → `web:latest`; a tag or digest is kept; the colon of a registry's port is no tag. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(":") <= name.lastIndexOf("/") ? `${name}:latest` : name;
}
