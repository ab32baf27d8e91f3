/** Who may talk to whom. */

import type { ContainerPort } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { NetworkPolicy, type NetworkPolicyPeer, type NetworkPolicyPort } from "../../../generated/v1.36/networking.k8s.io/v1.ts";
import { compact } from "./carried-names.ts";
import { type Exposable, portNamed } from "./expose.ts";
import { podLabels } from "./pod-templates.ts";

type Workload = Exposable<string>;

/** A workload, all Pods of a namespace, a range of addresses, or anybody. */
export type Peer =
  | Workload
  | { readonly kind: "Namespace"; readonly metadata: ObjectMeta & { readonly name: string } }
  | { readonly cidr: `${string}/${number}`; readonly except?: readonly string[] }
  | "anyone";

/** Namespaces carry their name as a label since Kubernetes 1.21. */
const NAMESPACE_LABEL = "kubernetes.io/metadata.name";
/** The cluster's DNS servers, as kubeadm and the clouds label them. */
const DNS_LABELS = { "k8s-app": "kube-dns" };

/**
 * Lets one workload reach a port of another, and by that keeps everybody else away from `to` who is not allowed elsewhere.
 * ```ts
 * allow(web, checkout, "grpc")              // the Pods of web reach port grpc of the Pods of checkout
 * allow("anyone", web, "http")
 * ```
 * A workload of another namespace is looked for there: where both say one, at the time of the call. Whether `from` may send is asked too, where its Pods are limited: `allowOut` is the other half.
 * @param port name or number of a container port of `to`, or several
 * @throws TypeError when `to` has no port of that name
 */
export function allow<Port extends string>(
  from: Peer,
  to: Exposable<Port>,
  port: NoInfer<Port> | number | readonly (NoInfer<Port> | number)[],
): NetworkPolicy {
  const ports = [port].flat() as readonly (string | number)[];
  return NetworkPolicy({
    metadata: compact({
      name: `${to.metadata.name}-from-${peerName(from)}-${ports.join("-")}`.toLowerCase(),
      namespace: to.metadata.namespace,
    }),
    spec: {
      podSelector: { matchLabels: podLabels(to, "allow") },
      policyTypes: ["Ingress"],
      ingress: [
        { ...(from === "anyone" ? {} : { from: [peerOf(from, to.metadata.namespace)] }), ports: ports.map((p) => policyPort(to, p)) },
      ],
    },
  });
}

/**
 * Lets a workload send to a port of another, and by that limits what its Pods send at all: `allowDns(web)` is then wanted as well.
 * ```ts
 * [allowDns(web), allowOut(web, checkout, "grpc"), allow(web, checkout, "grpc")]
 * ```
 */
export function allowOut<Port extends string>(
  from: Workload,
  to: Exposable<Port> | Exclude<Peer, Workload>,
  port: NoInfer<Port> | number | readonly (NoInfer<Port> | number)[],
): NetworkPolicy {
  const ports = [port].flat() as readonly (string | number)[];
  return NetworkPolicy({
    metadata: compact({
      name: `${from.metadata.name}-to-${peerName(to)}-${ports.join("-")}`.toLowerCase(),
      namespace: from.metadata.namespace,
    }),
    spec: {
      podSelector: { matchLabels: podLabels(from, "allowOut") },
      policyTypes: ["Egress"],
      egress: [{ ...(to === "anyone" ? {} : { to: [peerOf(to, from.metadata.namespace)] }), ports: ports.map((p) => policyPort(to, p)) }],
    },
  });
}

/** Lets a workload, or with a name all Pods of the namespace, ask the cluster's DNS: `allowDns(web)`, `allowDns("all")`. */
export function allowDns(from: Workload | string): NetworkPolicy {
  const all = typeof from === "string";
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port: 53 }));
  return NetworkPolicy({
    metadata: compact({ name: `${all ? from : from.metadata.name}-to-dns`, namespace: all ? undefined : from.metadata.namespace }),
    spec: {
      podSelector: all ? {} : { matchLabels: podLabels(from, "allowDns") },
      policyTypes: ["Egress"],
      egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: DNS_LABELS } }], ports }],
    },
  });
}

/** Nothing comes in, or goes out, of any Pod of the namespace but what another policy allows: `denyAll("deny-all", ["Ingress"])`. */
export function denyAll(
  name: string,
  policyTypes: readonly ("Ingress" | "Egress")[],
  metadata: Omit<ObjectMeta, "name" | "generateName"> = {},
): NetworkPolicy {
  return NetworkPolicy({ metadata: { name, ...metadata }, spec: { podSelector: {}, policyTypes } });
}

function peerName(peer: Peer): string {
  if (peer === "anyone") return "anyone";
  return "cidr" in peer ? peer.cidr.replaceAll(/[^0-9a-zA-Z]+/g, "-") : peer.metadata.name;
}

function peerOf(peer: Exclude<Peer, "anyone">, ownNamespace: string | undefined): NetworkPolicyPeer {
  if ("cidr" in peer) return { ipBlock: compact({ cidr: peer.cidr, except: peer.except }) };
  if (peer.kind === "Namespace") return { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: peer.metadata.name } } };
  const podSelector = { matchLabels: podLabels(peer, "allow") };
  const { namespace } = peer.metadata;
  if (namespace === undefined || namespace === ownNamespace) return { podSelector };
  return { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } }, podSelector };
}

function policyPort(to: Peer, port: string | number): NetworkPolicyPort {
  if (to === "anyone" || "cidr" in to || to.kind === "Namespace") return { protocol: "TCP", port };
  const there: ContainerPort | undefined = typeof port === "string" ? portNamed(to, port, "allow") : undefined;
  return { protocol: there?.protocol ?? "TCP", port };
}
