/** Dynamic resource allocation. @see kubernetes pkg/apis/resource/v1/defaults.go */
import type { DeviceRequest, DeviceToleration, ResourceClaimSpec, ResourceClaimTemplate } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { change, each, fill } from "./fill.ts";

interface Amount {
  readonly allocationMode?: string | undefined;
  readonly count?: number | undefined;
  readonly tolerations?: readonly DeviceToleration[] | undefined;
}

function amount(given: Amount): Amount {
  const mode = fill(given, { allocationMode: "ExactCount" });
  const counted = mode.allocationMode === "ExactCount" ? fill(mode, { count: 1 }) : mode;
  return change(
    counted,
    "tolerations",
    each((t) => fill(t, { operator: "Equal" })),
  );
}

function request(given: DeviceRequest): DeviceRequest {
  return change(change(given, "exactly", amount as never), "firstAvailable", each(amount as never));
}

function claimSpec(spec: ResourceClaimSpec): ResourceClaimSpec {
  return change(spec, "devices", (d) => change(d, "requests", each(request)));
}

export function resourceClaim(given: KubeObject & { readonly spec?: ResourceClaimSpec }): KubeObject {
  return change(given, "spec", claimSpec as never);
}

export function resourceClaimTemplate(given: ResourceClaimTemplate): ResourceClaimTemplate {
  return change(given, "spec", (s) => change(s, "spec", claimSpec));
}
