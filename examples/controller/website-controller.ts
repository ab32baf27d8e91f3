/**
 * A controller of one's own: a Website becomes a Deployment and a Service, and says in its status how far it is.
 * This file is all of it; `createCluster({ controllers: [websiteController] })` registers it.
 */
import { controllerRef, defineController, isRefused, type Kind, type KubeObject, kindOf, kinds } from "seatrial";
import { Deployment } from "seatrial/apps/v1";
import { Service } from "seatrial/core/v1";

export interface Website extends KubeObject {
  readonly spec: {
    readonly image: string;
    readonly copies: number;
    /** Until this instant it has no Pods. */
    readonly pausedUntil?: string;
  };
  readonly status?: {
    readonly readyCopies: number;
    readonly phase: "Progressing" | "Ready" | "Paused";
    readonly address: string;
    readonly observedGeneration: number;
  };
}

export const WEBSITE: Kind<Website> = kindOf("example.com/v1", "Website");

export const websiteController = defineController<Website>({
  name: "website-controller",
  for: WEBSITE,
  owns: [kinds.DEPLOYMENT, kinds.SERVICE],
  reconcile(website, { key, client, informers, clock, report }) {
    if (website.metadata.deletionTimestamp) return undefined;
    const pausedMs = website.spec.pausedUntil === undefined ? 0 : clock.instantOf(website.spec.pausedUntil) - clock.now();
    const copies = pausedMs > 0 ? 0 : website.spec.copies;

    // Apply what is wanted: nothing is written when it is there already.
    for (const wanted of [deploymentOf(website, copies), serviceOf(website)]) {
      const answer = client.apply(wanted);
      if (isRefused(answer)) {
        report("Warning", "Refused", answer.message);
        return "retry";
      }
    }

    // Say how far it is. A change of the Deployment brings us back here.
    const ready = informers.for(kinds.DEPLOYMENT).get(key)?.status?.readyReplicas ?? 0;
    const phase = pausedMs > 0 ? "Paused" : ready === copies ? "Ready" : "Progressing";
    if (phase !== website.status?.phase) report("Normal", phase, `${ready} of ${copies} copies are ready`);
    const status = {
      readyCopies: ready,
      phase,
      address: informers.for(kinds.SERVICE).get(key)?.spec?.clusterIP ?? "",
      observedGeneration: website.metadata.generation ?? 0,
    };
    client.patch(WEBSITE, website.metadata.name, website.metadata.namespace, { status }, { subresource: "status" });
    return pausedMs > 0 ? { afterMs: pausedMs } : undefined;
  },
});

/** What both objects have: the Website's name, and the Website as their owner, so that they go with it. */
function metadataOf(website: Website) {
  const { name, namespace = "default" } = website.metadata;
  return { name, namespace, labels: { website: name }, ownerReferences: [controllerRef(website)] };
}

function deploymentOf(website: Website, replicas: number) {
  const labels = { website: website.metadata.name };
  return Deployment({
    metadata: metadataOf(website),
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: website.spec.image, ports: [{ name: "http", containerPort: 80 }] }] },
      },
    },
  });
}

function serviceOf(website: Website) {
  return Service({
    metadata: metadataOf(website),
    spec: { selector: { website: website.metadata.name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  });
}
