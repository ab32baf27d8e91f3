/** Volumes, claims, and where containers see them. */
import { PersistentVolumeClaim, type PersistentVolumeClaimSpec, type Volume, type VolumeMount } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import type { Bytes } from "../../api/quantity-types.ts";
import { compact, type WithKeys } from "./carried-names.ts";
import { type ConfigMapLike, checkKey, type SecretLike } from "./config.ts";

/** What may stand at a path of a container: an object, a volume as Kubernetes writes it, or either with mount options. */
export type Mountable = ConfigMapLike | SecretLike | PersistentVolumeClaim | Volume | Mount;

/** A volume with the options of its mount. */
export interface Mount {
  readonly volume: Volume;
  readonly options: MountOptions;
  /** Each replica of a StatefulSet gets a claim of its own, made from this one. */
  readonly claimTemplate?: PersistentVolumeClaim;
}

export type MountOptions = Omit<VolumeMount, "name" | "mountPath">;

interface KeyOptions<Key extends string> {
  /** Which keys become files, and under which path. Default: all, under their names. */
  readonly keys?: { readonly [K in Key]?: string };
  /** Permissions of the files, such as 0o400. */
  readonly defaultMode?: number;
}

/**
 * An object or volume at a path of a container, with options.
 * ```ts
 * workload("web", {
 *   image: "nginx:1.27",
 *   volumes: {
 *     "/etc/nginx/conf.d": mount(settings, { keys: { "site.conf": "default.conf" }, readOnly: true }),
 *     "/var/cache": { name: "cache", emptyDir: { sizeLimit: "1Gi" } },
 *   },
 * })
 * ```
 * @throws TypeError for a key that the object has not
 */
export function mount<Key extends string>(
  source: (ConfigMapLike | SecretLike) & WithKeys<Key>,
  options?: MountOptions & KeyOptions<NoInfer<Key>>,
): Mount;
export function mount(source: PersistentVolumeClaim | Volume, options?: MountOptions): Mount;
export function mount(source: Exclude<Mountable, Mount>, options: MountOptions & KeyOptions<string> = {}): Mount {
  const { keys, defaultMode, ...mountOptions } = options;
  const volume = volumeOf(source);
  if (keys === undefined && defaultMode === undefined) return { volume, options: mountOptions };
  const items = keys && Object.entries(keys).flatMap(([key, path]) => (path === undefined ? [] : [{ key, path }]));
  for (const { key } of items ?? []) checkKey("mount", source as ConfigMapLike | SecretLike, key);
  const more = compact({ items, defaultMode });
  if (volume.configMap) return { volume: { ...volume, configMap: { ...volume.configMap, ...more } }, options: mountOptions };
  if (volume.secret) return { volume: { ...volume, secret: { ...volume.secret, ...more } }, options: mountOptions };
  throw new TypeError("mount: keys and defaultMode are for ConfigMaps and Secrets");
}

/**
 * A claim for storage.
 * ```ts
 * const uploads = claim("uploads", { storage: "20Gi", accessModes: ["ReadWriteMany"], storageClassName: "nfs" });
 * ```
 */
export function claim(
  name: string,
  spec: Omit<PersistentVolumeClaimSpec, "resources"> & { readonly storage: Bytes },
  metadata: Omit<ObjectMeta, "name" | "generateName"> = {},
): PersistentVolumeClaim {
  const { storage, accessModes, ...rest } = spec;
  return PersistentVolumeClaim({ metadata: { name, ...metadata }, spec: { accessModes, resources: { requests: { storage } }, ...rest } });
}

/** A claim for each replica of a StatefulSet: `volumes: { "/var/lib/db": perReplica(claim("data", {...})) }`. */
export function perReplica(template: PersistentVolumeClaim, options: MountOptions = {}): Mount {
  return { ...mount(template, options), claimTemplate: template };
}

/** Any mountable as a mount. */
export function mountOf(mountable: Mountable): Mount {
  return "volume" in mountable ? mountable : { volume: volumeOf(mountable), options: {} };
}

/** `kind` tells an object from a volume; a volume's name is its object's. */
function volumeOf(source: Exclude<Mountable, Mount>): Volume {
  if (!("kind" in source)) return source;
  const { name } = source.metadata;
  const volume = volumeName(name);
  switch (source.kind) {
    case "ConfigMap":
      return { name: volume, configMap: { name } };
    case "Secret":
      return { name: volume, secret: { secretName: name } };
    case "PersistentVolumeClaim":
      return { name: volume, persistentVolumeClaim: { claimName: name } };
    default:
      throw new TypeError(`a ${String((source as { kind: unknown }).kind)} cannot be mounted: ConfigMaps, Secrets, claims and volumes can`);
  }
}

/** Volume names are DNS labels: no dots, 63 characters. */
function volumeName(name: string): string {
  return name.replaceAll(".", "-").slice(0, 63).replace(/-+$/, "");
}
