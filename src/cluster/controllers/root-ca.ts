/**
 * Every namespace has a ConfigMap with the certificate authority of the API server, and one with that of the services.
 * @see kubernetes pkg/controller/certificates/rootcacertpublisher/publisher.go
 */
import { CONFIG_MAP, NAMESPACE } from "../../api/kinds.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import { type Controller, queueFor, refusedByTerminatingNamespace } from "./controller.ts";

interface Published {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** Of the certificate authority behind the API server. Simplified: no certificate, since nothing here speaks TLS. */
export const CERTIFICATE =
  "-----BEGIN CERTIFICATE-----\nc2VhdHJpYWw6IGEgc2ltdWxhdGVkIGNsdXN0ZXIgaGFzIG5vIGNlcnRpZmljYXRl\n-----END CERTIFICATE-----\n";

/** The second one is what the recorded control plane (a build of OpenShift's) publishes beside the upstream one; its content is another operator's. */
const PUBLISHED: readonly Published[] = [
  {
    name: "kube-root-ca.crt",
    annotations: {
      "kubernetes.io/description":
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
    },
    data: { "ca.crt": CERTIFICATE },
  },
  {
    name: "openshift-service-ca.crt",
    annotations: { "service.beta.openshift.io/inject-cabundle": "true" },
    data: { "service-ca.crt": "" },
  },
];

export const rootCaController: Controller = {
  name: "root-ca-certificate-publisher",
  start(context) {
    const namespaces = context.informers.for(NAMESPACE);
    const configMaps = context.informers.for(CONFIG_MAP);
    const queue = queueFor(context, namespaces, (namespace, key) => {
      if (namespace.metadata.deletionTimestamp !== undefined) return;
      let failed = false;
      for (const { name, annotations, data } of PUBLISHED) {
        const stored = configMaps.get(`${key}/${name}`);
        // The service CA's content belongs to whoever injects it.
        if (stored && (deepEqual(stored.data, data) || name !== "kube-root-ca.crt")) continue;
        const answer = stored
          ? context.client.update({
              ...stored,
              metadata: { ...stored.metadata, annotations: { ...stored.metadata.annotations, ...annotations } },
              data,
            })
          : context.client.create(
              { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: key, annotations }, data },
              { namespace: key },
            );
        if (isRefused(answer) && answer.reason !== "AlreadyExists" && !refusedByTerminatingNamespace(answer)) failed = true;
      }
      return failed ? "retry" : undefined;
    });
    namespaces.on((type, namespace) => {
      if (type !== "DELETED") queue.add(namespace.metadata.name);
    });
    configMaps.on((type, configMap) => {
      if (type !== "ADDED" && PUBLISHED.some((p) => p.name === configMap.metadata.name)) queue.add(configMap.metadata.namespace ?? "");
    });
  },
};
