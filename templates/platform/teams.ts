/** The teams. To give one more CPU, change its number and look at the plan. */
import type { Team } from "./src/team-space.ts";

export const teams: readonly Team[] = [
  {
    name: "payments",
    group: "payments-developers",
    podSecurity: "restricted",
    hard: { "requests.cpu": "8", "requests.memory": "16Gi", "limits.memory": "32Gi", pods: "60", "services.loadbalancers": "1" },
    // Namespaces that may call this team's Pods.
    callers: ["storefront"],
  },
  {
    name: "storefront",
    group: "storefront-developers",
    podSecurity: "baseline",
    hard: { "requests.cpu": "4", "requests.memory": "8Gi", "limits.memory": "16Gi", pods: "40", "services.loadbalancers": "0" },
    callers: ["ingress"],
  },
];
