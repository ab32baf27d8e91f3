/**
 * Resource quantities as the editor checks them: `"100m"` of CPU and `"64Mi"` of memory compile, `"5OOm"`, `"64GB"` and `"128m"` of memory
 * do not. A text that is known only at run time goes through {@link quantity}.
 */
import { parseQuantity } from "../lib/quantity.ts";

declare const CHECKED: unique symbol;

/** A text that {@link quantity} has checked. It fits wherever a quantity is asked for. */
export type CheckedQuantity = string & { readonly [CHECKED]: "quantity" };

type BinarySuffix = "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei";
type DecimalSuffix = "k" | "M" | "G" | "T" | "P" | "E";

/** CPU: whole or fractional CPUs (`2`, `"0.5"`), or thousandths of one (`"500m"`). */
export type Cpu = number | `${number}` | `${number}m` | CheckedQuantity;

/** Bytes: a plain count, or with a suffix of powers of 1024 (`"64Mi"`) or of 1000 (`"64M"`). */
export type Bytes = number | `${number}` | `${number}${BinarySuffix}` | `${number}${DecimalSuffix}` | CheckedQuantity;

/** A count of things: `10`, `"10"`, `"1k"`. */
export type Count = number | `${number}` | `${number}k` | CheckedQuantity;

/** Any quantity that Kubernetes reads. */
export type AnyQuantity =
  | number
  | `${number}`
  | `${number}${"n" | "u" | "m"}`
  | `${number}${BinarySuffix}`
  | `${number}${DecimalSuffix}`
  | CheckedQuantity;

/** What containers and Pods ask for. A name with a domain is an extended resource, such as `nvidia.com/gpu`. */
export interface ComputeResources {
  readonly cpu?: Cpu | undefined;
  readonly memory?: Bytes | undefined;
  readonly "ephemeral-storage"?: Bytes | undefined;
  readonly [hugePages: `hugepages-${string}`]: Bytes | undefined;
  readonly [extended: `${string}/${string}`]: Bytes | undefined;
}

/** What a node has. */
export interface NodeResources extends ComputeResources {
  readonly pods?: Count | undefined;
  readonly [volumes: `attachable-volumes-${string}`]: Count | undefined;
}

/** What a volume or a claim has. */
export interface StorageResources {
  readonly storage?: Bytes | undefined;
}

/** What a claim asks for, or a volume offers: it must say how much. */
export interface RequestedStorage {
  readonly storage: Bytes;
}

/** What a LimitRange limits: containers and Pods (CPU, memory), claims (storage). */
export interface LimitedResources extends ComputeResources {
  readonly storage?: Bytes | undefined;
}

/** How many times its request a limit may be, by resource. */
export interface LimitRatios {
  readonly cpu?: Cpu | undefined;
  readonly memory?: Cpu | undefined;
  readonly "ephemeral-storage"?: Cpu | undefined;
  readonly storage?: Cpu | undefined;
  readonly [hugePages: `hugepages-${string}`]: Cpu | undefined;
  readonly [extended: `${string}/${string}`]: Cpu | undefined;
}

/** What a ResourceQuota counts. `count/deployments.apps` counts objects of any kind. */
export interface QuotaResources extends ComputeResources {
  readonly pods?: Count | undefined;
  readonly services?: Count | undefined;
  readonly configmaps?: Count | undefined;
  readonly secrets?: Count | undefined;
  readonly persistentvolumeclaims?: Count | undefined;
  readonly replicationcontrollers?: Count | undefined;
  readonly resourcequotas?: Count | undefined;
  readonly "services.loadbalancers"?: Count | undefined;
  readonly "services.nodeports"?: Count | undefined;
  readonly storage?: Bytes | undefined;
  readonly "requests.cpu"?: Cpu | undefined;
  readonly "requests.memory"?: Bytes | undefined;
  readonly "requests.storage"?: Bytes | undefined;
  readonly "requests.ephemeral-storage"?: Bytes | undefined;
  readonly "limits.cpu"?: Cpu | undefined;
  readonly "limits.memory"?: Bytes | undefined;
  readonly "limits.ephemeral-storage"?: Bytes | undefined;
  readonly [requestedHugePages: `requests.hugepages-${string}`]: Bytes | undefined;
  readonly [deviceClass: `${string}.deviceclass.resource.k8s.io/devices`]: Count | undefined;
}

/**
 * Checks a quantity that comes from configuration: `quantity(process.env.MEMORY ?? "64Mi")`.
 * @throws TypeError when the text is no quantity.
 */
export function quantity(text: string): CheckedQuantity {
  if (typeof text !== "string" || parseQuantity(text) === undefined) {
    throw new TypeError(`${JSON.stringify(text)} is no quantity: a number, with a suffix if need be, such as "500m", "64Mi" or "2G"`);
  }
  return text as CheckedQuantity;
}
