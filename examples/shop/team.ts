/** What the platform team gives the shop: its Namespace and how much it may ask for. */
import { Namespace, ResourceQuota } from "seatrial/core/v1";
import type { Size } from "./main.ts";

export function team(namespace: string, size: Size) {
  return [
    Namespace({ metadata: { name: namespace, labels: { team: "shop" } } }),
    ResourceQuota({
      metadata: { name: "team-shop", namespace },
      spec: { hard: { "requests.cpu": size.cpuQuota, "requests.memory": "16Gi", pods: "40", "services.nodeports": "0" } },
    }),
  ];
}
