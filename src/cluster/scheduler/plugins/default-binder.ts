/** Binds through the API server. @see kubernetes pkg/scheduler/framework/plugins/defaultbinder */
import type { Plugin } from "../framework.ts";

export const defaultBinder: Plugin = {
  name: "DefaultBinder",
  bind: (client, { pod }, node) => client.bind(pod.metadata.name, pod.metadata.namespace ?? "default", node.name),
};
