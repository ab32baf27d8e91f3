/** Volumes of a Pod. @see kubernetes pkg/apis/core/validation/validation.go (ValidateVolumes, validateVolumeSource) */
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ObjectMeta,
  PersistentVolumeClaimTemplate,
  ProjectedVolumeSource,
  Volume,
} from "../../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { dnsLabel } from "../meta/formats.ts";
import { all, subdomainName, validateAnnotations, validateLabelSelector, validateLabels } from "../meta/object-meta.ts";
import { VOLUME_FIELDS, validateFieldRef, validateResourceFieldRef } from "./field-references.ts";
import { fileMode, localDescendingPath, localNonReservedPath } from "./paths.ts";
import { validateClaimSpec } from "./persistent-volume-claim.ts";
import { quantityOf } from "./resources.ts";
import { validateCsiDriverName, validateSharedSource } from "./volume-sources.ts";

/** The errors, and the volumes that are well-formed: mounts may name only those. `meta`: the Pod's, none for a template. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  meta: ObjectMeta | undefined,
  path: string,
): { errors: FieldError[]; byName: Map<string, Volume> } {
  const errors: FieldError[] = [];
  const byName = new Map<string, Volume>();
  const made = new Set((volumes ?? []).filter((v) => v.ephemeral && meta?.name).map((v) => `${meta?.name}-${v.name}`));
  volumes?.forEach((v, i) => {
    const at = `${path}[${i}]`;
    const own = validateVolume(v, meta, at);
    own.push(...(v.name ? all(`${at}.name`, v.name, dnsLabel(v.name)) : [required(`${at}.name`)]));
    if (byName.has(v.name)) own.push(duplicate(`${at}.name`, v.name));
    if (own.length === 0) byName.set(v.name, v);
    errors.push(...own);
    const claim = v.persistentVolumeClaim?.claimName;
    if (claim !== undefined && made.has(claim)) {
      errors.push(
        invalidValue(`${at}.persistentVolumeClaim.claimName`, claim, "must not reference a PVC that gets created for an ephemeral volume"),
      );
    }
  });
  return { errors, byName };
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
] as const;

function validateVolume(v: Volume, meta: ObjectMeta | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  let count = 0;
  for (const name of SOURCES) {
    if (v[name as keyof Volume] === undefined) continue;
    if (count++ > 0) out.push(forbidden(`${path}.${name}`, "may not specify more than 1 volume type"));
    else out.push(...validateSource(v, name, meta, path));
  }
  if (count === 0) out.push(required(path, "must specify a volume type"));
  return out;
}

function validateSource(v: Volume, name: string, meta: ObjectMeta | undefined, volumePath: string): FieldError[] {
  const path = `${volumePath}.${name}`;
  switch (name) {
    case "emptyDir":
      if (v.emptyDir?.sizeLimit === undefined || quantityOf(v.emptyDir.sizeLimit).nano >= 0n) return [];
      return [forbidden(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")];
    case "gitRepo":
      return [
        ...need(`${path}.repository`, v.gitRepo?.repository),
        ...localDescendingPath(`${path}.directory`, v.gitRepo?.directory ?? ""),
      ];
    case "secret":
      return [
        ...need(`${path}.secretName`, v.secret?.secretName),
        ...fileMode(`${path}.defaultMode`, v.secret?.defaultMode),
        ...keys(v.secret?.items, path),
      ];
    case "configMap":
      return [
        ...need(`${path}.name`, v.configMap?.name),
        ...fileMode(`${path}.defaultMode`, v.configMap?.defaultMode),
        ...keys(v.configMap?.items, path),
      ];
    case "persistentVolumeClaim":
      return need(`${path}.claimName`, v.persistentVolumeClaim?.claimName);
    case "downwardAPI":
      return [
        ...fileMode(`${path}.defaultMode`, v.downwardAPI?.defaultMode),
        ...(v.downwardAPI?.items ?? []).flatMap((f) => downwardFile(f, path)),
      ];
    case "projected":
      return [...fileMode(`${path}.defaultMode`, v.projected?.defaultMode), ...projections(v.projected!, path)];
    case "csi": {
      const out = validateCsiDriverName(v.csi?.driver, `${path}.driver`);
      const ref = v.csi?.nodePublishSecretRef;
      return ref && !ref.name ? [...out, required(`${path}.nodePublishSecretRef.name`)] : out;
    }
    case "ephemeral":
      return ephemeral(v, meta, path, volumePath);
    case "image":
      return imageVolume(v, path);
    default:
      return validateSharedSource(v as never, name, path, v.name);
  }
}

function need(path: string, value: string | undefined): FieldError[] {
  return value ? [] : [required(path)];
}

function keys(items: readonly KeyToPath[] | undefined, path: string): FieldError[] {
  return (items ?? []).flatMap((item, i) => keyToPath(item, `${path}.items[${i}]`));
}

function keyToPath(item: KeyToPath, path: string): FieldError[] {
  const out = [...need(`${path}.key`, item.key), ...need(`${path}.path`, item.path)];
  return [...out, ...localNonReservedPath(`${path}.path`, item.path), ...fileMode(`${path}.mode`, item.mode)];
}

function downwardFile(file: DownwardAPIVolumeFile, path: string): FieldError[] {
  const out = [...need(`${path}.path`, file.path), ...localNonReservedPath(`${path}.path`, file.path)];
  if (file.fieldRef) {
    out.push(...validateFieldRef(file.fieldRef, VOLUME_FIELDS, `${path}.fieldRef`));
    if (file.resourceFieldRef)
      out.push(invalidValue(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (file.resourceFieldRef) out.push(...validateResourceFieldRef(file.resourceFieldRef, `${path}.resourceFieldRef`, true));
  else out.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  return [...out, ...fileMode(`${path}.mode`, file.mode)];
}

function projections(projected: ProjectedVolumeSource, path: string): FieldError[] {
  const out: FieldError[] = [];
  const taken = new Set<string>();
  const take = (target: string, shown: string): void => {
    if (!target) return;
    if (taken.has(target)) out.push(invalidValue(path, shown, "conflicting duplicate paths"));
    taken.add(target);
  };
  projected.sources?.forEach((source, i) => {
    const at = `${path}.sources[${i}]`;
    for (const name of ["secret", "configMap"] as const) {
      const from = source[name];
      if (!from) continue;
      out.push(...need(`${at}.${name}.name`, from.name));
      from.items?.forEach((item, k) => {
        out.push(...keyToPath(item, `${at}.${name}.items[${k}]`));
        take(item.path, from.name ?? "");
      });
    }
    for (const file of source.downwardAPI?.items ?? []) {
      out.push(...downwardFile(file, `${at}.downwardAPI`));
      take(file.path, file.path);
    }
    const token = source.serviceAccountToken;
    if (token) {
      const seconds = token.expirationSeconds ?? 0;
      if (seconds < 600)
        out.push(invalidValue(`${at}.serviceAccountToken.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
      if (seconds > 2 ** 32)
        out.push(
          invalidValue(`${at}.serviceAccountToken.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"),
        );
      out.push(...(token.path ? localNonReservedPath(`${path}.path`, token.path) : [required(`${path}.path`)]));
    }
    const bundle = source.clusterTrustBundle;
    if (bundle) {
      const here = `${at}.clusterTrustBundle`;
      if (bundle.name === undefined && bundle.signerName === undefined)
        out.push(required(here, "either name or signerName must be specified"));
      else if (bundle.name !== undefined && bundle.signerName !== undefined)
        out.push(invalidValue(here, bundle, "only one of name and signerName may be used"));
      else if (bundle.name === "") out.push(required(`${here}.name`, "must be a valid object name"));
      else if (bundle.signerName === "") out.push(required(`${here}.signerName`, "must be a valid signer name"));
      if (bundle.signerName !== undefined) out.push(...validateLabelSelector(bundle.labelSelector, `${here}.labelSelector`));
      out.push(...need(`${here}.path`, bundle.path), ...localNonReservedPath(`${here}.path`, bundle.path));
      take(bundle.path, bundle.path);
    }
    if (Object.keys(source).length > 1) out.push(forbidden(at, "may not specify more than 1 volume type per source"));
  });
  return out;
}

function ephemeral(v: Volume, meta: ObjectMeta | undefined, path: string, volumePath: string): FieldError[] {
  const template = v.ephemeral?.volumeClaimTemplate;
  const out = template ? claimTemplate(template, `${path}.volumeClaimTemplate`) : [required(`${path}.volumeClaimTemplate`)];
  if (meta?.name && v.name) {
    const name = `${meta.name}-${v.name}`;
    for (const text of subdomainName(name, false))
      out.push(invalidValue(`${volumePath}.name`, v.name, `PVC name ${goQuote(name)}: ${text}`));
  }
  return out;
}

/** Only labels and annotations: the name is the Pod's and the volume's. */
function claimTemplate(template: PersistentVolumeClaimTemplate, path: string): FieldError[] {
  const meta = template.metadata ?? ({} as ObjectMeta);
  const out = [
    ...validateLabels(meta.labels, `${path}.metadata.labels`),
    ...validateAnnotations(meta.annotations, `${path}.metadata.annotations`),
  ];
  for (const field of Object.keys(meta)) {
    if (field !== "labels" && field !== "annotations")
      out.push(forbidden(`${path}.metadata.${field}`, "cannot be set for an ephemeral volume"));
  }
  return [...out, ...validateClaimSpec(template.spec, `${path}.spec`)];
}

function imageVolume(v: Volume, path: string): FieldError[] {
  const out = need(`${path}.reference`, v.image?.reference);
  const policy = v.image?.pullPolicy as string | undefined;
  if (policy !== undefined && !["Always", "IfNotPresent", "Never"].includes(policy)) {
    out.push(notSupported(`${path}.pullPolicy`, policy, ["Always", "IfNotPresent", "Never"]));
  }
  return out;
}
