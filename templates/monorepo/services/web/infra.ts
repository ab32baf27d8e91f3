/** The pages that people see. */
import type { api } from "@{{name}}/api";
import { type Environment, httpService } from "@{{name}}/shared";

export function web(environment: Environment, { service }: ReturnType<typeof api>) {
  return httpService("web", environment, {
    env: { API_URL: `http://${service.metadata.name}` },
    resources: { requests: { cpu: "200m", memory: "128Mi" }, limits: { memory: "128Mi" } },
  });
}
