/**
 * The client interface: the one place where the API server, the controllers, the scheduler, the kubelets and the network meet.
 * The API server implements it; the others get it handed in. Nobody but the API server touches the store.
 */
import type { Kind, KubeObject, Unchecked } from "../api/object.ts";
import type { Answer } from "./answer.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";
export type Cascade = "background" | "foreground" | "orphan";

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldValidation?: FieldValidation;
  readonly fieldManager?: string;
  /** The namespace of the request, as in its URL. */
  readonly namespace?: string;
}

export interface DeleteOptions {
  /** Default: what the kind's strategy says (background for nearly all). */
  readonly cascade?: Cascade;
  /** Seconds a Pod has to stop; default: its own `terminationGracePeriodSeconds`. */
  readonly gracePeriodSeconds?: number;
  /** Refused with 409 Conflict when the stored object has another uid or resourceVersion. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED";
/** Called in the order of writes, at once after each: a handler may only note things and enqueue keys, never write. */
export type WatchHandler<T extends KubeObject = KubeObject> = (type: WatchEventType, object: T, before: T | undefined) => void;

export interface Client {
  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined;
  /** In order of key. All namespaces when none is given. */
  list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[];
  create<T extends KubeObject>(object: T | Unchecked, options?: WriteOptions): Answer<T>;
  /** PUT: the object's resourceVersion, when set, must be the stored one (409 Conflict otherwise). */
  update<T extends KubeObject>(object: T, options?: WriteOptions): Answer<T>;
  /** PUT …/status: only `status` (and what the kind's status strategy allows) is taken. */
  updateStatus<T extends KubeObject>(object: T, options?: WriteOptions): Answer<T>;
  /** JSON merge patch (RFC 7386) of the object, of its status subresource, or of a Namespace's finalize subresource (only `spec.finalizers`). */
  patch<T extends KubeObject>(
    kind: Kind<T>,
    name: string,
    namespace: string | undefined,
    patch: Unchecked,
    options?: WriteOptions & { readonly subresource?: "status" | "finalize" },
  ): Answer<T>;
  delete<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string, options?: DeleteOptions): Answer<T>;
  /** POST pods/NAME/binding. */
  bind(podName: string, namespace: string, nodeName: string): Answer;
  /** Existing objects come first, as ADDED. The kind need not exist yet (a CRD may come). Returns the cancellation. */
  watch<T extends KubeObject>(kind: Kind<T>, handler: WatchHandler<T>): () => void;
  /** All kinds that the server knows now: for the garbage collector, the namespace controller and reports. */
  kinds(): readonly { readonly kind: Kind; readonly namespaced: boolean; readonly resource: string }[];
}
