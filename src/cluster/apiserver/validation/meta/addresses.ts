/** IP addresses and ranges. @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go */
import { remember } from "../../../../lib/remember.ts";
import { type FieldError, invalidValue } from "../../field-error.ts";
import type { Path } from "../path.ts";

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** An IPv4 (also with leading zeros, as the API server has always read them) or IPv6 address; `undefined` when the text is none. */
export const parseAddress: (text: string) => Address | undefined = remember(readAddress);

function readAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const parts = text.split(".");
    if (parts.length !== 4 || !parts.every((p) => /^\d{1,10}$/.test(p) && Number(p) <= 255)) return undefined;
    return { bits: 32, value: parts.reduce((v, p) => v * 256n + BigInt(p), 0n) };
  }
  return parseIPv6(text);
}

function parseIPv6(text: string): Address | undefined {
  let source = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const v4 = parseAddress(dotted[2]!);
    if (!v4) return undefined;
    source = `${dotted[1]}${(v4.value >> 16n).toString(16)}:${(v4.value & 0xffffn).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill("0"), ...tail];
  if (!all.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  const value = all.reduce((v, g) => v * 65536n + BigInt(`0x${g}`), 0n);
  // An IPv4 address in IPv6 clothes is an IPv4 address.
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

export interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly length: number;
}

export const parseRange: (text: string) => Range | undefined = remember(readRange);

function readRange(text: string): Range | undefined {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (!address || !/^\d{1,3}$/.test(digits)) return undefined;
  const length = Number(digits);
  const bits = text.includes(":") ? 128 : 32;
  if (length > bits) return undefined;
  const shift = BigInt(address.bits - Math.min(length, address.bits));
  return { bits: address.bits, first: (address.value >> shift) << shift, length };
}

/** Whether every address of `inner` is one of `outer`. */
export function rangeContains(outer: Range, inner: Range): boolean {
  if (outer.bits !== inner.bits) return false;
  const shift = BigInt(outer.bits - outer.length);
  return inner.first >> shift === outer.first >> shift && inner.length >= outer.length;
}

export const isIPv6 = (text: string): boolean => parseAddress(text)?.bits === 128;

export function validateAddress(path: Path, text: string): FieldError[] {
  return parseAddress(text) ? [] : [invalidValue(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
}

export function validateRange(path: Path, text: string): FieldError[] {
  return parseRange(text) ? [] : [invalidValue(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
}

const IN: readonly { readonly ranges: readonly Range[]; readonly text: (ip: string) => string }[] = [
  { ranges: ranges("0.0.0.0/32", "::/128"), text: (ip) => `may not be unspecified (${ip})` },
  { ranges: ranges("127.0.0.0/8", "::1/128"), text: () => "may not be in the loopback range (127.0.0.0/8, ::1/128)" },
  { ranges: ranges("169.254.0.0/16", "fe80::/10"), text: () => "may not be in the link-local range (169.254.0.0/16, fe80::/10)" },
  { ranges: ranges("224.0.0.0/24", "ff02::/16"), text: () => "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)" },
];

function ranges(...texts: readonly string[]): readonly Range[] {
  return texts.map((text) => parseRange(text)!);
}

/** An address that other machines can have: not unspecified, loopback or link-local. */
export function validateNonSpecialAddress(path: Path, text: string): FieldError[] {
  const address = parseAddress(text);
  if (!address) return [invalidValue(path, text, "must be a valid IP address")];
  const one = { bits: address.bits, first: address.value, length: address.bits };
  return IN.filter((special) => special.ranges.some((range) => rangeContains(range, one))).map((special) =>
    invalidValue(path, text, special.text(text)),
  );
}

/** One address (or range) of each family, in any order. */
export function isDualStack(texts: readonly string[]): boolean {
  const families = texts.map((t) => (parseAddress(t) ?? parseRange(t))?.bits);
  return families.includes(32) && families.includes(128);
}
