/**
 * What a Pod needs that is not in it: ConfigMaps, Secrets and claims. Without a volume's source the Pod is not set up at all; without the
 * source of an environment variable the container is not created.
 * Simplified: `kube-root-ca.crt`, which the control plane itself makes, is taken to be there.
 * @see kubernetes pkg/volume/configmap, pkg/volume/secret, pkg/volume/projected; pkg/kubelet/kubelet_pods.go makeEnvironmentVariables
 */
import type { ConfigMap, Container, KeyToPath, PersistentVolumeClaim, Pod, Secret, Volume } from "../../../generated/v1.36/model.ts";
import type { Informer } from "../../sim/informer.ts";

export interface Sources {
  readonly configMaps: Pick<Informer<ConfigMap>, "get">;
  readonly secrets: Pick<Informer<Secret>, "get">;
  readonly claims: Pick<Informer<PersistentVolumeClaim>, "get">;
}

export interface Missing {
  /** What a person is told, as the kubelet says it. */
  readonly message: string;
  /** `Kind namespace/name` of what, once it changes, may end the wait. */
  readonly awaits: string;
}

const ROOT_CA = "kube-root-ca.crt";
type SourceKind = "ConfigMap" | "Secret";

/** The first volume that cannot be mounted. */
export function missingVolume(pod: Pod, sources: Sources): Missing | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const missing = volumeMissing(pod, volume, sources);
    if (missing) return missing;
  }
  return undefined;
}

function volumeMissing(pod: Pod, volume: Volume, sources: Sources): Missing | undefined {
  const claim = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined);
  if (claim !== undefined) return claimMissing(pod, volume.name, claim, sources);
  for (const of of fileSources(volume)) {
    const missing = missingSource(pod, of, sources);
    if (missing) return { ...missing, message: `MountVolume.SetUp failed for volume "${volume.name}" : ${missing.message}` };
  }
  return undefined;
}

interface Source {
  readonly kind: SourceKind;
  readonly name: string;
  readonly optional: boolean;
  readonly items: readonly KeyToPath[];
}

function fileSources(volume: Volume): readonly Source[] {
  const { configMap, secret, projected } = volume;
  if (configMap) return [source("ConfigMap", configMap.name, configMap)];
  if (secret) return [source("Secret", secret.secretName, secret)];
  if (!projected?.sources) return [];
  const found: Source[] = [];
  for (const { configMap, secret } of projected.sources) {
    if (configMap) found.push(source("ConfigMap", configMap.name, configMap));
    if (secret) found.push(source("Secret", secret.name, secret));
  }
  return found;
}

function source(
  kind: SourceKind,
  name: string | undefined,
  of: { readonly optional?: boolean | undefined; readonly items?: readonly KeyToPath[] | undefined },
): Source {
  return { kind, name: name ?? "", optional: of.optional ?? false, items: of.items ?? [] };
}

function missingSource(pod: Pod, { kind, name, optional, items }: Source, sources: Sources): Missing | undefined {
  if (optional || (kind === "ConfigMap" && name === ROOT_CA)) return undefined;
  const found = lookUp(pod, kind, name, sources);
  const awaits = `${kind} ${pod.metadata.namespace}/${name}`;
  if (!found) return { awaits, message: notFound(kind, name) };
  const item = items.find(({ key }) => !found.has(key));
  if (!item) return undefined;
  const text = kind === "ConfigMap" ? "configmap references non-existent config key" : "references non-existent secret key";
  return { awaits, message: `${text}: ${item.key}` };
}

function claimMissing(pod: Pod, volume: string, claim: string, sources: Sources): Missing | undefined {
  const key = `${pod.metadata.namespace}/${claim}`;
  const found = sources.claims.get(key);
  if (found?.status?.phase === "Bound" && found.spec?.volumeName) return undefined;
  const why = found ? "PVC is not bound" : `failed to fetch PVC from API server: persistentvolumeclaims "${claim}" not found`;
  return {
    awaits: `PersistentVolumeClaim ${key}`,
    message:
      `Unable to attach or mount volumes: unmounted volumes=[${volume}], unattached volumes=[], ` +
      `failed to process volumes=[${volume}]: error processing PVC ${key}: ${why}`,
  };
}

/** The first thing that the environment of a container names and that is not there. */
export function missingEnvironment(pod: Pod, container: Container, sources: Sources): Missing | undefined {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const missing =
      (configMapRef && missingSource(pod, source("ConfigMap", configMapRef.name, { optional: configMapRef.optional }), sources)) ??
      (secretRef && missingSource(pod, source("Secret", secretRef.name, { optional: secretRef.optional }), sources));
    if (missing) return missing;
  }
  for (const { valueFrom } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
    const missing =
      (configMapKeyRef && missingKey(pod, "ConfigMap", configMapKeyRef, sources)) ??
      (secretKeyRef && missingKey(pod, "Secret", secretKeyRef, sources));
    if (missing) return missing;
  }
  return undefined;
}

function missingKey(
  pod: Pod,
  kind: SourceKind,
  ref: { readonly name?: string | undefined; readonly key: string; readonly optional?: boolean | undefined },
  sources: Sources,
): Missing | undefined {
  if (ref.optional) return undefined;
  const name = ref.name ?? "";
  const found = lookUp(pod, kind, name, sources);
  const key = `${pod.metadata.namespace}/${name}`;
  if (!found) return { awaits: `${kind} ${key}`, message: notFound(kind, name) };
  // A ConfigMap's binary data is no text that an environment could hold.
  if (found.hasText(ref.key)) return undefined;
  return { awaits: `${kind} ${key}`, message: `couldn't find key ${ref.key} in ${kind} ${key}` };
}

function lookUp(
  pod: Pod,
  kind: SourceKind,
  name: string,
  sources: Sources,
): { has(key: string): boolean; hasText(key: string): boolean } | undefined {
  const key = `${pod.metadata.namespace}/${name}`;
  const found = kind === "ConfigMap" ? sources.configMaps.get(key) : sources.secrets.get(key);
  if (!found) return undefined;
  const inData = (k: string): boolean => Object.hasOwn(found.data ?? {}, k);
  const binary = "binaryData" in found ? found.binaryData : undefined;
  return { has: (k) => inData(k) || Object.hasOwn(binary ?? {}, k), hasText: inData };
}

function notFound(kind: SourceKind, name: string): string {
  return `${kind.toLowerCase()} "${name}" not found`;
}
