/** Volumes of a Pod. @see kubernetes pkg/apis/core/validation/validation.go (ValidateVolumes, validateVolumeSource) */
import type {
  ClusterTrustBundleProjection,
  DownwardAPIVolumeFile,
  KeyToPath,
  ObjectMeta,
  PersistentVolumeClaimTemplate,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
} from "../../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { dnsLabel } from "../meta/formats.ts";
import { checkAnnotations, checkLabelSelector, checkLabels, note, subdomainName } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { checkFieldRef, checkResourceFieldRef, VOLUME_FIELDS } from "./field-references.ts";
import { checkFileMode, checkLocalDescendingPath, checkLocalNonReservedPath } from "./paths.ts";
import { checkClaimSpec } from "./persistent-volume-claim.ts";
import { quantityOf } from "./resources.ts";
import { checkCsiDriverName, checkSharedSource } from "./volume-sources.ts";

/** Gives the volumes that are well-formed: mounts may name only those. `meta`: the Pod's, none for a template. */
export function checkVolumes(
  volumes: readonly Volume[],
  meta: ObjectMeta | undefined,
  path: Path,
  out: FieldError[],
): ReadonlyMap<string, Volume> {
  const byName = new Map<string, Volume>();
  const made = meta?.name ? new Set(volumes.filter((v) => v.ephemeral).map((v) => `${meta.name}-${v.name}`)) : undefined;
  for (let i = 0; i < volumes.length; i++) {
    const v = volumes[i]!;
    const item = at(path, "", i);
    const before = out.length;
    checkVolume(v, meta, item, out);
    if (v.name) note(dnsLabel(v.name), v.name, at(item, "name"), out);
    else out.push(required(`${item}.name`));
    if (byName.has(v.name)) out.push(duplicate(`${item}.name`, v.name));
    if (out.length === before) byName.set(v.name, v);
    const claim = v.persistentVolumeClaim?.claimName;
    if (claim !== undefined && made?.has(claim)) {
      const text = "must not reference a PVC that gets created for an ephemeral volume";
      out.push(invalidValue(`${item}.persistentVolumeClaim.claimName`, claim, text));
    }
  }
  return byName;
}

/** The sources in the order in which they are looked at: of several, the first counts. */
const SOURCES = [
  ...["emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker"],
  ...["persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile"],
  ...[
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
  ],
] as const satisfies readonly (keyof Volume)[];

const RANK: ReadonlyMap<string, number> = new Map(SOURCES.map((name, i) => [name, i]));

function checkVolume(v: Volume, meta: ObjectMeta | undefined, path: Path, out: FieldError[]): void {
  const names = sourcesOf(v);
  for (let i = 0; i < names.length; i++) {
    if (i > 0) out.push(forbidden(`${path}.${names[i]}`, "may not specify more than 1 volume type"));
    else checkSource(v, names[i]!, meta, path, out);
  }
  if (names.length === 0) out.push(required(path, "must specify a volume type"));
}

/** The sources that a volume states, in their order. */
function sourcesOf(v: Volume): readonly string[] {
  const names: string[] = [];
  for (const name in v) if (RANK.has(name) && v[name as keyof Volume] !== undefined) names.push(name);
  return names.length < 2 ? names : names.sort((a, b) => RANK.get(a)! - RANK.get(b)!);
}

function checkSource(v: Volume, name: string, meta: ObjectMeta | undefined, volumePath: Path, out: FieldError[]): void {
  const path = at(volumePath, name);
  switch (name) {
    case "emptyDir":
      if (v.emptyDir?.sizeLimit !== undefined && quantityOf(v.emptyDir.sizeLimit).nano < 0n)
        out.push(forbidden(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
      break;
    case "gitRepo":
      need(v.gitRepo?.repository, path, "repository", out);
      checkLocalDescendingPath(v.gitRepo?.directory ?? "", at(path, "directory"), out);
      break;
    case "secret":
      need(v.secret?.secretName, path, "secretName", out);
      checkFileMode(v.secret?.defaultMode, at(path, "defaultMode"), out);
      checkKeys(v.secret?.items, path, out);
      break;
    case "configMap":
      need(v.configMap?.name, path, "name", out);
      checkFileMode(v.configMap?.defaultMode, at(path, "defaultMode"), out);
      checkKeys(v.configMap?.items, path, out);
      break;
    case "persistentVolumeClaim":
      need(v.persistentVolumeClaim?.claimName, path, "claimName", out);
      break;
    case "downwardAPI":
      checkFileMode(v.downwardAPI?.defaultMode, at(path, "defaultMode"), out);
      for (const file of v.downwardAPI?.items ?? []) checkDownwardFile(file, path, out);
      break;
    case "projected":
      checkFileMode(v.projected?.defaultMode, at(path, "defaultMode"), out);
      checkProjections(v.projected!, path, out);
      break;
    case "csi": {
      checkCsiDriverName(v.csi?.driver, at(path, "driver"), out);
      const ref = v.csi?.nodePublishSecretRef;
      if (ref && !ref.name) out.push(required(`${path}.nodePublishSecretRef.name`));
      break;
    }
    case "ephemeral":
      checkEphemeral(v, meta, path, volumePath, out);
      break;
    case "image":
      checkImageVolume(v, path, out);
      break;
    default:
      checkSharedSource(v, name, v.name, path, out);
  }
}

function need(value: string | undefined, path: Path, field: string, out: FieldError[]): void {
  if (!value) out.push(required(`${path}.${field}`));
}

function checkKeys(items: readonly KeyToPath[] | undefined, path: Path, out: FieldError[]): void {
  if (items) for (let i = 0; i < items.length; i++) checkKeyToPath(items[i]!, at(path, "items", i), out);
}

function checkKeyToPath(item: KeyToPath, path: Path, out: FieldError[]): void {
  need(item.key, path, "key", out);
  need(item.path, path, "path", out);
  checkLocalNonReservedPath(item.path, at(path, "path"), out);
  checkFileMode(item.mode, at(path, "mode"), out);
}

function checkDownwardFile(file: DownwardAPIVolumeFile, path: Path, out: FieldError[]): void {
  need(file.path, path, "path", out);
  checkLocalNonReservedPath(file.path, at(path, "path"), out);
  if (file.fieldRef) {
    checkFieldRef(file.fieldRef, VOLUME_FIELDS, at(path, "fieldRef"), out);
    if (file.resourceFieldRef)
      out.push(invalidValue(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (file.resourceFieldRef) checkResourceFieldRef(file.resourceFieldRef, true, at(path, "resourceFieldRef"), out);
  else out.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  checkFileMode(file.mode, at(path, "mode"), out);
}

function checkProjections(projected: ProjectedVolumeSource, path: Path, out: FieldError[]): void {
  const taken = new Set<string>();
  const take = (target: string, shown: string): void => {
    if (!target) return;
    if (taken.has(target)) out.push(invalidValue(path, shown, "conflicting duplicate paths"));
    taken.add(target);
  };
  projected.sources?.forEach((source, i) => {
    const item = at(path, "sources", i);
    for (const name of ["secret", "configMap"] as const) {
      const from = source[name];
      if (!from) continue;
      need(from.name, at(item, name), "name", out);
      from.items?.forEach((file, k) => {
        checkKeyToPath(file, at(at(item, name), "items", k), out);
        take(file.path, from.name ?? "");
      });
    }
    for (const file of source.downwardAPI?.items ?? []) {
      checkDownwardFile(file, at(item, "downwardAPI"), out);
      take(file.path, file.path);
    }
    if (source.serviceAccountToken) checkToken(source.serviceAccountToken, path, item, out);
    if (source.clusterTrustBundle) {
      checkTrustBundle(source.clusterTrustBundle, at(item, "clusterTrustBundle"), out);
      take(source.clusterTrustBundle.path, source.clusterTrustBundle.path);
    }
    if (Object.keys(source).length > 1) out.push(forbidden(item, "may not specify more than 1 volume type per source"));
  });
}

function checkToken(
  { expirationSeconds: seconds = 0, path: file }: ServiceAccountTokenProjection,
  path: Path,
  item: Path,
  out: FieldError[],
): void {
  const field = at(item, "serviceAccountToken.expirationSeconds");
  if (seconds < 600) out.push(invalidValue(field, seconds, "may not specify a duration less than 10 minutes"));
  if (seconds > 2 ** 32) out.push(invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds"));
  if (file) checkLocalNonReservedPath(file, at(path, "path"), out);
  else out.push(required(`${path}.path`));
}

function checkTrustBundle(bundle: ClusterTrustBundleProjection, path: Path, out: FieldError[]): void {
  if (bundle.name === undefined && bundle.signerName === undefined) out.push(required(path, "either name or signerName must be specified"));
  else if (bundle.name !== undefined && bundle.signerName !== undefined)
    out.push(invalidValue(path, bundle, "only one of name and signerName may be used"));
  else if (bundle.name === "") out.push(required(`${path}.name`, "must be a valid object name"));
  else if (bundle.signerName === "") out.push(required(`${path}.signerName`, "must be a valid signer name"));
  if (bundle.signerName !== undefined && bundle.labelSelector) checkLabelSelector(bundle.labelSelector, at(path, "labelSelector"), out);
  need(bundle.path, path, "path", out);
  checkLocalNonReservedPath(bundle.path, at(path, "path"), out);
}

function checkEphemeral(v: Volume, meta: ObjectMeta | undefined, path: Path, volumePath: Path, out: FieldError[]): void {
  const template = v.ephemeral?.volumeClaimTemplate;
  if (template) checkClaimTemplate(template, at(path, "volumeClaimTemplate"), out);
  else out.push(required(`${path}.volumeClaimTemplate`));
  if (!meta?.name || !v.name) return;
  const name = `${meta.name}-${v.name}`;
  for (const text of subdomainName(name, false)) out.push(invalidValue(`${volumePath}.name`, v.name, `PVC name ${goQuote(name)}: ${text}`));
}

/** Only labels and annotations: the name is the Pod's and the volume's. */
function checkClaimTemplate({ metadata, spec }: PersistentVolumeClaimTemplate, path: Path, out: FieldError[]): void {
  if (metadata?.labels) checkLabels(metadata.labels, at(path, "metadata.labels"), out);
  if (metadata?.annotations) checkAnnotations(metadata.annotations, at(path, "metadata.annotations"), out);
  for (const field in metadata) {
    if (field !== "labels" && field !== "annotations")
      out.push(forbidden(`${path}.metadata.${field}`, "cannot be set for an ephemeral volume"));
  }
  checkClaimSpec(spec, at(path, "spec"), out);
}

function checkImageVolume({ image }: Volume, path: Path, out: FieldError[]): void {
  need(image?.reference, path, "reference", out);
  const policy = image?.pullPolicy as string | undefined;
  if (policy !== undefined && !["Always", "IfNotPresent", "Never"].includes(policy)) {
    out.push(notSupported(`${path}.pullPolicy`, policy, ["Always", "IfNotPresent", "Never"]));
  }
}
