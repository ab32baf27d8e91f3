/**
 * What a fresh cluster has by itself: the API server makes it at its start.
 * @see kubernetes pkg/controlplane/controller/systemnamespaces, …/kubernetesservice, pkg/registry/scheduling/rest
 */
import type { KubeObject } from "../../api/object.ts";
import type { ServiceAddresses } from "../../sim/network.ts";

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;
/** The port of the API server, behind the Service `kubernetes`. */
const SECURE_PORT = 6443;

/** Priorities that are the system's own. @see kubernetes pkg/apis/scheduling/v1/helpers.go */
const PRIORITY_CLASSES = [
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description: "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
] as const;

/** In the order in which they are made. */
export function bootstrapObjects(addresses: ServiceAddresses): readonly KubeObject[] {
  const objects: readonly (KubeObject & Readonly<Record<string, unknown>>)[] = [
    ...NAMESPACES.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kubernetes", namespace: "default", labels: { component: "apiserver", provider: "kubernetes" } },
      spec: {
        type: "ClusterIP",
        clusterIP: firstAddress(addresses),
        ipFamilyPolicy: "SingleStack",
        sessionAffinity: "None",
        ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: SECURE_PORT }],
      },
    },
    ...PRIORITY_CLASSES.map(({ name, value, description }) => ({
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      description,
    })),
  ];
  return objects;
}

/** The first address of the service network that may be given: the one behind its base. */
function firstAddress(addresses: ServiceAddresses): string {
  const base = addresses.dryRunIp(addresses.families[0] ?? "IPv4");
  if (base.includes(":"))
    return base.endsWith("::") ? `${base}1` : base.replace(/[0-9a-f]+$/, (last) => (Number.parseInt(last, 16) + 1).toString(16));
  return base.replace(/[0-9]+$/, (last) => String(Number(last) + 1));
}

/** What the controllers make in every namespace, so also in those of a fresh cluster. */
const IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set([
  "ServiceAccount default",
  "ConfigMap kube-root-ca.crt",
  "ConfigMap openshift-service-ca.crt",
]);

/**
 * Whether a fresh cluster has an object by itself. `isUntouched` says whether an object of the bootstrap is still as it was made; what the
 * controllers make in the namespaces of a fresh cluster, and the endpoints of its Service, count as well.
 */
export function belongsToFreshCluster(object: KubeObject, isUntouched: (object: KubeObject) => boolean): boolean {
  const { kind, metadata } = object;
  if (metadata.namespace === undefined) return isUntouched(object);
  if (!(NAMESPACES as readonly string[]).includes(metadata.namespace)) return false;
  if (IN_EVERY_NAMESPACE.has(`${kind} ${metadata.name}`)) return (metadata.generation ?? 1) <= 1 && metadata.managedFields === undefined;
  const isApiServers =
    metadata.namespace === "default" && (kind === "EndpointSlice" || kind === "Endpoints") && metadata.name === "kubernetes";
  return isApiServers || isUntouched(object);
}
