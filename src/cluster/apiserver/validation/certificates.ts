/** Requests for certificates. @see kubernetes pkg/apis/certificates/validation/validation.go */
import type { CertificateSigningRequest } from "../../../../generated/v1.36/model.ts";
import { parseCertificateRequest } from "../../../lib/certificate-request.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../field-error.ts";
import { dnsLabel, dnsSubdomain } from "./meta/formats.ts";
import { pathSegmentName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

const USAGES: readonly string[] = [
  ...["any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only"],
  ...["digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement"],
  ...["key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping"],
];
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
const SHORTEST_SECONDS = 600;
const STATES = ["False", "True", "Unknown"] as const;
const ANSWERS: readonly string[] = ["Approved", "Denied", "Failed"];

type Condition = NonNullable<NonNullable<CertificateSigningRequest["status"]>["conditions"]>[number];

/** Any name will do that may be part of a path, which is asked after all else. */
export function validateCertificateRequest(request: CertificateSigningRequest): FieldError[] {
  const out = validateRequest(request);
  return out.length > 0 ? out : validateObjectMeta(request.metadata, false, pathSegmentName);
}

function validateRequest(request: CertificateSigningRequest): FieldError[] {
  const out = validateObjectMeta(request.metadata, false, () => []);
  const spec = (request.spec ?? {}) as Partial<CertificateSigningRequest["spec"]>;
  const fault = requestFault(spec.request ?? "");
  if (fault) out.push(invalidValue("spec.request", spec.request ?? null, fault));
  const usages = (spec.usages ?? []) as readonly string[];
  if (usages.length === 0) out.push(required("spec.usages"));
  usages.forEach((u, i) => {
    if (!USAGES.includes(u)) out.push(notSupported(`spec.usages[${i}]`, u, USAGES));
  });
  usages.forEach((u, i) => {
    if (usages.indexOf(u) < i) out.push(duplicate(`spec.usages[${i}]`, u));
  });
  if (spec.signerName === LEGACY_SIGNER)
    out.push(invalidValue("spec.signerName", spec.signerName, "the legacy signerName is not allowed via this API version"));
  else out.push(...validateSignerName(spec.signerName ?? "", "spec.signerName"));
  const seconds = spec.expirationSeconds;
  if (seconds !== undefined && seconds < SHORTEST_SECONDS)
    out.push(invalidValue("spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)"));
  return [...out, ...validateConditions(request.status?.conditions ?? [])];
}

/** Simplified: the signature is not verified. */
function requestFault(base64: string): string | undefined {
  const pem = Buffer.from(base64, "base64").toString("latin1");
  if (!/-----BEGIN CERTIFICATE REQUEST-----/.test(pem)) return "PEM block type must be CERTIFICATE REQUEST";
  return parseCertificateRequest(pem) ? undefined : "asn1: syntax error: data truncated";
}

function validateConditions(conditions: readonly Condition[]): FieldError[] {
  const out: FieldError[] = [];
  conditions.forEach(({ type, status }, i) => {
    const at = `status.conditions[${i}]`;
    if (!type) out.push(required(`${at}.type`));
    const states = ANSWERS.includes(type) ? ["True"] : STATES;
    if (!status) out.push(required(`${at}.status`));
    else if (!(states as readonly string[]).includes(status)) out.push(notSupported(`${at}.status`, status, states));
    const other = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    const before = conditions.slice(0, i);
    if (other && before.some((c) => c.type === other))
      out.push(invalidValue("status.conditions", type, "Approved and Denied conditions are mutually exclusive"));
    if (before.some((c) => c.type === type)) out.push(duplicate(`${at}.type`, type));
  });
  return out;
}

/** What was answered stays, and a certificate is given once. */
export function validateCertificateRequestStatus(request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  const out = validateRequest(request);
  const count = ({ status }: CertificateSigningRequest, type: string): number =>
    status?.conditions?.filter((c) => c.type === type).length ?? 0;
  for (const type of ANSWERS)
    if (count(request, type) < count(old, type))
      out.push(forbidden("status.conditions", `updates may not remove a condition of type ${goQuote(type)}`));
  const { certificate } = old.status ?? {};
  if (certificate && request.status?.certificate !== certificate)
    out.push(forbidden("status.certificate", "updates may not modify existing certificate content"));
  return [...out, ...validateObjectMetaUpdate(request.metadata, old.metadata)];
}

export function validateCertificateRequestUpdate(request: CertificateSigningRequest, old: CertificateSigningRequest): FieldError[] {
  return [...validateRequest(request), ...validateObjectMetaUpdate(request.metadata, old.metadata)];
}

const DOMAIN_MAX = 253;
const SIGNER_MAX = DOMAIN_MAX + DOMAIN_MAX + 63 + 2;

/** `example.com/signer-name`. */
function validateSignerName(name: string, path: string): FieldError[] {
  if (name === "") return [required(path)];
  const segments = name.split("/");
  const [domain = "", signer = ""] = segments;
  if (segments.length !== 2)
    return [invalidValue(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const out = domain.length > DOMAIN_MAX ? [tooLong(path, DOMAIN_MAX)] : [];
  out.push(...validateParts(domain, dnsLabel, path));
  if (!domain.includes(".")) out.push(invalidValue(path, domain, "should be a domain with at least two segments separated by dots"));
  out.push(...validateParts(signer, dnsSubdomain, path));
  return name.length > SIGNER_MAX ? [...out, tooLong(path, SIGNER_MAX)] : out;
}

/** The first part that is wrong. */
function validateParts(text: string, rule: typeof dnsLabel, path: string): FieldError[] {
  const wrong = text.split(".").find((part) => rule(part).length > 0);
  if (wrong === undefined) return [];
  return rule(wrong).map((fault) => invalidValue(path, text, `validating label ${goQuote(wrong)}: ${fault}`));
}
