/** Labels, addresses, amounts and names that several kinds warn of. */
import type { NodeSelectorTerm, ResourceRequirements } from "../../../../generated/v1.36/model.ts";
import { formatCidr, formatIp, parseCidr, parseIp } from "../../../lib/cidr.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { formatQuantity, milliOf, parseQuantity } from "../../../lib/quantity.ts";
import { remember } from "../../../lib/remember.ts";
import { parseAddress, parseRange } from "../validation/meta/addresses.ts";
import { dnsLabel, labelValue } from "../validation/meta/formats.ts";
import type { Path } from "../validation/path.ts";

/** @see kubernetes pkg/api/node/util.go */
const NODE_LABELS: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "app.kubernetes.io/created-by": "deprecated since v1.9",
  "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What is to be said of a node's label that has gone out of use. */
export function deprecatedNodeLabel(key: string): string | undefined {
  return Object.hasOwn(NODE_LABELS, key) ? NODE_LABELS[key] : undefined;
}

export function nodeSelectorTerm(term: NodeSelectorTerm, path: Path, checksValues: boolean): string[] {
  const out: string[] = [];
  term.matchExpressions?.forEach(({ key, values = [] }, i) => {
    const why = deprecatedNodeLabel(key);
    if (why) out.push(`${path}.matchExpressions[${i}].key: ${key} is ${why}`);
    if (!checksValues) return;
    values.forEach((v, k) => {
      for (const text of labelValue(v)) out.push(`${path}.matchExpressions[${i}].values[${k}]: ${v} is invalid, ${text}`);
    });
  });
  return out;
}

const NONE: readonly string[] = [];

/** Bytes come in whole ones. */
export function fractionalBytes(amount: string | number | undefined, path: Path): readonly string[] {
  if (amount === undefined) return NONE;
  const quantity = parseQuantity(amount);
  if (!quantity || milliOf(quantity) % 1000n === 0n) return NONE;
  return [`${path}: fractional byte value ${goQuote(formatQuantity(quantity))} is invalid, must be an integer`];
}

export function fractionalStorage(resources: ResourceRequirements | undefined, path: Path): readonly string[] {
  if (!resources?.requests && !resources?.limits) return NONE;
  return [
    ...fractionalBytes(resources?.requests?.["storage"], `${path}.resources.requests[storage]`),
    ...fractionalBytes(resources?.limits?.["storage"], `${path}.resources.limits[storage]`),
  ];
}

const familyOf = (bits: 32 | 128): "IPv4" | "IPv6" => (bits === 32 ? "IPv4" : "IPv6");

/** Addresses that are read, but not as everybody writes them. @see kubernetes …/apimachinery/pkg/util/validation/ip.go */
export function ipWarnings(value: string, path: Path): readonly string[] {
  const texts = textsOfIp(value);
  return texts.length === 0 ? NONE : texts.map((text) => `${path}: ${text}`);
}

const textsOfIp = remember((value): readonly string[] => {
  const loose = parseAddress(value);
  if (!loose) return NONE;
  const family = familyOf(loose.bits);
  const canonical = formatIp(family, loose.value);
  const isMapped = value.includes(":") && family === "IPv4";
  if (!parseIp(value) || isMapped) return [`non-standard IP address ${goQuote(value)} is invalid: use ${goQuote(canonical)}`];
  if (family === "IPv6" && canonical !== value)
    return [`IPv6 address ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
  return NONE;
});

export function cidrWarnings(value: string, path: Path): readonly string[] {
  const texts = textsOfCidr(value);
  return texts.length === 0 ? NONE : texts.map((text) => `${path}: ${text}`);
}

const textsOfCidr = remember((value): readonly string[] => {
  const range = parseRange(value);
  const address = parseAddress(value.slice(0, value.lastIndexOf("/")));
  if (!range || !address) return NONE;
  const family = familyOf(range.bits);
  const network = `${formatIp(family, range.first)}/${range.length}`;
  const out: string[] = [];
  if (address.value !== range.first) {
    const single = `${formatIp(familyOf(address.bits), address.value)}/${range.bits}`;
    out.push(`CIDR value ${goQuote(value)} is ambiguous in this context (should be ${goQuote(network)} or ${goQuote(single)}?)`);
  }
  const strict = parseCidr(value);
  if (!strict || (value.includes(":") && family === "IPv4"))
    out.push(`non-standard CIDR value ${goQuote(value)} is invalid: use ${goQuote(network)}`);
  if (out.length === 0 && strict?.family === "IPv6" && formatCidr(strict) !== value)
    out.push(`IPv6 CIDR value ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(formatCidr(strict))})`);
  return out;
});

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_MAX = 63;

/** Names that become names of hosts. */
export function hostnameWarnings(name: string, where: string): string[] {
  if (dnsLabel(name).length === 0) return [];
  const wrong = [
    ...(name.length > LABEL_MAX ? [`must be no more than ${LABEL_MAX} characters`] : []),
    ...(LABEL.test(name) ? [] : SUBDOMAIN.test(name) ? ["must not contain dots"] : [NOT_A_LABEL]),
  ];
  if (wrong.length === 0) return [];
  return [
    `metadata.name: this is used in ${where}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(" ")}]`,
  ];
}

const NOT_A_LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
  "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
