/** The chart's values, with types: a wrong amount or a missing image is shown in the editor, not by a template far away. */
import type { Container } from "seatrial/core/v1";

export interface Values {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly replicas: number;
  readonly logLevel: "debug" | "info" | "warn";
  /** As Kubernetes has them: `500m` and `64Mi` compile, `5OOm` and `64MB` do not. */
  readonly resources: NonNullable<Container["resources"]>;
}

const image = { repository: "registry.example/service", tag: "1.4.2" };

export const environments = {
  staging: {
    image,
    replicas: 1,
    logLevel: "debug",
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
  },
  prod: {
    image,
    replicas: 3,
    logLevel: "info",
    resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "256Mi" } },
  },
} satisfies Record<string, Values>;

export type Environment = keyof typeof environments;
