/**
 * A struct as messages show it: the API server holds objects in types of its own, whose JSON has the names of the Go fields, in their order,
 * none left out. `{ port: 80 }` is `{"Name":"","Protocol":"","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}`.
 * @see kubernetes pkg/apis (types.go of each group)
 */
import type { LabelSelector } from "../../../generated/v1.36/model.ts";
import { type InternalType, TYPES } from "./internal-types.ts";

type Members = Readonly<Record<string, unknown>>;

const SCHEMA = "JSONSchemaProps";

/** `value`, of an API version, as its type `type` of the API server is shown. Nothing is null. */
export function internalForm(type: InternalType, value: unknown): unknown {
  return value === undefined || value === null ? null : formOf(type, value as Members);
}

interface Field {
  readonly name: string;
  /** As it is called in the API. */
  readonly key: string;
  /** How it is held: the mark behind its name in the table. */
  readonly held: string;
  readonly type: InternalType;
}

const MARKED = /^(\w*)(\*|\[\]|\{\}|:|#|!|~)?(\w*)$/;
const known = new Map<string, readonly Field[]>();

function fieldsOf(type: InternalType): readonly Field[] {
  let fields = known.get(type);
  if (!fields) {
    fields = TYPES[type].split(" ").flatMap((text): readonly Field[] => {
      if (text === "+meta") return [{ name: "", key: "metadata", held: "+", type }];
      if (text.startsWith("+")) return fieldsOf(text.slice(1) as InternalType);
      const [, name = "", held = "", of = ""] = MARKED.exec(text) ?? [];
      return [{ name, key: keyOf(type, name), held, type: of as InternalType }];
    });
    known.set(type, fields);
  }
  return fields;
}

/** `HostIP` is `hostIP`, `TTY` is `tty`, `DNSPolicy` is `dnsPolicy`: the words before the last capital are one. */
function keyOf(type: InternalType, name: string): string {
  const exception = (type === SCHEMA ? SCHEMA_KEYS : KEYS)[name];
  if (exception !== undefined) return exception;
  return name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

const KEYS: Readonly<Record<string, string>> = {
  CephFS: "cephfs",
  CephMonitors: "monitors",
  DataDiskURI: "diskURI",
  DiscoveryCHAPAuth: "chapAuthDiscovery",
  EndpointsName: "endpoints",
  RBDImage: "image",
  RBDPool: "pool",
  RadosUser: "user",
  SELinuxChangePolicy: "seLinuxChangePolicy",
  SELinuxOptions: "seLinuxOptions",
  SessionCHAPAuth: "chapAuthSession",
  StorageOS: "storageos",
  WWIDs: "wwids",
};

/** Those of a JSON schema. */
const SCHEMA_KEYS: Readonly<Record<string, string>> = {
  Ref: "$ref",
  Schema: "$schema",
  XEmbeddedResource: "x-kubernetes-embedded-resource",
  XIntOrString: "x-kubernetes-int-or-string",
  XListMapKeys: "x-kubernetes-list-map-keys",
  XListType: "x-kubernetes-list-type",
  XMapType: "x-kubernetes-map-type",
  XPreserveUnknownFields: "x-kubernetes-preserve-unknown-fields",
  XValidations: "x-kubernetes-validations",
};

/** The API has a schema, a list of schemas or a flag at one place; the server has a field for each. */
function unionForm(type: InternalType, value: unknown): Members | undefined {
  const schema = (): unknown => (typeof value === "object" && !Array.isArray(value) ? formOf(SCHEMA, value as Members) : null);
  if (type === "JSONSchemaPropsOrBool") return { Allows: value !== false, Schema: schema() };
  if (type !== "JSONSchemaPropsOrArray") return undefined;
  return { Schema: schema(), JSONSchemas: Array.isArray(value) ? value.map((of) => formOf(SCHEMA, of as Members)) : null };
}

function formOf(type: InternalType, value: Members): Members {
  const union = unionForm(type, value);
  if (union) return union;
  const out: Record<string, unknown> = {};
  const held = type === "PodSpec" ? withHostNamespaces(value) : value;
  for (const field of fieldsOf(type)) {
    // The metadata of an embedded object is shown as in the API, without a name of its own.
    if (field.held === "+") Object.assign(out, metadataForm(held[field.key] as Members | undefined));
    else out[field.name] = heldForm(field, held[field.key]);
  }
  return out;
}

/** The API server keeps with a Pod's security context what the API has beside it. */
function withHostNamespaces(spec: Members): Members {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = spec;
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  const isThere = securityContext !== undefined || Object.values(host).some((v) => v !== undefined);
  return isThere ? { ...spec, securityContext: { ...(securityContext as Members | undefined), ...host } } : spec;
}

function heldForm({ held, type }: Field, value: unknown): unknown {
  switch (held) {
    case "[]":
      return Array.isArray(value) ? value.map((item) => formOf(type, item as Members)) : null;
    case "{}":
      if (value === undefined) return null;
      return Object.fromEntries(Object.entries(value as Members).map(([key, item]) => [key, formOf(type, item as Members)]));
    case ":":
      return formOf(type, (value ?? {}) as Members);
    case "*":
      if (value === undefined) return null;
      if ((type as string) === "LabelSelector") return selectorForm(value as LabelSelector);
      return (type as string) === "" ? mapForm(value) : formOf(type, value as Members);
    case "#":
      return value ?? 0;
    case "!":
      return value ?? false;
    case "~":
      return value ?? "0";
    default:
      return value ?? "";
  }
}

const META_MAPS: ReadonlySet<string> = new Set(["labels", "annotations"]);

function metadataForm(metadata: Members = {}): Members {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, META_MAPS.has(key) ? mapForm(value) : value]));
}

/** A selector, which the API server holds as the API has it. */
export function selectorForm(selector: LabelSelector | undefined): unknown {
  if (!selector) return null;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels: mapForm(matchLabels) } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions: matchExpressions.map(requirementForm) } : {}),
  };
}

function requirementForm({ key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number]): unknown {
  return { key, operator, ...(values.length > 0 ? { values } : {}) };
}

/** Go writes a map's keys in order; anything else is itself, none is null. */
export function mapForm(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
