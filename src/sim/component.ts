/** What a component of the control plane (controller, scheduler, kubelet) is handed at its start. */
import type { Client } from "./client.ts";
import type { Informers } from "./informer.ts";
import type { Loop } from "./loop.ts";
import type { Recorder } from "./recorder.ts";

export interface ComponentContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly loop: Loop;
  readonly recorder: Recorder;
}
