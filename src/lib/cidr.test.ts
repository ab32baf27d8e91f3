import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { containsIp, formatCidr, formatIp, parseCidr, parseIp } from "./cidr.ts";

test("addresses are read and written back in canonical form", () => {
  const cases: [string, string | undefined][] = [
    ["10.0.0.1", "10.0.0.1"],
    ["255.255.255.255", "255.255.255.255"],
    ["0.0.0.0", "0.0.0.0"],
    ["fd00:0:0::1", "fd00::1"],
    ["FD00::00A0", "fd00::a0"],
    ["::", "::"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::ffff:10.1.2.3", "10.1.2.3"],
    ["::1.2.3.4", "::102:304"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
    ["1.2.3.4::", undefined],
    ["::1.2.3", undefined],
    ["10.0.0", undefined],
    ["10.0.0.256", undefined],
    ["010.0.0.1", undefined],
    ["0x0a.0.0.1", undefined],
    ["10.0.0.1 ", undefined],
    ["fe80::1%eth0", undefined],
    ["1::2::3", undefined],
    ["", undefined],
    ["167772161", undefined],
  ];
  for (const [text, want] of cases) {
    const ip = parseIp(text);
    assert.is(ip && formatIp(ip.family, ip.value), want, text);
  }
});

test("ranges are read with their first and last address", () => {
  const cases: [string, string | undefined, string?, string?][] = [
    ["10.1.2.7/24", "10.1.2.0/24", "10.1.2.0", "10.1.2.255"],
    ["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
    ["10.1.2.1/32", "10.1.2.1/32", "10.1.2.1", "10.1.2.1"],
    ["fd00:1::/64", "fd00:1::/64", "fd00:1::", "fd00:1::ffff:ffff:ffff:ffff"],
    ["10.1.2.0/33", undefined],
    ["fd00::/129", undefined],
    ["10.1.2.0", undefined],
    ["10.1.2.0/", undefined],
    ["10.1.2.0/-1", undefined],
    ["nowhere/8", undefined],
  ];
  for (const [text, want, first, last] of cases) {
    const cidr = parseCidr(text);
    assert.is(cidr && formatCidr(cidr), want, text);
    if (cidr) assert.equal([formatIp(cidr.family, cidr.network), formatIp(cidr.family, cidr.last)], [first, last], text);
  }
});

test("an address is in a range of its own family only", () => {
  const range = parseCidr("10.1.2.0/24")!;
  for (const [ip, want] of [
    ["10.1.2.0", true],
    ["10.1.2.255", true],
    ["10.1.3.0", false],
    ["10.1.1.255", false],
    ["::10.1.2.3", false],
  ] as const)
    assert.is(containsIp(range, parseIp(ip)!), want, ip);
});

test("every address survives being written and read", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (value) => parseIp(formatIp("IPv4", value))?.value === value),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 64n, max: 2n ** 128n - 1n }), (value) => parseIp(formatIp("IPv6", value))?.value === value),
    { numRuns: 300 },
  );
});

test.run();
