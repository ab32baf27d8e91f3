import { test } from "uvu";
import * as assert from "uvu/assert";
import { createServiceAddresses, staticBand } from "./services.ts";

test("the lower band is a share of the range, within limits", () => {
  for (const [size, share, max, want] of [
    [16, 16, 256, 0],
    [32, 16, 256, 16],
    [256, 16, 256, 16],
    [1024, 16, 256, 64],
    [2 ** 20, 16, 256, 256],
    [2768, 32, 128, 86],
  ] as const)
    assert.is(staticBand(size, share, max), want, `${size}`);
});

test("an address is picked from the upper band, the same for the same Service, whatever else there is", () => {
  const one = createServiceAddresses();
  const two = createServiceAddresses();
  two.allocateIp("default/other", "IPv4");
  const a = one.allocateIp("default/web", "IPv4");
  assert.equal(a, two.allocateIp("default/web", "IPv4"));
  assert.ok("ip" in a && /^10\.(9[6-9]|10\d|11[01])\./.test(a.ip));
});

test("a small range: upper band first, then the lower one, then full", () => {
  const range = createServiceAddresses("10.0.0.0/27"); // 30 addresses, of which .1 to .16 are the lower band
  const last = (i: number): number => {
    const got = range.allocateIp(`default/s${i}`, "IPv4");
    return "ip" in got ? Number(got.ip.split(".")[3]) : -1;
  };
  const upper = Array.from({ length: 14 }, (_, i) => last(i)).sort((a, b) => a - b);
  assert.equal(
    upper,
    Array.from({ length: 14 }, (_, i) => 17 + i),
  );
  const lower = Array.from({ length: 16 }, (_, i) => last(100 + i)).sort((a, b) => a - b);
  assert.equal(
    lower,
    Array.from({ length: 16 }, (_, i) => 1 + i),
  );
  assert.equal(range.allocateIp("default/more", "IPv4"), { error: "range is full" });
  range.releaseIp("10.0.0.5");
  assert.equal(range.allocateIp("default/more", "IPv4"), { ip: "10.0.0.5" });
});

test("a wanted address", () => {
  const range = createServiceAddresses();
  assert.equal(range.allocateIp("a/b", "IPv4", "10.96.100.7"), { ip: "10.96.100.7" });
  assert.equal(range.allocateIp("a/c", "IPv4", "10.96.100.7"), { error: "provided IP is already allocated" });
  range.releaseIp("10.96.100.7");
  assert.equal(range.allocateIp("a/c", "IPv4", "10.96.100.7"), { ip: "10.96.100.7" });
  for (const ip of ["10.96.0.0", "10.111.255.255", "10.112.0.1", "192.168.0.1", "fd00::1"])
    assert.equal(range.allocateIp("a/d", "IPv4", ip), {
      error: `the provided IP (${ip}) is not in the valid range. The range of valid IPs is 10.96.0.0/12`,
    });
});

test("two families", () => {
  const range = createServiceAddresses("10.96.0.0/16,fd00:10:96::/112");
  assert.equal(range.families, ["IPv4", "IPv6"]);
  assert.is(range.dryRunIp("IPv4"), "10.96.0.0");
  assert.is(range.dryRunIp("IPv6"), "fd00:10:96::");
  const got = range.allocateIp("a/b", "IPv6");
  assert.ok("ip" in got && got.ip.startsWith("fd00:10:96::"));
  assert.ok("error" in createServiceAddresses().allocateIp("a/b", "IPv6"));
});

test("what is no range of addresses is the caller's mistake", () => {
  for (const text of ["10.96.0.0", "", "10.0.0.0/31", "10.0.0.0/32", "fd00::/48", "10.0.0.0/16,10.1.0.0/16"])
    assert.throws(
      () => createServiceAddresses(text),
      (e: unknown) => e instanceof TypeError && e.message.startsWith("serviceNetwork: "),
      text,
    );
});

test("node ports: upper band first, one Service each, once for each protocol", () => {
  const range = createServiceAddresses();
  const got = range.allocatePort("a/web", "TCP");
  assert.ok("port" in got && got.port >= 30_086 && got.port <= 32_767);
  assert.equal(range.allocatePort("a/x", "TCP", 30_163), { port: 30_163 });
  assert.equal(range.allocatePort("a/x", "UDP", 30_163), { port: 30_163 });
  assert.equal(range.allocatePort("a/x", "UDP", 30_163), { error: "provided port is already allocated" });
  assert.equal(range.allocatePort("a/y", "SCTP", 30_163), { error: "provided port is already allocated" });
  range.releasePort(30_163, "TCP");
  assert.equal(range.allocatePort("a/y", "TCP", 30_163), { error: "provided port is already allocated" });
  range.releasePort(30_163, "UDP");
  assert.equal(range.allocatePort("a/y", "TCP", 30_163), { port: 30_163 });
  for (const port of [29_999, 32_768, 80])
    assert.equal(range.allocatePort("a/z", "TCP", port), {
      error: "provided port is not in the valid range. The range of valid ports is 30000-32767",
    });
});

test("node ports run out, each given once", () => {
  const range = createServiceAddresses();
  const seen = new Set<number>();
  for (let i = 0; i < 2768; i++) {
    const got = range.allocatePort(`a/s${i}`, "TCP");
    if ("port" in got) seen.add(got.port);
  }
  assert.is(seen.size, 2768);
  assert.equal(range.allocatePort("a/more", "TCP"), { error: "range is full" });
});

test.run();
