/** {{name}} in its environments: `npm run synth` writes the YAML of both, `npm run plan` tries prod. */
import { app, inNamespace } from "seatrial";
import { Namespace } from "seatrial/core/v1";
import { service } from "./src/service.ts";

/** What differs between environments. */
export interface Settings {
  readonly replicas: number;
  readonly cpu: `${number}m`;
  readonly logLevel: "debug" | "info" | "warn";
}

const envs = {
  dev: { replicas: 1, cpu: "100m", logLevel: "debug" },
  prod: { replicas: 3, cpu: "250m", logLevel: "info" },
} satisfies Record<string, Settings>;

export default app({ envs }, ({ env, ...settings }) => {
  const namespace = Namespace({ metadata: { name: `{{name}}-${env}`, labels: { "app.kubernetes.io/part-of": "{{name}}" } } });
  return [namespace, inNamespace(namespace, service("{{name}}", settings))];
});
