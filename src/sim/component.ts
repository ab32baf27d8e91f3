/** What a component of the control plane (controller, scheduler, kubelet) is handed at its start. */
import type { Client } from "./client.ts";
import type { Cloud } from "./cloud.ts";
import type { Informers } from "./informer.ts";
import type { Loop } from "./loop.ts";
import type { MetricsSource } from "./metrics.ts";
import type { Recorder } from "./recorder.ts";

export interface ComponentContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly loop: Loop;
  readonly recorder: Recorder;
  /** CIDR of the Pods, or two of them separated by a comma; default `10.244.0.0/16`. */
  readonly podNetwork?: string | undefined;
  /** What autoscalers measure by; default: nothing, as in a cluster without a metrics server. */
  readonly metrics?: MetricsSource | undefined;
  /** The cloud that the cluster is assumed to run in; default: none. */
  readonly cloud?: Cloud | undefined;
}
