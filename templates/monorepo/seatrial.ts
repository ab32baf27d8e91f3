/** All services in one plan. */
import { api } from "@{{name}}/api";
import { web } from "@{{name}}/web";
import { app, inNamespace } from "seatrial";
import { Namespace, ResourceQuota } from "seatrial/core/v1";

const envs = {
  staging: { replicas: 1, version: "1.0.0" },
  prod: { replicas: 3, version: "1.0.0" },
};

export default app({ envs }, (environment) => {
  const namespace = Namespace({ metadata: { name: `{{name}}-${environment.env}` } });
  const backend = api(environment);
  return [
    namespace,
    inNamespace(namespace, [
      ResourceQuota({ metadata: { name: "all-services" }, spec: { hard: { "requests.cpu": "4", "requests.memory": "8Gi" } } }),
      backend.objects,
      web(environment, backend).objects,
    ]),
  ];
});
