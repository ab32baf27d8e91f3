/** Sources that volumes and PersistentVolumes share. @see kubernetes pkg/apis/core/validation/validation.go (validateNFSVolumeSource ...) */
import type { PersistentVolumeSpec, Volume } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { dnsSubdomain, inclusiveRange, tooManyCharacters } from "../meta/formats.ts";
import { at, type Path } from "../path.ts";
import { checkNoBacksteps } from "./paths.ts";

type Sources = Omit<Volume, "name"> | PersistentVolumeSpec;
type Fields = Readonly<Record<string, unknown>>;

/** Fields that each source cannot do without. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  gcePersistentDisk: ["pdName"],
  awsElasticBlockStore: ["volumeID"],
  nfs: ["server", "path"],
  glusterfs: ["endpoints", "path"],
  rbd: ["monitors", "image"],
  cinder: ["volumeID"],
  cephfs: ["monitors"],
  quobyte: ["registry", "volume"],
  flexVolume: ["driver"],
  azureFile: ["secretName", "shareName"],
  vsphereVolume: ["volumePath"],
  photonPersistentDisk: ["pdID"],
  portworxVolume: ["volumeID"],
  azureDisk: ["diskName", "diskURI"],
  scaleIO: ["gateway", "system", "volumeName"],
  iscsi: ["targetPortal", "iqn"],
  local: ["path"],
};

const isEmpty = (v: unknown): boolean => v === undefined || v === "" || (Array.isArray(v) && v.length === 0);

export function checkSharedSource(from: Sources, name: string, volumeName: string, path: Path, out: FieldError[]): void {
  const source = (from as Fields)[name] as Fields;
  if (name === "hostPath") {
    checkHostPath(source as never, path, out);
    return;
  }
  for (const field of REQUIRED[name] ?? NONE) if (isEmpty(source[field])) out.push(required(`${path}.${field}`));
  if (name === "nfs") {
    if (!String(source["path"] ?? "").startsWith("/"))
      out.push(invalidValue(`${path}.path`, source["path"] ?? "", "must be an absolute path"));
  } else if (name === "local") {
    if (source["path"]) checkNoBacksteps(String(source["path"]), at(path, "path"), out);
  } else out.push(...validateRareSource(source, name, `${path}`, volumeName));
}
const NONE: readonly string[] = [];

function validateRareSource(source: Fields, name: string, path: string, volumeName: string): FieldError[] {
  const out: FieldError[] = [];
  switch (name) {
    case "gcePersistentDisk":
    case "awsElasticBlockStore":
      out.push(...between(`${path}.partition`, source["partition"], 0, 255, inclusiveRange(1, 255)));
      break;
    case "iscsi":
      out.push(...iscsi(source, path, volumeName));
      break;
    case "flocker":
      out.push(...flocker(source, path));
      break;
    case "fc":
      out.push(...fibreChannel(source, path));
      break;
    case "azureDisk":
      out.push(...azureDisk(source, path));
      break;
    case "flexVolume":
      for (const key of Object.keys((source["options"] as Fields) ?? {})) {
        if (/\.(kubernetes|k8s)\.io$/.test(`.${key.split("/", 1)[0]!.toLowerCase()}`)) {
          out.push(invalidValue(`${path}.options[${key}]`, key, "kubernetes.io and k8s.io namespaces are reserved"));
        }
      }
      break;
  }
  return out;
}

function between(path: string, value: unknown, from: number, to: number, text: string): FieldError[] {
  const n = Number(value ?? 0);
  return n >= from && n <= to ? [] : [invalidValue(path, n, text)];
}

const INITIATORS = [/iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/, /^eui.[A-Za-z0-9]{16}$/, /^naa.[A-Za-z0-9]{32}$/] as const;

function initiator(path: string, name: string): FieldError[] {
  const which = ["iqn", "eui", "naa"].findIndex((p) => name.startsWith(p));
  if (which < 0) return [invalidValue(path, name, "must be valid format starting with iqn, eui, or naa")];
  return INITIATORS[which]!.test(name) ? [] : [invalidValue(path, name, "must be valid format")];
}

function iscsi(source: Fields, path: string, volumeName: string): FieldError[] {
  const out: FieldError[] = [];
  if (source["iqn"]) out.push(...initiator(`${path}.iqn`, String(source["iqn"])));
  out.push(...between(`${path}.lun`, source["lun"], 0, 255, inclusiveRange(0, 255)));
  if ((source["chapAuthDiscovery"] || source["chapAuthSession"]) && source["secretRef"] === undefined)
    out.push(required(`${path}.secretRef`));
  if (source["initiatorName"] !== undefined) out.push(...initiator(`${path}.initiatorname`, String(source["initiatorName"])));
  if (source["initiatorName"] !== undefined && `${volumeName}:${source["targetPortal"]}`.length > 64) {
    const text = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
    out.push(invalidValue(`${path.slice(0, path.lastIndexOf("."))}.name`, volumeName, text));
  }
  return out;
}

function flocker(source: Fields, path: string): FieldError[] {
  const { datasetName = "", datasetUUID = "" } = source as { datasetName?: string; datasetUUID?: string };
  const out: FieldError[] = [];
  if (!datasetName && !datasetUUID) out.push(required(path, "one of datasetName and datasetUUID is required"));
  if (datasetName && datasetUUID)
    out.push(invalidValue(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
  if (datasetName.includes("/")) out.push(invalidValue(`${path}.datasetName`, datasetName, "must not contain '/'"));
  return out;
}

function fibreChannel(source: Fields, path: string): FieldError[] {
  const targets = source["targetWWNs"];
  const out: FieldError[] = [];
  if (isEmpty(targets) && isEmpty(source["wwids"]))
    out.push(required(`${path}.targetWWNs`, "must specify either targetWWNs or wwids, but not both"));
  if (!isEmpty(targets) && !isEmpty(source["wwids"]))
    out.push(invalidValue(`${path}.targetWWNs`, targets, "targetWWNs and wwids can not be specified simultaneously"));
  if (isEmpty(targets)) return out;
  if (source["lun"] === undefined) return [...out, required(`${path}.lun`, "lun is required if targetWWNs is specified")];
  return [...out, ...between(`${path}.lun`, source["lun"], 0, 255, inclusiveRange(0, 255))];
}

function azureDisk(source: Fields, path: string): FieldError[] {
  const out: FieldError[] = [];
  const { cachingMode = "", kind = "", diskURI = "" } = source as { cachingMode?: string; kind?: string; diskURI?: string };
  if (!["None", "ReadOnly", "ReadWrite"].includes(cachingMode))
    out.push(notSupported(`${path}.cachingMode`, cachingMode, ["None", "ReadOnly", "ReadWrite"]));
  if (!["Dedicated", "Managed", "Shared"].includes(kind)) out.push(notSupported(`${path}.kind`, kind, ["Dedicated", "Managed", "Shared"]));
  const managed = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
  const blob = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/")) out.push(notSupported(`${path}.diskURI`, diskURI, [managed]));
  if (kind !== "Managed" && !diskURI.startsWith("https://")) out.push(notSupported(`${path}.diskURI`, diskURI, [blob]));
  return out;
}

const DRIVER_MAX = 63;

/** A CSI driver's name: a DNS subdomain, in any case, of at most 63 characters. */
export function checkCsiDriverName(driver: string | undefined, path: Path, out: FieldError[]): void {
  if (!driver) {
    out.push(required(path));
    return;
  }
  if (driver.length > DRIVER_MAX) out.push(tooLong(path, DRIVER_MAX));
  for (const text of dnsSubdomain(driver.toLowerCase())) if (text !== tooManyCharacters(253)) out.push(invalidValue(path, driver, text));
}

function checkHostPath(source: { readonly path: string; readonly type?: string | undefined }, path: Path, out: FieldError[]): void {
  if (!source.path) {
    out.push(required(`${path}.path`));
    return;
  }
  checkNoBacksteps(source.path, at(path, "path"), out);
  if (source.type !== undefined && !HOST_PATH_TYPES.includes(source.type))
    out.push(notSupported(`${path}.type`, source.type, HOST_PATH_TYPES));
}
const HOST_PATH_TYPES = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
