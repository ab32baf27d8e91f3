/**
 * IP addresses and address ranges, as Go's `net` and `net/netip` read and write them: addresses are numbers, so that ranges are arithmetic.
 * An IPv4 address mapped into IPv6 (`::ffff:10.0.0.1`) is the IPv4 address, as in Go.
 */
import ipaddr from "ipaddr.js";
import { remember } from "./remember.ts";

export type IpFamily = "IPv4" | "IPv6";

export interface Ip {
  readonly family: IpFamily;
  /** The address as a number, 32 or 128 bits. */
  readonly value: bigint;
}

export interface Cidr {
  readonly family: IpFamily;
  /** The address as written, which may have host bits: `10.1.2.7` of `10.1.2.7/24`. */
  readonly address: bigint;
  /** The first address of the range: `10.1.2.0`. */
  readonly network: bigint;
  /** The last address of the range: `10.1.2.255`, for IPv4 the broadcast address. */
  readonly last: bigint;
  /** Bits of the prefix, 0 to 32 or 0 to 128. */
  readonly prefix: number;
}

/** Bits of an address. */
export function bitsOf(family: IpFamily): 32 | 128 {
  return family === "IPv4" ? 32 : 128;
}

function numberOf(bytes: readonly number[]): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Reads an address; `undefined` when the text is none. Octets with leading zeros and zones (`fe80::1%eth0`) are refused. */
export const parseIp: (text: string) => Ip | undefined = remember(readIp);

function readIp(text: string): Ip | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return { family: "IPv4", value: v4 };
  const hex = withoutDottedTail(text);
  if (hex === undefined || hex.includes("%") || !ipaddr.IPv6.isValid(hex)) return undefined;
  const value = numberOf(ipaddr.IPv6.parse(hex).toByteArray());
  return value >> 32n === 0xffffn ? { family: "IPv4", value: value & 0xffffffffn } : { family: "IPv6", value };
}

function parseIpv4(text: string): bigint | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? numberOf(ipaddr.IPv4.parse(text).toByteArray()) : undefined;
}

/** `::1.2.3.4` as `::102:304`: the package reads a dotted tail as if `ffff` stood before it. */
function withoutDottedTail(text: string): string | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  if (!text.includes(".")) return text;
  const tail = parseIpv4(text.slice(colon + 1));
  return tail === undefined ? undefined : `${text.slice(0, colon + 1)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
}

/** The canonical text: dotted decimal, or RFC 5952. */
export function formatIp(family: IpFamily, value: bigint): string {
  if (family === "IPv4") {
    const n = Number(value);
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
  }
  const parts: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(Number((value >> shift) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** Reads `ADDRESS/PREFIX`; `undefined` when the text is none. Host bits are allowed, as in Go's `net.ParseCIDR`. */
export const parseCidr: (text: string) => Cidr | undefined = remember(readCidr);

function readCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash));
  const prefixText = text.slice(slash + 1);
  if (!ip || !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const bits = bitsOf(ip.family);
  if (prefix > bits) return undefined;
  const hostMask = (1n << BigInt(bits - prefix)) - 1n;
  const network = ip.value & ~hostMask;
  return { family: ip.family, address: ip.value, network, last: network | hostMask, prefix };
}

/** The canonical text of the range: `10.1.2.0/24`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr.family, cidr.network)}/${cidr.prefix}`;
}

export function containsIp(cidr: Cidr, ip: Ip): boolean {
  return ip.family === cidr.family && ip.value >= cidr.network && ip.value <= cidr.last;
}
