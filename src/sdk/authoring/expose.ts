/** Services of workloads. */
import { type ContainerPort, Service, type ServicePort, type ServiceSpec } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { compact, listed, type WithPorts } from "./carried-names.ts";
import { named, podLabels, podTemplateOf } from "./pod-templates.ts";

/** Any object that makes Pods; what its Service may name is in its type, where `workload` made it. */
export type Exposable<Port extends string> = {
  readonly kind: string;
  readonly metadata: ObjectMeta & { readonly name: string };
} & WithPorts<Port>;

/** A Service, with the names of its ports in its type. */
export type PortService<Port extends string = string> = Service & WithPorts<Port>;

/** Port of the Service → name (or number) of the container's port, or Kubernetes' fields of a Service port. */
export type ExposedPorts<Port extends string> = Readonly<
  Record<number, NoInfer<Port> | number | (Omit<ServicePort, "port" | "targetPort"> & { readonly targetPort: NoInfer<Port> | number })>
>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The Service's name (default: the workload's), labels and annotations, and its other fields: `type`, `clusterIP`, `sessionAffinity`, … */
export type ExposeOptions = Partial<DistributiveOmit<ServiceSpec, "ports" | "selector" | "externalName">> &
  Pick<ObjectMeta, "name" | "labels" | "annotations">;

/**
 * A Service in front of a workload: selects its Pods, and its ports are named as theirs.
 *
 * ```ts
 * const svc = expose(web, { 80: "http" });                         // "htp" does not compile
 * const open = expose(web, { 443: "https" }, { name: "web-public", type: "LoadBalancer" });
 * ```
 * @throws TypeError when a port's name is none of the workload's
 */
export function expose<Port extends string>(
  workload: Exposable<Port>,
  ports: ExposedPorts<Port>,
  options: ExposeOptions = {},
): PortService<Port> {
  const known = portsOf(workload);
  const { name = workload.metadata.name, labels, annotations, ...spec } = options;
  const entries = Object.entries(ports);
  const taken = new Set<string>();
  return Service({
    metadata: compact({ name, namespace: workload.metadata.namespace, labels, annotations }),
    spec: {
      ...spec,
      selector: podLabels(workload, "expose"),
      ports: entries.map(([port, target]) => servicePort(Number(port), target, known, taken, entries.length > 1, workload)),
    } as ServiceSpec,
  });
}

/**
 * The Service without an address that gives each Pod of a StatefulSet its DNS name; named as the StatefulSet's `serviceName` says.
 * ```ts
 * const db = workload("db", { kind: "StatefulSet", serviceName: "db", image: "postgres:17", ports: { pg: 5432 } });
 * export default [db, headless(db, { 5432: "pg" })];
 * ```
 */
export function headless<Port extends string>(
  workload: Exposable<Port>,
  ports: ExposedPorts<Port>,
  options: Pick<ExposeOptions, "name" | "labels" | "annotations" | "publishNotReadyAddresses"> = {},
): PortService<Port> {
  const { serviceName } = (workload as { readonly spec?: { readonly serviceName?: string } }).spec ?? {};
  return expose(workload, ports, { name: serviceName ?? workload.metadata.name, ...options, clusterIP: "None" } as ExposeOptions);
}

/** The ports of an object's Pods that have a name. */
export function portsOf(workload: object): readonly ContainerPort[] {
  const spec = podTemplateOf(workload)?.spec;
  // An init container that stays has ports too.
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap((c) => c.ports ?? []);
}

/** @throws TypeError when no port has that name */
export function portNamed(workload: object, name: string, who: string): ContainerPort {
  const ports = portsOf(workload);
  const port = ports.find((p) => p.name === name);
  if (!port)
    throw new TypeError(
      `${who}: ${named(workload)} has no port ${JSON.stringify(name)}; it has ${listed(ports.flatMap((p) => p.name ?? []))}`,
    );
  return port;
}

function servicePort(
  port: number,
  target: ExposedPorts<string>[number],
  known: readonly ContainerPort[],
  taken: Set<string>,
  several: boolean,
  workload: object,
): ServicePort {
  const { targetPort, ...fields } = typeof target === "object" ? target : { targetPort: target };
  const there =
    typeof targetPort === "string" ? portNamed(workload, targetPort, "expose") : known.find((p) => p.containerPort === targetPort);
  const wanted = fields.name ?? (typeof targetPort === "string" ? targetPort : several ? `port-${port}` : undefined);
  const name = wanted !== undefined && taken.has(wanted) ? `${wanted}-${port}` : wanted;
  if (name !== undefined) taken.add(name);
  const protocol = fields.protocol ?? (there?.protocol === "TCP" ? undefined : there?.protocol);
  return compact({ ...fields, name, port, targetPort, protocol } as ServicePort);
}
