/** Dynamic resource allocation. @see kubernetes pkg/apis/resource/v1/defaults.go */
import type {
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from "../../../../generated/v1.36/model.ts";
import type { Draft } from "./fill.ts";

function amount(own: Draft<ExactDeviceRequest | DeviceSubRequest>): void {
  own.allocationMode ??= "ExactCount";
  if (own.allocationMode === "ExactCount") own.count ??= 1;
  for (const t of own.tolerations ?? []) t.operator ??= "Equal";
}

function request({ exactly, firstAvailable }: Draft<DeviceRequest>): void {
  if (exactly) amount(exactly);
  firstAvailable?.forEach(amount);
}

function claimSpec({ devices }: Draft<ResourceClaimSpec>): void {
  devices?.requests?.forEach(request);
}

export function resourceClaim({ spec }: Draft<{ readonly spec?: ResourceClaimSpec }>): void {
  if (spec) claimSpec(spec);
}

export function resourceClaimTemplate({ spec }: Draft<ResourceClaimTemplate>): void {
  if (spec?.spec) claimSpec(spec.spec);
}
