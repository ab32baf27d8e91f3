/** The classic: two replicas of nginx behind a NodePort, a quota for high-priority Pods, and a Pod with init containers. */
import { Deployment } from "seatrial/apps/v1";
import { Pod, ResourceQuota, Service } from "seatrial/core/v1";
import { PriorityClass } from "seatrial/scheduling.k8s.io/v1";

const labels = { app: "nginx" };

const nginx = Deployment({
  metadata: { name: "nginx-deployment", labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: "nginx", image: "nginx:1.7.9", ports: [{ containerPort: 80 }] }] },
    },
  },
});

const service = Service({
  metadata: { name: "nginx" },
  spec: { type: "NodePort", selector: labels, ports: [{ port: 8080, targetPort: 80, nodePort: 30163 }] },
});

const high = PriorityClass({ metadata: { name: "high" }, value: 1000 });

/** At most ten Pods of the class `high`; other Pods do not count. */
const quota = ResourceQuota({
  metadata: { name: "pods-high" },
  spec: {
    hard: { cpu: "1000", memory: "200Gi", pods: "10" },
    scopeSelector: { matchExpressions: [{ operator: "In", scopeName: "PriorityClass", values: ["high"] }] },
  },
});

const resources = { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } } as const;

/** The quota counts CPU and memory: so every container has to say what it asks for, the init containers too. */
const wait = (service: string) => ({
  name: `init-${service}`,
  image: "busybox:1.28",
  command: ["sh", "-c", `until nslookup ${service}; do echo waiting for ${service}; sleep 2; done`],
  resources,
});

const app = Pod({
  metadata: { name: "myapp-pod", labels: { app: "myapp" } },
  spec: {
    priorityClassName: "high",
    initContainers: [wait("myservice"), wait("mydb")],
    containers: [
      {
        name: "myapp-container",
        image: "busybox:1.28",
        command: ["sh", "-c", "echo The app is running! && sleep 3600"],
        resources,
      },
    ],
  },
});

export default [high, quota, nginx, service, app];
