/** What is written into a claim's status. @see kubernetes staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating (Allocate) */
import type {
  AllocationResult,
  DeviceRequestAllocationResult,
  NodeSelector,
  NodeSelectorRequirement,
} from "../../../../generated/v1.36/model.ts";
import { formatQuantity } from "../../../lib/quantity.ts";
import { uuidOf } from "../../../lib/random.ts";
import type { Listers } from "../listers.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Taken } from "./device-search.ts";
import type { Claim } from "./pod-claims.ts";

type Config = NonNullable<NonNullable<AllocationResult["devices"]>["config"]>;

export function allocationResult(claim: Claim, taken: readonly Taken[], node: NodeInfo, listers: Listers): AllocationResult {
  const config = configOf(claim, taken, listers);
  const nodeSelector = selectorFor(taken, node);
  return {
    devices: { results: taken.map((t, i) => deviceResult(claim, t, i)), ...(config.length > 0 ? { config } : {}) },
    ...(nodeSelector ? { nodeSelector } : {}),
  };
}

function deviceResult(
  claim: Claim,
  { wanted, device: { id, slice, device }, consumed }: Taken,
  index: number,
): DeviceRequestAllocationResult {
  const { driver, pool } = slice.spec;
  const { bindingConditions, bindingFailureConditions } = device;
  const consumedCapacity = Object.fromEntries([...(consumed ?? [])].map(([name, amount]) => [name, formatQuantity(amount)]));
  return {
    request: wanted.name,
    driver,
    pool: pool.name,
    device: device.name,
    ...(wanted.adminAccess ? { adminAccess: true } : {}),
    ...(wanted.tolerations.length > 0 ? { tolerations: wanted.tolerations } : {}),
    ...(bindingConditions ? { bindingConditions } : {}),
    ...(bindingFailureConditions ? { bindingFailureConditions } : {}),
    ...(consumed ? { shareID: uuidOf(`share ${claim.metadata.uid} ${id} ${index}`) } : {}),
    ...(Object.keys(consumedCapacity).length > 0 ? { consumedCapacity } : {}),
  };
}

/** That of the classes, each once for all its requests; then the claim's own. */
function configOf(claim: Claim, taken: readonly Taken[], listers: Listers): Config {
  const wanted = [...new Map(taken.map((t) => [t.wanted.name, t.wanted])).values()];
  const requests = new Map<string, string[]>();
  for (const { className, name } of wanted) requests.set(className, [...(requests.get(className) ?? []), name]);
  const ofClasses = [...requests].flatMap(([className, names]) =>
    (listers.deviceClass(className)?.spec.config ?? []).map(({ opaque }) => {
      return { source: "FromClass" as const, requests: names, ...(opaque ? { opaque } : {}) };
    }),
  );
  // As often as it names a request.
  const own = (claim.spec.devices?.config ?? []).flatMap((c) => {
    const times = c.requests?.length ? wanted.filter((w) => c.requests?.includes(w.name) || c.requests?.includes(w.parent)).length : 1;
    return new Array<Config[number]>(times).fill({ source: "FromClaim" as const, ...c });
  });
  return [...ofClasses, ...own];
}

/** Where the devices can be used: on one node when any is of that node or binds to it; anywhere when nothing says where. */
function selectorFor(taken: readonly Taken[], node: NodeInfo): NodeSelector | undefined {
  const matchExpressions: NodeSelectorRequirement[] = [];
  const matchFields: NodeSelectorRequirement[] = [];
  for (const { device } of taken) {
    const where = device.slice.spec.perDeviceNodeSelection ? device.device : device.slice.spec;
    if (where.nodeName !== undefined || device.device.bindsToNode)
      return { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node.name] }] }] };
    const [term] = where.nodeSelector?.nodeSelectorTerms ?? [];
    addNew(term?.matchFields ?? [], matchFields);
    addNew(term?.matchExpressions ?? [], matchExpressions);
  }
  if (matchExpressions.length + matchFields.length === 0) return undefined;
  // All must hold together: one term with everything in it.
  const all = { ...(matchExpressions.length > 0 ? { matchExpressions } : {}), ...(matchFields.length > 0 ? { matchFields } : {}) };
  return { nodeSelectorTerms: [all] };
}

function addNew(requirements: readonly NodeSelectorRequirement[], to: NodeSelectorRequirement[]): void {
  const values = (r: NodeSelectorRequirement): string => [...new Set(r.values ?? [])].sort().join("\0");
  for (const r of requirements)
    if (!to.some((known) => known.key === r.key && known.operator === r.operator && values(known) === values(r))) to.push(r);
}
