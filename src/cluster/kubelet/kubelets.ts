/**
 * The kubelets of all nodes, as one component: nodes register and give signs of life, Pods start, become ready, end and stop, on virtual time.
 */
import type { ComponentContext } from "../../sim/component.ts";
import type { PodAddresses } from "../../sim/network.ts";
import { NodeAgents } from "./node-agent.ts";
import { PodWorkers } from "./pod-workers.ts";
import { startVolumeExpansion } from "./volume-expansion.ts";

/** How long containers take, in virtual seconds. */
export interface PodSeconds {
  /**
   * For a container to start: default 1. Init containers start one after the other, and have done their work once started.
   * 0 means at once, and ready at once: probes have no delays then.
   */
  readonly startSeconds?: number;
  /** For a container that is to complete (restart policy Never or OnFailure) to do so: default 1. */
  readonly runSeconds?: number;
  /** For containers to stop: default 1, the grace period at most. 0 means at once, whatever their preStop hooks say. */
  readonly stopSeconds?: number;
}

export interface Kubelets {
  /**
   * A node that is down gives no signs of life, starts nothing and stops nothing; once up again, its kubelet catches up with what happened.
   * A node that does not exist (yet) will be down when it comes.
   */
  setDown(node: string, down: boolean): void;
}

const SECONDS_DEFAULT = 1;

export function startKubelets(
  context: ComponentContext,
  options: { readonly addresses: PodAddresses; readonly pods?: PodSeconds },
): Kubelets {
  const { startSeconds, runSeconds, stopSeconds } = options.pods ?? {};
  const timing = {
    startMs: wholeMs(startSeconds),
    runMs: wholeMs(runSeconds),
    stopMs: wholeMs(stopSeconds),
  };
  const workers: PodWorkers = new PodWorkers(context, options.addresses, timing, (name) => agents.running(name));
  const agents: NodeAgents = new NodeAgents(context, (node) => workers.resync(node));
  startVolumeExpansion(context, (name) => agents.running(name));
  return { setDown: (node, down) => agents.setDown(node, down) };
}

/** Whole milliseconds: instants that are sums of them are exact, and a Pod wakes up when its time has come, not a moment before. */
function wholeMs(seconds: number = SECONDS_DEFAULT): number {
  return Math.round(seconds * 1000);
}
