/**
 * The node's side of the kubelets: registration, heartbeats, and which nodes are up.
 * Simplified: a node that comes with a Ready condition of False or Unknown, as from a snapshot, is left so, as one that is down.
 */
import type { Lease, Node } from "../../../generated/v1.36/model.ts";
import { LEASE, NODE } from "../../api/kinds.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { LEASE_DURATION_SECONDS, lastRenewedMs, NODE_LEASE_NAMESPACE, RENEWING_ANNOTATION } from "../../sim/heartbeat.ts";
import type { Informer } from "../../sim/informer.ts";
import { WorkQueue } from "../../sim/work-queue.ts";
import { healthyNodeStatus, readiness } from "./node-status.ts";

export class NodeAgents {
  readonly #context: ComponentContext;
  readonly #nodes: Informer<Node>;
  readonly #queue: WorkQueue;
  /** Uids of the nodes whose kubelet has begun its work. */
  readonly #begun = new Map<string, string | undefined>();
  readonly #down = new Set<string>();
  readonly #onUp: (node: string) => void;

  /** `onUp`: a kubelet has begun, or begun again, its work on the node. */
  constructor(context: ComponentContext, onUp: (node: string) => void) {
    this.#context = context;
    this.#onUp = onUp;
    this.#nodes = context.informers.for(NODE);
    this.#queue = new WorkQueue(context.loop, (name) => this.#sync(name));
    this.#nodes.on((type, node) => {
      if (type === "DELETED") this.#begun.delete(node.metadata.name);
      else if (type === "ADDED" || readiness(node) !== "True") this.#queue.add(node.metadata.name);
    });
  }

  /** The node, if its kubelet works. */
  running(name: string): Node | undefined {
    if (this.#down.has(name) || !this.#begun.has(name)) return undefined;
    return this.#nodes.get(name);
  }

  setDown(name: string, down: boolean): void {
    if (down === this.#down.has(name)) return;
    const node = this.#nodes.get(name);
    if (down) {
      this.#down.add(name);
      if (node) this.#writeLease(node, false);
    } else {
      this.#down.delete(name);
      // Begins anew, whatever state the node has come to meanwhile.
      this.#begun.delete(name);
      if (node) this.#begin(node);
    }
  }

  #sync(name: string): void {
    const node = this.#nodes.get(name);
    if (!node || this.#down.has(name)) return;
    const ready = readiness(node);
    if (this.#begun.has(name) && this.#begun.get(name) === node.metadata.uid) {
      if (ready !== "True") this.#postStatus(node);
      return;
    }
    if (ready === "False" || ready === "Unknown") this.#down.add(name);
    else this.#begin(node);
  }

  #begin(node: Node): void {
    this.#begun.set(node.metadata.name, node.metadata.uid);
    this.#writeLease(node, true);
    if (readiness(node) !== "True") this.#postStatus(node);
    this.#onUp(node.metadata.name);
  }

  #postStatus(node: Node): void {
    this.#context.client.updateStatus<Node>({ ...node, status: healthyNodeStatus(node, this.#context.loop.timestamp()) });
  }

  /** Notes that renewing begins now, or that it has ended with the last renewal. Refusals (no namespace for Leases) leave the node without. */
  #writeLease(node: Node, renewing: boolean): void {
    const { client, loop } = this.#context;
    const { name, uid } = node.metadata;
    const stored = client.get<Lease>(LEASE, name, NODE_LEASE_NAMESPACE);
    const renewedMs = renewing || !stored ? loop.now() : (lastRenewedMs(stored, loop) ?? loop.now());
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        ...(stored?.metadata ?? {}),
        name,
        namespace: NODE_LEASE_NAMESPACE,
        annotations: renewing ? { [RENEWING_ANNOTATION]: "true" } : {},
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid: uid ?? "" }],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: LEASE_DURATION_SECONDS, renewTime: loop.microTimestamp(renewedMs) },
    };
    const answer = stored ? client.update(lease) : client.create(lease, { namespace: NODE_LEASE_NAMESPACE });
    if (isRefused(answer) && answer.code === 409) this.#queue.addRateLimited(name);
  }
}
