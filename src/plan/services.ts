/** Services: which Pods they find, and how many of them are ready to be sent traffic. */
import type { EndpointSlice, Pod, PodTemplateSpec, Service } from "../../generated/v1.36/model.ts";
import { matchesLabels } from "../lib/labels.ts";
import type { Changes } from "./changes.ts";
import type { ServiceState } from "./schema.ts";
import { compareRefs, identityOf, isActive, refOf, type View, workloadOf } from "./view.ts";

export interface ServiceReport {
  readonly state: ServiceState;
  readonly service: Service;
  /** Whether the entry has it. */
  readonly own: boolean;
  /** Whether the template of some workload in the namespace would be selected. */
  readonly templateMatches: boolean;
  /** The workloads of the selected Pods, by identity. */
  readonly workloads: readonly string[];
  /** Named target ports that no selected Pod has, with the names that they do have. */
  readonly unresolved: readonly { readonly port: string; readonly targetPort: string; readonly containerPorts: readonly string[] }[];
}

/** Every Service of the entry, and every other whose ready endpoints change. */
export function serviceReports(before: View, after: View, changes: Changes): readonly ServiceReport[] {
  const services = (after.byKind.get("/Service") ?? []) as unknown as readonly Service[];
  const reports = services.flatMap((service): readonly ServiceReport[] => {
    const identity = identityOf(service);
    const key = `${service.metadata.namespace ?? ""}/${service.metadata.name}`;
    const desired = changes.next.get(identity);
    const was = before.byIdentity.get(identity) as Service | undefined;
    const ready = readyEndpoints(service, after.slicesByService.get(key));
    const readyBefore = was ? readyEndpoints(was, before.slicesByService.get(key)) : null;
    if (!desired && ready === readyBefore) return [];
    const selector = selectorOf(service);
    const pods = selector && selectedPods(after, service, selector);
    return [
      {
        service,
        own: desired !== undefined,
        templateMatches: selector !== undefined && templateMatches(after, service, selector),
        workloads: [...new Set((pods ?? []).map((p) => identityOf(workloadOf(after.byIdentity, p))))],
        unresolved: pods && pods.length > 0 ? unresolvedPorts(service, pods) : [],
        state: {
          object: refOf(service),
          source: desired?.source ?? null,
          type: service.spec?.type ?? "ClusterIP",
          selected: pods?.length ?? null,
          readyBefore,
          ready,
        },
      },
    ];
  });
  return reports.sort((a, b) => compareRefs(a.state.object, b.state.object));
}

/** Nothing for a Service whose endpoints are somebody else's business. */
function selectorOf(service: Service): Readonly<Record<string, string>> | undefined {
  const selector = service.spec?.selector;
  if (service.spec?.type === "ExternalName" || !selector || Object.keys(selector).length === 0) return undefined;
  return selector;
}

function selectedPods(view: View, service: Service, selector: Readonly<Record<string, string>>): readonly Pod[] {
  const pods = view.podsByNamespace.get(service.metadata.namespace ?? "") ?? [];
  return pods.filter((p) => isActive(p) && p.metadata.deletionTimestamp === undefined && matchesLabels(selector, p.metadata.labels));
}

/**
 * A dual-stack Service has a Pod in two slices: it counts once. An unset `ready` means ready. Pods on which no port of the Service could be
 * resolved are in a slice without ports: nothing is sent to them.
 */
export function readyEndpoints(service: Service, slices: readonly EndpointSlice[] | undefined): number {
  const wantsPorts = (service.spec?.ports ?? []).length > 0;
  const seen = new Set<string>();
  for (const slice of slices ?? []) {
    if (wantsPorts && (slice.ports ?? []).length === 0) continue;
    for (const e of slice.endpoints ?? []) if (e.conditions?.ready !== false) seen.add(e.targetRef?.name ?? e.addresses[0] ?? "");
  }
  return seen.size;
}

const TEMPLATE_KINDS: readonly string[] = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "batch/Job",
  "/ReplicationController",
];

function templateMatches(view: View, service: Service, selector: Readonly<Record<string, string>>): boolean {
  return TEMPLATE_KINDS.some((kind) =>
    (view.byKind.get(kind) ?? []).some((o) => {
      const template = (o as unknown as { readonly spec?: { readonly template?: PodTemplateSpec } }).spec?.template;
      return o.metadata.namespace === service.metadata.namespace && matchesLabels(selector, template?.metadata?.labels);
    }),
  );
}

function unresolvedPorts(service: Service, pods: readonly Pod[]): ServiceReport["unresolved"] {
  const named = (service.spec?.ports ?? []).filter((p) => typeof p.targetPort === "string" && !/^\d+$/.test(p.targetPort));
  if (named.length === 0) return [];
  const names = new Set<string>();
  const known = new Set<string>();
  for (const pod of pods) {
    const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
    for (const c of [...pod.spec.containers, ...sidecars]) {
      for (const port of c.ports ?? []) {
        if (port.name === undefined) continue;
        names.add(port.name);
        known.add(`${port.name}/${port.protocol ?? "TCP"}`);
      }
    }
  }
  return named
    .filter((p) => !known.has(`${p.targetPort}/${p.protocol ?? "TCP"}`))
    .map((p) => ({ port: p.name ?? String(p.port), targetPort: String(p.targetPort), containerPorts: [...names].sort() }));
}
