/** Classes of devices. @see kubernetes pkg/apis/resource/validation/validation.go (ValidateDeviceClass) */
import type { DeviceClass } from "../../../../../generated/v1.36/model.ts";
import { isExtendedResource } from "../../../../api/quota/resource-names.ts";
import { type FieldError, invalidValue } from "../../field-error.ts";
import { type NameRule, subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { CONFIG_MAX, validateConfiguration, validateSelectors } from "./claim.ts";
import { validateItems } from "./shared.ts";

/** A DNS subdomain, whose length is told in bytes. */
const longName: NameRule = (name, prefix) => subdomainName(name, prefix).map((text) => text.replace(/ characters$/, " bytes"));

export function validateDeviceClass(deviceClass: DeviceClass): FieldError[] {
  return [...validateObjectMeta(deviceClass.metadata, false, longName), ...validateSpec(deviceClass)];
}

export function validateDeviceClassUpdate(deviceClass: DeviceClass, old: DeviceClass): FieldError[] {
  return [
    ...validateObjectMeta(deviceClass.metadata, false, longName),
    ...validateObjectMetaUpdate(deviceClass.metadata, old.metadata),
    ...validateSpec(deviceClass),
  ];
}

function validateSpec({ spec = {} }: DeviceClass): FieldError[] {
  const out = [
    ...validateSelectors(spec.selectors, "spec.selectors"),
    ...validateItems(spec.config, CONFIG_MAX, "spec.config", validateConfiguration),
  ];
  const name = spec.extendedResourceName;
  if (name !== undefined && !isExtendedResource(name))
    out.push(invalidValue("spec.extendedResourceName", name, "must be a valid extended resource name"));
  return out;
}
