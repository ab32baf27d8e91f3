/**
 * The IP families of a Service, and the policy by which it has one or two of them.
 * @see kubernetes pkg/registry/core/service/storage/alloc.go (initIPFamilyFields)
 */
import type { Service, ServiceSpec } from "../../../generated/v1.36/model.ts";
import { changed } from "../../lib/changed.ts";
import { semanticEqual } from "../../lib/semantic-equal.ts";
import type { FieldError } from "./field-error.ts";
import { HEADLESS } from "./strategy/service.ts";

type Family = "IPv4" | "IPv6";
type Result = { readonly service: Service } | { readonly errors: readonly FieldError[] };

/** Fields that must be right before families are looked at. */
const RELATED = /^spec\.(clusterIPs?|ipFamilies|ipFamilyPolicy)\b/;

const other = (family: Family): Family => (family === "IPv4" ? "IPv6" : "IPv4");
const familyOf = (ip: string): Family => (ip.includes(":") ? "IPv6" : "IPv4");

function invalidValue(field: string, badValue: unknown, detail: string): FieldError {
  return { type: "FieldValueInvalid", field, badValue, detail };
}

export function initFamilies(
  service: Service,
  old: Service | undefined,
  configured: readonly Family[],
  check: (service: Service) => readonly FieldError[],
): Result {
  if (service.spec.type === "ExternalName" || keepsPreference(service.spec, old?.spec)) return { service };
  const ipFamilyPolicy = policyOf(service.spec, old?.spec);
  const withPolicy =
    ipFamilyPolicy === service.spec.ipFamilyPolicy ? service : changed(service, { spec: changed(service.spec, { ipFamilyPolicy }) });
  const related = check(withPolicy).filter((e) => RELATED.test(e.field));
  if (related.length > 0) return { errors: related };
  const spec = old ? downgraded(withPolicy.spec, old.spec) : withPolicy.spec;
  const errors = policyErrors(spec, old?.spec);
  const inferred = inferFamilies(spec, configured);
  errors.push(...inferred.errors);
  if (errors.length > 0) return { errors };
  return finish(spec === withPolicy.spec ? withPolicy : changed(withPolicy, { spec }), inferred.families, configured);
}

/** A PreferDualStack Service is neither upgraded nor downgraded by an update that leaves these fields alone. */
function keepsPreference(spec: ServiceSpec, old: ServiceSpec | undefined): boolean {
  if (old?.ipFamilyPolicy !== "PreferDualStack" || old.type === "ExternalName" || spec.ipFamilyPolicy !== "PreferDualStack") return false;
  return semanticEqual(spec.clusterIPs, old.clusterIPs) && semanticEqual(spec.ipFamilies, old.ipFamilies);
}

function policyOf(spec: ServiceSpec, old: ServiceSpec | undefined): ServiceSpec["ipFamilyPolicy"] {
  if (spec.ipFamilyPolicy) return spec.ipFamilyPolicy;
  if (old?.ipFamilyPolicy) return old.ipFamilyPolicy;
  return isHeadlessWithoutSelector(spec) ? "RequireDualStack" : "SingleStack";
}

function isHeadlessWithoutSelector(spec: ServiceSpec): boolean {
  return spec.clusterIP === HEADLESS && Object.keys(spec.selector ?? {}).length === 0;
}

/** Going to SingleStack with the rest unchanged gives the second family up. */
function downgraded(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  if (spec.ipFamilyPolicy !== "SingleStack") return spec;
  let out = spec;
  if ((spec.clusterIPs?.length ?? 0) > 1 && semanticEqual(spec.clusterIPs, old.clusterIPs))
    out = changed(out, { clusterIPs: spec.clusterIPs!.slice(0, 1) });
  if ((spec.ipFamilies?.length ?? 0) > 1 && semanticEqual(spec.ipFamilies, old.ipFamilies))
    out = changed(out, { ipFamilies: spec.ipFamilies!.slice(0, 1) });
  return out;
}

function policyErrors(spec: ServiceSpec, old: ServiceSpec | undefined): FieldError[] {
  const field = "spec.ipFamilyPolicy";
  const { ipFamilyPolicy: policy } = spec;
  const count = (list: readonly unknown[] | undefined): number => list?.length ?? 0;
  if (policy === "SingleStack") {
    const why = (what: string): string => `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    return [
      ...(count(spec.clusterIPs) === 2 ? [invalidValue(field, policy, why("cluster IPs"))] : []),
      ...(count(spec.ipFamilies) === 2 ? [invalidValue(field, policy, why("IP families"))] : []),
    ];
  }
  if (!old) return [];
  const reduced = (now: readonly string[] | undefined, before: readonly string[] | undefined): boolean =>
    count(now) === 1 && count(before) === 2 && now![0] === before![0];
  const why = (what: string): string => `must be 'SingleStack' to release the secondary ${what}`;
  return [
    ...(reduced(spec.clusterIPs, old.clusterIPs) ? [invalidValue(field, policy, why("cluster IP"))] : []),
    ...(reduced(spec.ipFamilies, old.ipFamilies) ? [invalidValue(field, policy, why("IP family"))] : []),
  ];
}

/** An address tells its family where none is given. */
function inferFamilies(spec: ServiceSpec, configured: readonly Family[]): { families: readonly Family[]; errors: readonly FieldError[] } {
  const given = (spec.ipFamilies ?? []) as readonly Family[];
  if (given.length > 0 && (spec.clusterIPs?.length ?? 0) <= given.length) return { families: given, errors: [] };
  const families = [...given];
  const errors: FieldError[] = [];
  for (const [i, ip] of (spec.clusterIPs ?? []).entries()) {
    if (ip === HEADLESS) break;
    if (i < families.length) continue;
    const family = familyOf(ip);
    if (configured.includes(family)) families.push(family);
    else errors.push(invalidValue(`spec.clusterIPs[${i}]`, spec.clusterIPs, `${family} is not configured on this cluster`));
  }
  return { families, errors };
}

function finish(service: Service, given: readonly Family[], configured: readonly Family[]): Result {
  const { spec } = service;
  const dual = spec.ipFamilyPolicy !== "SingleStack";
  const first = given[0] ?? configured[0]!;
  const families = given.length > 0 ? given : [first];
  const withFamilies = (ipFamilies: readonly Family[]): Result =>
    ipFamilies === spec.ipFamilies ? { service } : { service: changed(service, { spec: changed(spec, { ipFamilies }) }) };
  if (isHeadlessWithoutSelector(spec)) return withFamilies(dual && families.length < 2 ? [first, other(first)] : families);
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === "RequireDualStack" && configured.length < 2)
    errors.push(invalidValue("spec.ipFamilyPolicy", spec.ipFamilyPolicy, "this cluster is not configured for dual-stack services"));
  for (const [i, family] of given.entries())
    if (!configured.includes(family)) errors.push(invalidValue(`spec.ipFamilies[${i}]`, family, "not configured on this cluster"));
  if (errors.length > 0) return { errors };
  return withFamilies(dual && families.length === 1 && configured.length === 2 ? [first, other(first)] : families);
}
