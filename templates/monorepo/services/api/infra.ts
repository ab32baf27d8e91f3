/** The API: what the pages ask. */
import { type Environment, httpService } from "@{{name}}/shared";

export function api(environment: Environment) {
  return httpService("api", environment, {
    resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "256Mi" } },
  });
}
