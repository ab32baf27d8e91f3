/** ConfigMaps and Secrets whose keys are in their types, and references to a value of them. */
import { createHash } from "node:crypto";
import {
  ConfigMap,
  type ConfigMapInput,
  type EnvVarSource,
  type EnvVarSourceWithConfigMapKeyRef,
  type EnvVarSourceWithSecretKeyRef,
  Secret,
  type SecretInput,
} from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { sameSource } from "../../api/construct.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import { listed, type WithKeys } from "./carried-names.ts";

type Data<Key extends string> = Readonly<Record<Key, string>>;
type MetaOptions = Omit<ObjectMeta, "name" | "generateName">;
/** Metadata, and the object's own fields, beside name and data. */
export type ConfigMapOptions = MetaOptions & Pick<ConfigMapInput, "immutable" | "binaryData">;
export type SecretOptions = MetaOptions & Pick<SecretInput, "immutable" | "type">;

/** A ConfigMap or Secret that something else makes (an operator, another release): a reference, and no part of the output. */
export interface Existing<Kind extends "ConfigMap" | "Secret" = "ConfigMap" | "Secret", Key extends string = string> extends WithKeys<Key> {
  readonly kind: Kind;
  readonly metadata: { readonly name: string };
  readonly existing: true;
  readonly keys: readonly Key[];
}

/** What `fromConfig` and mounts take. */
export type ConfigMapLike = ConfigMap | Existing<"ConfigMap">;
export type SecretLike = Secret | Existing<"Secret">;

/**
 * A ConfigMap, with its keys in its type.
 * ```ts
 * const settings = configMap("settings", { LOG_LEVEL: "info", "app.json": JSON.stringify({ port: 8080 }) });
 * ```
 */
export function configMap<const Key extends string>(
  name: string,
  data: Data<Key>,
  options: ConfigMapOptions = {},
): ConfigMap & WithKeys<Key> {
  const { immutable, binaryData, ...metadata } = options;
  return ConfigMap({
    metadata: { name, ...metadata },
    data,
    ...(binaryData === undefined ? {} : { binaryData }),
    ...(immutable === undefined ? {} : { immutable }),
  });
}

/**
 * A Secret from plain texts (`stringData`), with its keys in its type: `secret("db", { password })`. The values come from your configuration;
 * a plan never shows them.
 */
export function secret<const Key extends string>(name: string, stringData: Data<Key>, options: SecretOptions = {}): Secret & WithKeys<Key> {
  const { immutable, type, ...metadata } = options;
  return Secret({
    metadata: { name, ...metadata },
    ...(type === undefined ? {} : { type }),
    stringData,
    ...(immutable === undefined ? {} : { immutable }),
  });
}

/** A ConfigMap that something else makes: `existingConfigMap("cluster-info", ["domain"])`. */
export function existingConfigMap<const Key extends string>(name: string, keys: readonly Key[]): Existing<"ConfigMap", Key> {
  return { kind: "ConfigMap", metadata: { name }, existing: true, keys };
}

/** A Secret that something else makes: `existingSecret("db-credentials", ["user", "password"])`. */
export function existingSecret<const Key extends string>(name: string, keys: readonly Key[]): Existing<"Secret", Key> {
  return { kind: "Secret", metadata: { name }, existing: true, keys };
}

/**
 * The value of one key, for `env`.
 * ```ts
 * workload("web", { image, env: { DB_PASSWORD: fromSecret(db, "password") } })
 * ```
 * @throws TypeError when there is no such key
 */
export function fromSecret<Key extends string>(
  source: SecretLike & WithKeys<Key>,
  key: NoInfer<Key>,
  options: { readonly optional?: boolean } = {},
): EnvVarSourceWithSecretKeyRef {
  checkKey("fromSecret", source, key);
  return { secretKeyRef: { name: source.metadata.name, key, ...options } };
}

/** The value of one key of a ConfigMap, for `env`: `fromConfig(settings, "LOG_LEVEL")`. @throws TypeError when there is no such key */
export function fromConfig<Key extends string>(
  source: ConfigMapLike & WithKeys<Key>,
  key: NoInfer<Key>,
  options: { readonly optional?: boolean } = {},
): EnvVarSourceWithConfigMapKeyRef {
  checkKey("fromConfig", source, key);
  return { configMapKeyRef: { name: source.metadata.name, key, ...options } };
}

/** A field of the Pod, for `env`: `fromField("metadata.namespace")`. */
export function fromField(fieldPath: PodField): EnvVarSource {
  return { fieldRef: { fieldPath } };
}

/** What Kubernetes lets a container read of its Pod. */
export type PodField =
  | `metadata.${"name" | "namespace" | "uid"}`
  | `metadata.${"labels" | "annotations"}['${string}']`
  | `spec.${"nodeName" | "serviceAccountName"}`
  | `status.${"hostIP" | "hostIPs" | "podIP" | "podIPs"}`;

/**
 * The object under a name that ends in a hash of its content: a changed ConfigMap is another one, so that whoever uses it rolls.
 * ```ts
 * const settings = contentHashed(configMap("settings", { LOG_LEVEL: "info" }));   // settings-4f0ac0be2d
 * ```
 * Refer to the object that is returned. The old ones stay in the cluster until somebody prunes them.
 */
export function contentHashed<T extends ConfigMap | Secret>(object: T): T {
  const { data, binaryData, stringData, type } = object as ConfigMap & Secret;
  const hash = createHash("sha256").update(canonicalJson({ data, binaryData, stringData, type })).digest("hex").slice(0, HASH_LENGTH);
  return sameSource(object, { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-${hash}` } });
}

/** Hexadecimal digits: a clash among thousands of versions is out of sight. */
const HASH_LENGTH = 10;

/** The keys that are known; undefined when none are (a Secret without data may be filled by somebody else). */
export function keysOf(source: ConfigMapLike | SecretLike): readonly string[] | undefined {
  if ("existing" in source) return source.keys;
  const { data, binaryData, stringData } = source as ConfigMap & Secret;
  const keys = [...new Set([data, binaryData, stringData].flatMap((d) => Object.keys(d ?? {})))];
  return keys.length === 0 ? undefined : keys;
}

export function checkKey(who: string, source: ConfigMapLike | SecretLike, key: string): void {
  const keys = keysOf(source);
  if (keys === undefined || keys.includes(key)) return;
  throw new TypeError(`${who}: ${source.kind} ${source.metadata.name} has no key ${JSON.stringify(key)}; it has ${listed(keys)}`);
}
