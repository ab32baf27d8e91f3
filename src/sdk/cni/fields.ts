/** The fields of each plugin as tables, for those who write without types, and for what types cannot say. */
import { parseCidr, parseIp } from "../../lib/cidr.ts";
import type { PluginType } from "./plugins.ts";

/** Refuses a value, naming the field. */
export function refuse(field: string, why: string): never {
  throw new TypeError(`${field}: ${why}`);
}

/** Looks at the value of a field, and refuses it. */
export type Check = (value: unknown, field: string) => void;
export type Fields = Readonly<Record<string, Check>>;

export function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
}

export const text: Check = (value, field) => {
  if (typeof value !== "string" || value === "") refuse(field, `a text is expected, not ${shown(value)}`);
};

export const flag: Check = (value, field) => {
  if (typeof value !== "boolean") refuse(field, `true or false is expected, not ${shown(value)}`);
};

export function whole(min: number, max: number): Check {
  return (value, field) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
      refuse(field, `a whole number from ${min} to ${max} is expected, not ${shown(value)}`);
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, field) => {
    if (!allowed.includes(value as string)) refuse(field, `one of ${allowed.map(shown).join(", ")} is expected, not ${shown(value)}`);
  };
}

export function listOf(check: Check): Check {
  return (value, field) => {
    if (!Array.isArray(value)) refuse(field, `a list is expected, not ${shown(value)}`);
    for (const [i, item] of (value as unknown[]).entries()) check(item, `${field}[${i}]`);
  };
}

export function mapOf(check: Check): Check {
  return (value, field) => {
    for (const [key, item] of Object.entries(membersOf(value, field))) check(item, `${field}.${key}`);
  };
}

/** An object of these fields and no others. */
export function objectOf(fields: Fields, required: readonly string[] = []): Check {
  return (value, field) => checkFields(membersOf(value, field), field, fields, required);
}

export const ip: Check = (value, field) => {
  if (typeof value !== "string" || !parseIp(value)) refuse(field, `${shown(value)} is not an IP address such as 10.22.0.1`);
};

export const cidr: Check = (value, field) => {
  if (typeof value !== "string" || !parseCidr(value))
    refuse(field, `${shown(value)} is not an address with the length of its prefix such as 10.22.0.0/16`);
};

const mac: Check = (value, field) => {
  if (typeof value !== "string" || !/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(value))
    refuse(field, `${shown(value)} is not a MAC address such as c2:11:22:33:44:55`);
};

/** Looked at elsewhere. */
const elsewhere: Check = () => {};

export function membersOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(field, `an object is expected, not ${shown(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

/** Each member is a known field with a value it may have; `undefined` counts as absent. */
export function checkFields(
  members: Readonly<Record<string, unknown>>,
  field: string,
  fields: Fields,
  required: readonly string[] = [],
): void {
  const at = (name: string): string => (field === "" ? name : `${field}.${name}`);
  for (const name of required) if (members[name] === undefined) refuse(at(name), "is missing");
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!check) refuse(at(name), `there is no such field; there are ${Object.keys(fields).join(", ")}`);
    else check(value, at(name));
  }
}

export const ROUTE: Check = objectOf(
  {
    dst: cidr,
    gw: ip,
    mtu: whole(0, 65_535),
    advmss: whole(0, 65_535),
    priority: whole(0, 2 ** 31 - 1),
    table: whole(0, 2 ** 31 - 1),
    scope: whole(0, 255),
  },
  ["dst"],
);

export const DNS: Check = objectOf({ nameservers: listOf(ip), domain: text, search: listOf(text), options: listOf(text) });

const MTU = whole(0, 65_535);
const MASQUERADE = { ipMasq: flag, ipMasqBackend: oneOf("iptables", "nftables") } as const;
const BITS = whole(0, Number.MAX_SAFE_INTEGER);
/** 0, or none, to 4094. @see IEEE 802.1Q */
const VLAN = whole(0, 4094);

const BRIDGE: Fields = {
  bridge: text,
  isGateway: flag,
  isDefaultGateway: flag,
  forceAddress: flag,
  ...MASQUERADE,
  mtu: MTU,
  hairpinMode: flag,
  promiscMode: flag,
  vlan: VLAN,
  vlanTrunk: listOf(objectOf({ id: VLAN, minID: VLAN, maxID: VLAN })),
  preserveDefaultVlan: flag,
  macspoofchk: flag,
  enabledad: flag,
  disableContainerInterface: flag,
  portIsolation: flag,
};

const ADDRESSES: Fields = { ipam: elsewhere, dns: DNS };

/** What each plugin takes besides `type` and `capabilities`. @see containernetworking plugins, the NetConf of each */
export const PLUGIN_FIELDS: Readonly<Record<PluginType, Fields>> = {
  bridge: { ...BRIDGE, ...ADDRESSES },
  ptp: { ...MASQUERADE, mtu: MTU, ...ADDRESSES },
  macvlan: {
    master: text,
    mode: oneOf("bridge", "private", "vepa", "passthru"),
    mtu: MTU,
    mac,
    linkInContainer: flag,
    bcqueuelen: whole(0, 2 ** 32 - 1),
    ...ADDRESSES,
  },
  ipvlan: { master: text, mode: oneOf("l2", "l3", "l3s"), mtu: MTU, linkInContainer: flag, ...ADDRESSES },
  loopback: {},
  portmap: {
    backend: oneOf("iptables", "nftables"),
    snat: flag,
    masqAll: flag,
    markMasqBit: whole(0, 31),
    externalSetMarkChain: text,
    conditionsV4: listOf(text),
    conditionsV6: listOf(text),
  },
  bandwidth: { ingressRate: BITS, ingressBurst: BITS, egressRate: BITS, egressBurst: BITS },
  firewall: {
    backend: oneOf("iptables", "firewalld"),
    iptablesAdminChainName: text,
    firewalldZone: text,
    ingressPolicy: oneOf("open", "same-bridge", "isolated"),
  },
  tuning: { sysctl: mapOf(text), mac, mtu: MTU, promisc: flag, allmulti: flag, txQLen: whole(0, 2 ** 31 - 1), dataDir: text },
  calico: {
    ipam: elsewhere,
    datastore_type: oneOf("kubernetes", "etcdv3"),
    nodename: text,
    nodename_file_optional: flag,
    mtu: MTU,
    log_level: oneOf("debug", "info", "warning", "error"),
    log_file_path: text,
    etcd_endpoints: text,
    etcd_key_file: text,
    etcd_cert_file: text,
    etcd_ca_cert_file: text,
    policy: objectOf({ type: oneOf("k8s") }, ["type"]),
    kubernetes: objectOf({ kubeconfig: text }),
    container_settings: objectOf({ allow_ip_forwarding: flag }),
    feature_control: objectOf({ ip_addrs_no_ipam: flag, floating_ips: flag }),
  },
  flannel: {
    subnetFile: text,
    dataDir: text,
    delegate: objectOf({ ...BRIDGE, type: text, capabilities: mapOf(flag) }),
    ipam: objectOf({ type: text, subnet: cidr, routes: listOf(objectOf({ dst: cidr }, ["dst"])) }),
  },
  "cilium-cni": {
    "enable-debug": flag,
    "log-file": text,
    "chaining-mode": oneOf("none", "aws-cni", "flannel", "generic-veth", "portmap"),
    mtu: MTU,
  },
};
