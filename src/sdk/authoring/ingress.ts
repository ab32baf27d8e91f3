/** Ingresses from Services. */

import type { Service } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { type HTTPIngressPath, Ingress, type IngressSpec } from "../../../generated/v1.36/networking.k8s.io/v1.ts";
import { nonEmpty } from "../../api/non-empty.ts";
import { compact, listed, type WithPorts } from "./carried-names.ts";
import type { SecretLike } from "./config.ts";

/** A port of a Service, for an Ingress: what `backend` gives. */
export interface Backend {
  readonly service: Service;
  readonly port: string | number;
}

export interface IngressOptions extends Omit<ObjectMeta, "name" | "generateName">, Pick<IngressSpec, "ingressClassName"> {
  /** How paths are compared; Kubernetes has no default for it. */
  readonly pathType: HTTPIngressPath["pathType"];
  /** Host → path → Service. The host `*` is any. A Service with several ports needs `backend(service, "http")`. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, Service | Backend>>>>;
  /** Host → the Secret with its certificate. */
  readonly tls?: Readonly<Record<string, SecretLike>>;
}

/** One of the ports of a Service: `backend(web, "http")`. @throws TypeError when the Service has no such port */
export function backend<Port extends string>(service: Service & WithPorts<Port>, port: NoInfer<Port> | number): Backend {
  const ports = service.spec.ports ?? [];
  if (!ports.some((p) => p.name === port || p.port === port)) {
    const names = ports.flatMap((p) => p.name ?? []);
    throw new TypeError(`backend: Service ${service.metadata.name} has no port ${JSON.stringify(port)}; it has ${listed(names)}`);
  }
  return { service, port };
}

/**
 * An Ingress that leads to Services.
 * ```ts
 * ingress("shop", {
 *   ingressClassName: "nginx",
 *   pathType: "Prefix",
 *   rules: { "shop.example": { "/": storefront, "/api": backend(checkout, "http") } },
 *   tls: { "shop.example": existingSecret("shop-tls", ["tls.crt", "tls.key"]) },
 * })
 * ```
 * @throws TypeError when a Service has several ports and none is named, or lies in another namespace
 */
export function ingress(name: string, options: IngressOptions): Ingress {
  const { ingressClassName, pathType, rules, tls, ...metadata } = options;
  return Ingress({
    metadata: { name, ...metadata },
    spec: compact({
      ingressClassName,
      tls: tls && tlsOf(tls),
      rules: Object.entries(rules).map(([host, paths]) => ({
        ...(host === "*" ? {} : { host }),
        http: {
          paths: nonEmpty(
            Object.entries(paths).map(([path, to]) => ({ path, pathType, backend: backendOf(name, metadata.namespace, to) })),
          ),
        },
      })),
    } as IngressSpec),
  });
}

/** Hosts of one certificate stand together. */
function tlsOf(tls: Readonly<Record<string, SecretLike>>): IngressSpec["tls"] {
  const bySecret = new Map<string, string[]>();
  for (const [host, secret] of Object.entries(tls)) {
    const { name } = secret.metadata;
    bySecret.set(name, [...(bySecret.get(name) ?? []), host]);
  }
  return [...bySecret].map(([secretName, hosts]) => ({ hosts, secretName }));
}

function backendOf(ingressName: string, namespace: string | undefined, to: Service | Backend): HTTPIngressPath["backend"] {
  const { service, port } = "service" in to ? to : { service: to, port: onlyPort(ingressName, to) };
  const there = service.metadata.namespace;
  if (there !== undefined && namespace !== undefined && there !== namespace)
    throw new TypeError(
      `ingress ${ingressName} is in namespace ${namespace}, and Service ${service.metadata.name} in ${there}: it reaches its own only`,
    );
  return { service: { name: service.metadata.name, port: typeof port === "number" ? { number: port } : { name: port } } };
}

function onlyPort(ingressName: string, service: Service): string | number {
  const ports = service.spec.ports ?? [];
  const [port] = ports;
  if (ports.length === 1 && port) return port.name ?? port.port;
  const names = listed(ports.map((p) => p.name ?? String(p.port)));
  throw new TypeError(
    `ingress ${ingressName}: Service ${service.metadata.name} has the ports ${names}: say which with backend(service, port)`,
  );
}
