/** The controller at work: what becomes of a Website that is made, grows, asks for too much, is paused, and goes. */
import { type Answer, createCluster, isRefused } from "seatrial";
import { Node } from "seatrial/core/v1";
import { definition } from "./definition.ts";
import { WEBSITE, type Website, websiteController } from "./website-controller.ts";

const cluster = createCluster({ controllers: [websiteController] });
const size = { cpu: "2", memory: "4Gi", pods: "20" } as const;
for (const name of ["node-1", "node-2"]) cluster.create(Node({ metadata: { name }, status: { capacity: size, allocatable: size } }));
cluster.apply(definition);
cluster.settle();

const website = (spec: object): Answer =>
  cluster.apply({ apiVersion: WEBSITE.apiVersion, kind: WEBSITE.kind, metadata: { name: "shop" }, spec });

function story(title: string, answer: Answer): void {
  cluster.settle();
  const { phase, readyCopies, address } = (cluster.get("Website", "shop") as Website | undefined)?.status ?? {};
  const pods = cluster.list("Pod").map((pod) => pod.metadata.name);
  const outcome = isRefused(answer) ? `refused (${answer.message})` : (phase ?? "gone");
  console.log(`${title}: ${outcome}, ${readyCopies ?? 0} ready at ${address ?? "no address"}, ${pods.length} Pods`);
}

story("made", website({ image: "nginx:1.27" }));
story("four copies", website({ image: "nginx:1.27", copies: 4 }));
story("a hundred copies", website({ image: "nginx:1.27", copies: 100 }));
story("paused", website({ image: "nginx:1.27", copies: 4, pausedUntil: "2026-01-01T01:00:00Z" }));
cluster.advance(3600);
story("an hour later", website({ image: "nginx:1.27", copies: 4, pausedUntil: "2026-01-01T01:00:00Z" }));
story("deleted", cluster.delete({ kind: "Website", name: "shop" }));

for (const event of cluster.events())
  if (event.from === websiteController.name)
    console.log(`${(event.firstAtMs / 1000).toFixed(1).padStart(7)} s  ${event.reason}: ${event.message}`);
