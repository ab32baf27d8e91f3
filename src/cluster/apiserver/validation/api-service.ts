/** Versions of the API that somebody else serves. @see kubernetes staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/validation/validation.go */
import type { APIService } from "../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { dns1035Label, dnsSubdomain } from "./meta/formats.ts";
import { all, type NameRule, pathSegmentName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1000;

export function validateApiService(service: APIService): FieldError[] {
  const { spec = {} as Partial<APIService["spec"]> } = service;
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const wanted = `${version}.${group}`;
  const rule: NameRule = (name, prefix) => {
    const texts = pathSegmentName(name, prefix);
    return texts.length > 0 || name === wanted ? texts : [`must be \`spec.version+"."+spec.group\`: "${wanted}"`];
  };
  const out = validateObjectMeta(service.metadata, false, rule);
  if (group !== "") out.push(...all("spec.group", group, dnsSubdomain(group)));
  else if (version !== "v1") out.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  out.push(...all("spec.version", version, dns1035Label(version)));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > MAX_GROUP_PRIORITY)
    out.push(invalidValue("spec.groupPriorityMinimum", groupPriorityMinimum, "must be positive and less than 20000"));
  if (versionPriority <= 0 || versionPriority > MAX_VERSION_PRIORITY)
    out.push(invalidValue("spec.versionPriority", versionPriority, "must be positive and less than 1000"));
  return [...out, ...validateTarget(spec)];
}

function validateTarget({ service, caBundle = "", insecureSkipTLSVerify: isInsecure }: Partial<APIService["spec"]>): FieldError[] {
  const out: FieldError[] = [];
  const at = "spec.insecureSkipTLSVerify";
  const bytes = Buffer.from(caBundle, "base64").length;
  if (!service) {
    if (bytes > 0) out.push(invalidValue("spec.caBundle", `${bytes} bytes`, "local APIServices may not have a caBundle"));
    if (isInsecure) out.push(invalidValue(at, true, "local APIServices may not have insecureSkipTLSVerify"));
    return out;
  }
  if (!service.namespace) out.push(required("spec.service.namespace"));
  if (!service.name) out.push(required("spec.service.name"));
  if (isInsecure && bytes > 0) out.push(invalidValue(at, true, "may not be true if caBundle is present"));
  return out;
}

export function validateApiServiceUpdate(service: APIService, old: APIService): FieldError[] {
  return [...validateObjectMetaUpdate(service.metadata, old.metadata), ...validateApiService(service)];
}

export function validateApiServiceStatusUpdate(service: APIService, old: APIService): FieldError[] {
  const states = ["True", "False", "Unknown"];
  const conditions = service.status?.conditions ?? [];
  return [
    ...validateObjectMetaUpdate(service.metadata, old.metadata),
    ...conditions.flatMap(({ status }, i) =>
      states.includes(status) ? [] : [notSupported(`status.conditions[${i}].status`, status, states)],
    ),
  ];
}
