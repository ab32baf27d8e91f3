/** What no type sees, but the API server does: `seatrial check examples/broken/main.ts` tells, with file and line. */
import { Deployment } from "seatrial/apps/v1";
import { Service } from "seatrial/core/v1";

export default [
  Deployment({
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "wbe" } },
        spec: { containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80000 }] }] },
      },
    },
  }),
  Service({ metadata: { name: "Web_Service" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } }),
];
