/**
 * EndpointSlices: where the traffic of a Service may go.
 * @see kubernetes pkg/controller/endpointslice, staging/src/k8s.io/endpointslice/reconciler.go
 */
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice, Service } from "../../../generated/v1.36/model.ts";
import { ENDPOINT_SLICE, NODE, SERVICE } from "../../api/kinds.ts";
import { controllerRef, keyOf, type Unchecked } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, refusedByTerminatingNamespace } from "./controller.ts";
import { type AddressType, addressesOf, addressTypesOf, endpointOf, isListed, portsOf } from "./endpoints-of-pods.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { onServicePods, podsOf } from "./service-pods.ts";
import { packSlices, portsKey } from "./slice-packing.ts";
import { SliceTracker, SYNC_BACKOFF_MS } from "./slice-tracker.ts";
import { type TellHints, TopologyHints } from "./topology-hints.ts";

const NAME = "endpoint-slice-controller";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const SERVICE_NAME = "kubernetes.io/service-name";
const HEADLESS = "service.kubernetes.io/headless";
const MANAGER = "endpointslice-controller.k8s.io";
const LAST_CHANGE = "endpoints.kubernetes.io/last-change-trigger-time";
/** Labels of a Service that its slices do not take over: their own mean something. */
const RESERVED: readonly string[] = [MANAGED_BY, SERVICE_NAME, HEADLESS];
const BY_SERVICE = "service";

interface Draft {
  readonly type: AddressType;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

function labelsFor(service: Service): Readonly<Record<string, string>> {
  const own = Object.entries(service.metadata.labels ?? {}).filter(([key]) => !RESERVED.includes(key));
  const headless = service.spec?.type !== "ExternalName" && service.spec?.clusterIP === "None";
  return { ...Object.fromEntries(own), [MANAGED_BY]: MANAGER, [SERVICE_NAME]: service.metadata.name, ...(headless && { [HEADLESS]: "" }) };
}

function content({ ports, endpoints }: Draft): Unchecked {
  return { ...(endpoints.length > 0 && { endpoints }), ...(ports.length > 0 && { ports }) };
}

/** What slices the Service should have beside those that are right already. */
interface Work {
  readonly create: Draft[];
  readonly update: { readonly slice: EndpointSlice; readonly draft: Draft }[];
  readonly remove: EndpointSlice[];
}

type Hints = TopologyHints<Draft>;

function plan(
  context: ComponentContext,
  hints: Hints,
  service: Service,
  type: AddressType,
  existing: readonly EndpointSlice[],
  work: Work,
): void {
  const nodes = context.informers.for(NODE);
  const wanted = new Map<string, Draft & { readonly endpoints: Endpoint[] }>();
  for (const pod of podsOf(context, service) ?? []) {
    if (!isListed(pod) || addressesOf(pod, type).length === 0) continue;
    const ports = portsOf(service, pod);
    // Without a node there is nothing to send traffic to, unless nobody is to wait for it.
    const node = nodes.get(pod.spec.nodeName ?? "");
    if (!node && service.spec?.publishNotReadyAddresses !== true) continue;
    const key = portsKey(ports);
    const draft = wanted.get(key) ?? { type, ports, endpoints: [] };
    draft.endpoints.push(endpointOf(service, pod, node, type));
    wanted.set(key, draft);
  }
  const removed: EndpointSlice[] = [];
  let kept = 0;
  const created: Draft[] = [];
  const updated: Work["update"] = [];
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = portsKey(slice.ports);
    if (!wanted.has(key)) removed.push(slice);
    else groups.set(key, [...(groups.get(key) ?? []), slice]);
  }
  for (const [key, draft] of wanted) {
    const group = groups.get(key) ?? [];
    const packed = packSlices(group, draft.endpoints);
    for (const endpoints of packed.create) created.push({ ...draft, endpoints });
    const changed = new Set<EndpointSlice>(packed.remove);
    for (const { slice, endpoints } of packed.update) {
      changed.add(slice);
      updated.push({ slice, draft: { ...draft, endpoints } });
    }
    removed.push(...packed.remove);
    for (const slice of group) {
      if (!packed.remove.includes(slice)) kept++;
      if (!changed.has(slice) && !deepEqual(slice.metadata.labels, labelsFor(service)))
        updated.push({ slice, draft: { ...draft, endpoints: slice.endpoints ?? [] } });
    }
  }
  // A Service without endpoints still has one slice, an empty one.
  if (kept === 0 && created.length === 0) {
    const [only] = removed;
    const isEmpty = removed.length === 1 && only && !only.endpoints?.length && !only.ports?.length;
    if (isEmpty && deepEqual(only.metadata.labels, labelsFor(service))) removed.length = 0;
    else created.push({ type, ports: [], endpoints: [] });
  }
  const changing = new Set([...removed, ...updated.map((u) => u.slice)]);
  const unchanged = existing.filter((s) => !changing.has(s));
  const tell: TellHints = (...event) => context.recorder.report(NAME, service, ...event);
  const hinted = hints.apply(service, keyOf(service), type, { create: created, update: updated, unchanged }, tell);
  work.create.push(...hinted.create);
  work.update.push(...hinted.update);
  work.remove.push(...removed);
}

function reconcile(context: ComponentContext, tracker: SliceTracker, hints: Hints, service: Service, key: string): ReconcileResult {
  if (podsOf(context, service) === undefined) return;
  const { client, loop } = context;
  if (tracker.isStale(key, loop.now())) return { afterMs: SYNC_BACKOFF_MS };
  const mine = context.informers.for(ENDPOINT_SLICE).by(BY_SERVICE, key);
  const slices = mine.filter((s) => s.metadata.deletionTimestamp === undefined);
  const work: Work = { create: [], update: [], remove: [] };
  const types = addressTypesOf(service);
  for (const type of types)
    plan(
      context,
      hints,
      service,
      type,
      slices.filter((s) => s.addressType === type),
      work,
    );
  work.remove.push(...slices.filter((s) => !types.includes(s.addressType as AddressType)));
  reuse(service, work);
  const trigger = { [LAST_CHANGE]: context.loop.timestamp() };
  const labels = labelsFor(service);
  const { namespace } = service.metadata;
  const answers: Answer[] = [];
  const write = (answer: Answer): void => {
    if (!isRefused(answer)) tracker.wrote(key, answer.object, loop.now());
    answers.push(answer);
  };
  for (const { slice, draft } of work.update) {
    const { endpoints: _e, ports: _p, ...rest } = slice;
    const metadata = { ...slice.metadata, labels, annotations: { ...slice.metadata.annotations, ...trigger } };
    write(client.update({ ...rest, metadata, ...content(draft) } as EndpointSlice));
  }
  for (const draft of work.create) {
    const metadata = {
      generateName: `${service.metadata.name}-`,
      namespace,
      labels,
      annotations: trigger,
      ownerReferences: [controllerRef({ ...service, apiVersion: "v1", kind: "Service" })],
    };
    const slice = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, addressType: draft.type, ...content(draft) };
    write(client.create(slice, { namespace: namespace ?? "" }));
  }
  for (const slice of work.remove) {
    tracker.removed(key, slice);
    answers.push(client.delete(ENDPOINT_SLICE, slice.metadata.name, namespace));
  }
  return answers.some((a) => isRefused(a) && a.reason !== "NotFound" && !refusedByTerminatingNamespace(a)) ? "retry" : undefined;
}

/** A slice that would go is changed into one that would come, of the same address type. */
function reuse(service: Service, work: Work): void {
  for (let i = 0; i < work.remove.length; ) {
    const slice = work.remove[i];
    const draft = work.create[work.create.length - 1];
    if (!slice || !draft) return;
    const ours = slice.metadata.ownerReferences?.some((r) => r.uid === service.metadata.uid) === true;
    if (slice.addressType === draft.type && ours) {
      work.update.push({ slice, draft });
      work.create.pop();
      work.remove.splice(i, 1);
    } else i++;
  }
}

/** A slice as it is, but for its endpoints. */
function draftOf(slice: EndpointSlice, endpoints: readonly Endpoint[]): Draft {
  return { type: slice.addressType as AddressType, ports: slice.ports ?? [], endpoints };
}

export const endpointSliceController: Controller = {
  name: NAME,
  start(context) {
    const slices = context.informers.for(ENDPOINT_SLICE);
    const services = context.informers.for(SERVICE);
    const keyOfService = (slice: EndpointSlice): string | undefined => {
      const name = slice.metadata.labels?.[SERVICE_NAME];
      return name !== undefined && slice.metadata.labels?.[MANAGED_BY] === MANAGER ? `${slice.metadata.namespace}/${name}` : undefined;
    };
    slices.addIndex(BY_SERVICE, (slice) => [keyOfService(slice) ?? ""]);
    const tracker = new SliceTracker();
    const hints = new TopologyHints(() => context.informers.for(NODE).list(), draftOf);
    const queue = pacedQueueFor(
      context,
      services,
      (service) => podsOf(context, service)?.length ?? 0,
      (service, key) => reconcile(context, tracker, hints, service, key),
      (key) => {
        tracker.forget(key);
        hints.forget(key);
      },
    );
    onServicePods(context, (key) => queue.add(key));
    slices.on((type, slice, before) => {
      const key = keyOfService(slice);
      const old = before && keyOfService(before);
      if (old !== undefined && old !== key) queue.addAfter(old, SYNC_BACKOFF_MS);
      if (key === undefined) return;
      const isExpected = type === "DELETED" ? !tracker.expects(key, slice) : !tracker.isForeign(key, slice) && (!before || old === key);
      if (!isExpected) queue.addAfter(key, SYNC_BACKOFF_MS);
    });
    // A Node's coming, going or new zone changes the endpoints on it.
    context.informers.for(NODE).on((type, node, before) => {
      for (const key of hints.overloaded()) queue.add(key);
      const same = before && deepEqual(before.metadata.labels, node.metadata.labels);
      if (type === "MODIFIED" && same) return;
      for (const service of services.list()) queue.add(`${service.metadata.namespace}/${service.metadata.name}`);
    });
  },
};
