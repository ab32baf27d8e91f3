/** Slices of endpoints. @see kubernetes pkg/apis/discovery/validation/validation.go */
import type { Endpoint, EndpointHints, EndpointSlice } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooMany } from "../field-error.ts";
import { parseAddress, validateAddress, validateNonSpecialAddress } from "./meta/addresses.ts";
import { dnsLabel, dnsSubdomain, labelValue, qualifiedName } from "./meta/formats.ts";
import { all, subdomainName, validateImmutable, validateLabels, validateObjectMeta } from "./meta/object-meta.ts";

const ADDRESS_TYPES = ["FQDN", "IPv4", "IPv6"] as const;
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const ENDPOINTS_MAX = 1000;
const ADDRESSES_MAX = 100;
const PORTS_MAX = 20_000;
const TOPOLOGY_MAX = 16;
const HINTS_MAX = 8;

export function validateEndpointSlice(slice: EndpointSlice): FieldError[] {
  return validateSlice(slice, undefined);
}

/** The rules for a new slice; endpoints that stay as they are may be wrong. */
export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice): FieldError[] {
  return [...validateSlice(slice, old), ...validateImmutable(slice.addressType, old.addressType, "addressType")];
}

function validateSlice(slice: EndpointSlice, old: EndpointSlice | undefined): FieldError[] {
  const out = validateObjectMeta(slice.metadata, true, subdomainName);
  const type = (slice.addressType ?? "") as string;
  if (type === "") out.push(required("addressType"));
  else if (!(ADDRESS_TYPES as readonly string[]).includes(type)) out.push(notSupported("addressType", type, ADDRESS_TYPES));
  out.push(...validatePorts(slice));
  const endpoints = slice.endpoints ?? [];
  if (old && semanticEqual(old.endpoints, endpoints)) return out;
  if (endpoints.length > ENDPOINTS_MAX) return [...out, tooMany("endpoints", endpoints.length, ENDPOINTS_MAX)];
  return out.concat(endpoints.flatMap((e, i) => validateEndpoint(e, type, `endpoints[${i}]`)));
}

function validateEndpoint(endpoint: Endpoint, type: string, path: string): FieldError[] {
  const { addresses = [], nodeName, hostname, hints, deprecatedTopology: topology = {} } = endpoint;
  const out: FieldError[] = [];
  const at = `${path}.addresses`;
  if (addresses.length === 0) out.push(required(at, "must contain at least 1 address"));
  else if (addresses.length > ADDRESSES_MAX) out.push(tooMany(at, addresses.length, ADDRESSES_MAX));
  addresses.forEach((address, i) => {
    out.push(...validateSliceAddress(type, address, at, `${at}[${i}]`));
  });
  if (nodeName !== undefined) out.push(...all(`${path}.nodeName`, nodeName, dnsSubdomain(nodeName)));
  const labels = Object.keys(topology).length;
  if (labels > TOPOLOGY_MAX) out.push(tooMany(`${path}.deprecatedTopology`, labels, TOPOLOGY_MAX));
  out.push(...validateLabels(topology, `${path}.deprecatedTopology`));
  if (hostname !== undefined) out.push(...all(`${path}.hostname`, hostname, dnsLabel(hostname)));
  return hints ? out.concat(validateHints(hints, `${path}.hints`)) : out;
}

/** An address of the other family is said of the list. */
function validateSliceAddress(type: string, address: string, list: string, path: string): FieldError[] {
  if (type === "FQDN") return validateDomainName(address, path);
  if (type !== "IPv4" && type !== "IPv6") return [];
  const parsed = parseAddress(address);
  if (!parsed) return validateAddress(path, address);
  const bits = type === "IPv4" ? 32 : 128;
  const out = parsed.bits === bits ? [] : [invalidValue(list, address, `must be an ${type} address`)];
  return out.concat(validateNonSpecialAddress(path, address));
}

/** @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go (IsFullyQualifiedDomainName) */
function validateDomainName(text: string, path: string): FieldError[] {
  if (text === "") return [required(path)];
  const name = text.replace(/\.$/, "");
  const texts = dnsSubdomain(name);
  if (texts.length > 0) return [invalidValue(path, name, texts.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) return [invalidValue(path, name, "should be a domain with at least two segments separated by dots")];
  const bad = labels.find((label) => dnsLabel(label).length > 0);
  return bad === undefined ? [] : [invalidValue(path, bad, dnsLabel(bad).join(","))];
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, path: string): FieldError[] {
  const out: FieldError[] = [];
  for (const [field, hints, rule] of [
    ["forZones", forZones, labelValue],
    ["forNodes", forNodes, dnsSubdomain],
  ] as const) {
    if (hints.length > HINTS_MAX) return [...out, tooMany(`${path}.${field}`, hints.length, HINTS_MAX)];
    hints.forEach(({ name = "" }, i) => {
      const at = `${path}.${field}[${i}].name`;
      if (hints.findIndex((h) => (h.name ?? "") === name) < i) out.push(duplicate(at, name));
      out.push(...all(at, name, rule(name)));
    });
  }
  return out;
}

function validatePorts({ ports = [] }: EndpointSlice): FieldError[] {
  if (ports.length > PORTS_MAX) return [tooMany("ports", ports.length, PORTS_MAX)];
  const names = new Set<string>();
  return ports.flatMap((p, i) => {
    const at = `ports[${i}]`;
    const name = p.name ?? "";
    const out = name ? all(`${at}.name`, name, dnsLabel(name)) : [];
    if (names.has(name)) out.push(duplicate(`${at}.name`, name));
    names.add(name);
    const protocol = p.protocol as string | undefined;
    if (protocol === undefined) out.push(required(`${at}.protocol`));
    else if (!PROTOCOLS.includes(protocol)) out.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS));
    return p.appProtocol === undefined ? out : out.concat(all(`${at}.appProtocol`, p.appProtocol, qualifiedName(p.appProtocol)));
  });
}
