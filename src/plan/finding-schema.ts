/** The findings of a plan: a closed set of codes with their arguments. Part of the report's schema. */
import type { SourceLocation } from "../api/source-location.ts";

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for a cluster-scoped object. */
  readonly namespace?: string;
  readonly name: string;
}

export type Severity = "error" | "warning" | "info";

export interface RefusalCause {
  /** `spec.replicas`; empty when the refusal names none. */
  readonly field: string;
  readonly message: string;
  /** Where the field was written. */
  readonly source: SourceLocation | null;
}

/** How far a workload is: Pods ready of Pods wanted, now and in the base (null: it was not there). */
export interface Readiness {
  readonly ready: number;
  readonly desired: number;
  readonly before: { readonly ready: number; readonly desired: number } | null;
}

/** The closed set of findings: code → arguments. The words live in `render/words.ts`. */
export interface FindingArgs {
  /** The API server refuses the object. */
  readonly "object-refused": {
    readonly code: number;
    readonly reason: string;
    readonly message: string;
    readonly causes: readonly RefusalCause[];
  };
  /** The API server refuses the object as the base has it: the comparison is with a base without it. */
  readonly "base-refused": FindingArgs["object-refused"];
  /** The API server knows no such kind, and nothing in the entry or the cluster defines it. */
  readonly "kind-unknown": {
    readonly apiVersion: string;
    readonly kind: string;
    /** The apiVersions in which a kind of this name is served. */
    readonly servedAs: readonly string[];
  };
  /** The change touches fields that the API server does not let change. */
  readonly "replacement-needed": { readonly message: string; readonly causes: readonly RefusalCause[] };
  /** The API server accepts the object with a `Warning:`. */
  readonly "server-warning": { readonly message: string };
  /** Pods that no node takes. */
  readonly "pods-pending": Readiness & { readonly count: number; readonly message: string };
  /** Pods that the API server refuses to create; `quota` when a quota is the reason. */
  readonly "pods-refused": Readiness & { readonly count: number; readonly message: string; readonly quota: string | null };
  /** Pods that are on a node and fail or cannot start. */
  readonly "pods-failing": Readiness & { readonly count: number; readonly reason: string; readonly message: string };
  /** Pods are missing or not ready, for none of the reasons above. */
  readonly "not-ready": Readiness & { readonly reason: string; readonly message: string };
  /** The old Pods still serve, the new ones do not get there. */
  readonly "rollout-stuck": Readiness & { readonly updated: number };
  /** A Job reached its limit. */
  readonly "job-failed": { readonly reason: string; readonly message: string };
  /** A PersistentVolumeClaim that is not bound. */
  readonly "claim-pending": { readonly phase: string; readonly storageClass: string | null; readonly message: string };
  /** Above nine tenths of a quota. */
  readonly "quota-near": QuotaLine;
  /** More in use than the quota allows. */
  readonly "quota-exceeded": QuotaLine;
  readonly "service-selects-nothing": { readonly selector: Readonly<Record<string, string>> };
  /** It selects Pods and none of them is ready. */
  readonly "service-without-endpoints": { readonly pods: number; readonly readyBefore: number | null };
  /** No container of the selected Pods has a port of that name. */
  readonly "service-port-unresolved": { readonly port: string; readonly targetPort: string; readonly containerPorts: readonly string[] };
  /** Nobody gives it an address: there is no cloud, and none is assumed. `className`: whose business it would be, if not the cloud's. */
  readonly "load-balancer-pending": { readonly className: string | null };
  /** An Ingress sends to a Service, or to a port of one, that is not there. */
  readonly "ingress-backend-missing": { readonly routes: readonly IngressRoute[] };
  /** The budget lets none of its Pods go: no node that carries one can be drained. */
  readonly "budget-allows-none": { readonly pods: number; readonly healthyMin: number; readonly allowedBefore: number | null };
  /** The manifest says a number of replicas and an autoscaler another: every apply sets it back. */
  readonly "replicas-and-autoscaler": {
    readonly replicas: number;
    readonly autoscaler: string;
    readonly min: number;
    readonly max: number;
  };
  /** Deleting the object takes data or other objects with it. */
  readonly "data-destroyed": { readonly what: "volume" | "namespace" | "definition"; readonly objects: number };
  readonly "not-settled": { readonly atSeconds: number };
  readonly "no-nodes": Readonly<Record<string, never>>;
}

export type FindingCode = keyof FindingArgs;

export type Finding = {
  readonly [C in FindingCode]: {
    readonly code: C;
    readonly severity: Severity;
    readonly args: FindingArgs[C];
    /** What it is about; null for the cluster as a whole. */
    readonly object: ObjectRef | null;
    readonly source: SourceLocation | null;
  };
}[FindingCode];

export interface QuotaLine {
  readonly resource: string;
  readonly hard: string;
  readonly hardBefore: string | null;
  readonly before: string;
  readonly after: string;
  readonly percentBefore: number | null;
  readonly percentAfter: number;
}

export interface IngressRoute {
  /** `*`: any. */
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** A number or a name; empty when none is written. */
  readonly port: string;
  /** Ready endpoints of the Service; null: there is no such Service or it has no such port. */
  readonly ready: number | null;
}
