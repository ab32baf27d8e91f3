import { Deployment } from "seatrial/apps/v1";
import { ConfigMap, Service } from "seatrial/core/v1";

// Deployed by hand in 2019, and never touched since.
const guestbookConfigMap = ConfigMap({
  metadata: { name: "guestbook" },
  data: { GREETING: "hello" },
});

const guestbookLabels = { app: "guestbook" };

const guestbook = Deployment({
  metadata: { name: "guestbook", labels: guestbookLabels },
  spec: {
    replicas: 3, // one for each zone
    selector: { matchLabels: guestbookLabels },
    template: {
      metadata: { labels: guestbookLabels },
      spec: {
        containers: [
          {
            name: "web",
            image: "registry.example/guestbook:1.0",
            // Every key becomes a variable.
            envFrom: [{ configMapRef: { name: guestbookConfigMap.metadata.name } }],
            ports: [{ name: "http", containerPort: 3000 }],
          },
        ],
      },
    },
  },
});

const guestbookService = Service({
  metadata: { name: "guestbook" },
  spec: { selector: guestbookLabels, ports: [{ port: 80, targetPort: "http" }] },
});

export default [guestbookConfigMap, guestbook, guestbookService];
