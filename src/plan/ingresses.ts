/** Ingresses: which Services they send to, and whether somebody answers there. */
import type { Ingress, IngressBackend, Service } from "../../generated/v1.36/model.ts";
import type { Changes } from "./changes.ts";
import type { IngressRoute, IngressState, ServiceState } from "./schema.ts";
import { readyEndpoints } from "./services.ts";
import { compareRefs, identityOf, refOf, type View } from "./view.ts";

/** Every Ingress of the entry, and every other that sends to a Service which is reported. */
export function ingressStates(after: View, changes: Changes, services: readonly ServiceState[]): readonly IngressState[] {
  const moved = new Set(services.filter((s) => s.readyBefore !== s.ready).map((s) => `${s.object.namespace ?? ""}/${s.object.name}`));
  const ingresses = (after.byKind.get("networking.k8s.io/Ingress") ?? []) as unknown as readonly Ingress[];
  const states = ingresses.flatMap((ingress): readonly IngressState[] => {
    const desired = changes.next.get(identityOf(ingress));
    const routes = routesOf(after, ingress);
    const namespace = ingress.metadata.namespace ?? "";
    if (!desired && !routes.some((r) => moved.has(`${namespace}/${r.service}`))) return [];
    const className = ingress.spec?.ingressClassName ?? ingress.metadata.annotations?.["kubernetes.io/ingress.class"] ?? null;
    return [{ object: refOf(ingress), source: desired?.source ?? null, className, routes }];
  });
  return states.sort((a, b) => compareRefs(a.object, b.object));
}

/** A backend that is no Service (a bucket, a function) is another controller's business. */
function routesOf(view: View, { metadata, spec }: Ingress): readonly IngressRoute[] {
  const routes: IngressRoute[] = [];
  const add = (host: string, path: string, { service }: IngressBackend): void => {
    if (!service) return;
    const { name = "", number } = service.port ?? {};
    routes.push({
      host,
      path,
      service: service.name,
      port: number === undefined ? name : String(number),
      ready: ready(view, metadata.namespace ?? "", service.name, number ?? name),
    });
  };
  for (const rule of spec?.rules ?? []) for (const { path = "/", backend } of rule.http?.paths ?? []) add(rule.host ?? "*", path, backend);
  if (spec?.defaultBackend) add("*", "(anything else)", spec.defaultBackend);
  return routes;
}

function ready(view: View, namespace: string, name: string, port: number | string): number | null {
  const service = view.byIdentity.get(identityOf({ apiVersion: "v1", kind: "Service", metadata: { name, namespace } })) as
    | Service
    | undefined;
  if (!service) return null;
  if (
    !(service.spec?.ports ?? []).some((p) => (typeof port === "number" ? p.port === port : p.name === port)) &&
    service.spec?.type !== "ExternalName"
  )
    return null;
  return readyEndpoints(service, view.slicesByService.get(`${namespace}/${name}`));
}
