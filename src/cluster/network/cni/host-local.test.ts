import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CniError } from "./cni-error.ts";
import { type HostLocal, hostLocal } from "./host-local.ts";

const net = (ipam: unknown, more: object = {}): object => ({ cniVersion: "1.0.0", name: "mynet", type: "bridge", ipam, ...more });
const hl = (more: object): object => net({ type: "host-local", ...more });

/** One line for what was given, or the message of the refusal. */
function add(plugin: HostLocal, id: string): string {
  try {
    const result = plugin.add(id);
    if ("ips" in result) return result.ips.map((ip) => `${ip.address} via ${ip.gateway}`).join(", ");
    return [result.ip4, result.ip6].flatMap((ip) => (ip ? [`${ip.ip} via ${ip.gateway}`] : [])).join(", ");
  } catch (error) {
    return (error as Error).message;
  }
}

test("addresses come in turn, round all ranges of a set, gateways left out", () => {
  const ranges = [[{ subnet: "10.1.1.0/29", rangeStart: "10.1.1.4", rangeEnd: "10.1.1.5" }, { subnet: "10.2.0.0/30" }]];
  const plugin = hostLocal(hl({ ranges }));
  const full = "failed to allocate for range 0: no IP addresses available in range set: 10.1.1.4-10.1.1.5,10.2.0.1-10.2.0.2";
  assert.equal(
    ["a", "b", "c", "d"].map((id) => add(plugin, id)),
    ["10.1.1.4/29 via 10.1.1.1", "10.1.1.5/29 via 10.1.1.1", "10.2.0.2/30 via 10.2.0.1", full],
  );
  plugin.del("a");
  plugin.del("c");
  plugin.del("nobody");
  assert.is(add(plugin, "e"), "10.1.1.4/29 via 10.1.1.1");
  assert.is(add(plugin, "f"), "10.2.0.2/30 via 10.2.0.1");
});

test("a refusal in the second set gives back what the first has given", () => {
  const plugin = hostLocal(hl({ ranges: [[{ subnet: "10.1.1.0/24" }], [{ subnet: "fd00::/126", rangeEnd: "fd00::2" }]] }));
  assert.is(add(plugin, "a"), "10.1.1.2/24 via 10.1.1.1, fd00::2/126 via fd00::1");
  assert.is(add(plugin, "b"), "failed to allocate for range 1: no IP addresses available in range set: fd00::1-fd00::2");
  plugin.del("a");
  assert.is(add(plugin, "c"), "10.1.1.4/24 via 10.1.1.1, fd00::2/126 via fd00::1", "turn taken, address given back");
});

test("each version of the specification has its own result", () => {
  const ipam = {
    ranges: [[{ subnet: "10.1.1.0/24" }], [{ subnet: "fd00::/64" }]],
    routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0", gw: "fd00::9", mtu: 1400 }],
  };
  const of = (cniVersion?: string): unknown => hostLocal(net({ type: "host-local", ...ipam }, { cniVersion })).add("a");
  const v4 = { address: "10.1.1.2/24", gateway: "10.1.1.1" };
  const v6 = { address: "fd00::2/64", gateway: "fd00::1" };
  for (const [asked, version] of [
    [undefined, "0.1.0"],
    ["0.1.0", "0.1.0"],
    ["0.2.0", "0.2.0"],
  ] as const)
    assert.equal(of(asked), {
      cniVersion: version,
      ip4: { ip: "10.1.1.2/24", gateway: "10.1.1.1", routes: [{ dst: "0.0.0.0/0" }] },
      ip6: { ip: "fd00::2/64", gateway: "fd00::1", routes: [{ dst: "::/0", gw: "fd00::9" }] },
      dns: {},
    });
  for (const version of ["0.3.0", "0.3.1", "0.4.0"])
    assert.equal(of(version), {
      cniVersion: version,
      ips: [
        { version: "4", ...v4 },
        { version: "6", ...v6 },
      ],
      routes: ipam.routes,
      dns: {},
    });
  for (const version of ["1.0.0", "1.1.0"]) assert.equal(of(version), { cniVersion: version, ips: [v4, v6], routes: ipam.routes });
});

test("addresses that were asked for", () => {
  const args = (ips: unknown): object => ({ args: { cni: { ips } } });
  const subnet = { type: "host-local", subnet: "10.1.1.0/24" };
  const cases: [object, string][] = [
    [args(["10.1.1.77"]), "10.1.1.77/24 via 10.1.1.1"],
    [args(["10.1.1.77/16"]), "10.1.1.77/24 via 10.1.1.1"],
    [{ runtimeConfig: { ips: ["10.1.1.78/24"] } }, "10.1.1.78/24 via 10.1.1.1"],
    [args(["10.1.1.1"]), "failed to allocate for range 0: requested ip 10.1.1.1 is subnet's gateway"],
    [args(["10.1.1.7", "10.1.1.8"]), "failed to allocate all requested IPs: 10.1.1.8"],
    [args(["nonsense"]), "invalid IP address nonsense"],
    [args([""]), "cannot understand ip: IP <nil> not v4 nor v6"],
  ];
  for (const [more, want] of cases) assert.is(add(hostLocal(net(subnet, more)), "a"), want, JSON.stringify(more));
  const plugin = hostLocal(net(subnet, args(["10.1.1.77"])));
  plugin.add("a");
  assert.is(
    add(plugin, "b"),
    "failed to allocate for range 0: requested IP address 10.1.1.77 is not available in range set 10.1.1.1-10.1.1.254",
  );
});

test("mistakes in the configuration, in the plugin's words", () => {
  const cases: [object, string][] = [
    [{ ranges: [[]] }, "invalid range set 0: empty range set"],
    [{ ranges: [[{}]] }, "invalid range set 0: IP <nil> not v4 nor v6"],
    [{ subnet: "" }, "invalid CIDR address: "],
    [{ subnet: "::ffff:10.0.0.0/104" }, "invalid range set 0: IPNet IP and Mask version mismatch"],
    [{ subnet: "10.1.1.0/24", gateway: "there" }, "invalid IP address: there"],
    [{ subnet: "10.1.1.0/24", rangeEnd: "10.1.1.0" }, "invalid range set 0: RangeEnd 10.1.1.0 not in network 10.1.1.0/24"],
    [{ subnet: "10.1.1.0/24", rangeStart: "fd00::1" }, "invalid range set 0: RangeStart fd00::1 not in network 10.1.1.0/24"],
    [
      { subnet: "fd00::1/64" },
      "invalid range set 0: Network has host bits set. For a subnet mask of length 64 the network address is fd00::",
    ],
    [{ subnet: "fd00::/127" }, "invalid range set 0: Network fd00::/127 too small to allocate from"],
    [{ subnet: 5 }, "json: cannot unmarshal number into Go struct field IPAMConfig.ipam.subnet of type string"],
    [
      { ranges: [{ subnet: "10.1.1.0/24" }] },
      "json: cannot unmarshal object into Go struct field IPAMConfig.ipam.ranges of type allocator.RangeSet",
    ],
    [{ subnet: "10.1.1.0/24", resolvConf: "/etc/none" }, "open /etc/none: no such file or directory"],
    [{ subnet: "10.1.1.0/24", ranges: [[{ subnet: "10.1.1.0/25" }]] }, "range set 0 overlaps with 1"],
    [{ subnet: "10.1.1.0/24", routes: [{ dst: "10.0.0.0/8", gw: "x" }] }, "invalid IP address: x"],
  ];
  for (const [ipam, want] of cases) assert.is(add(hostLocal(hl(ipam)), "a"), want, JSON.stringify(ipam));
});

test("what every plugin refuses, with its code", () => {
  const good = { type: "host-local", subnet: "10.1.1.0/24" };
  const cases: [object, string, number, string, string?][] = [
    [net(good, { name: "" }), "a", 7, "missing network name"],
    [net(good, { name: "a/b" }), "a", 7, "invalid characters found in network name", "a/b"],
    [
      net(good, { name: 5 }),
      "a",
      6,
      "error unmarshall network config: json: cannot unmarshal number into Go struct field .name of type string",
    ],
    [net(good), "", 4, "required env variables [CNI_CONTAINERID] missing"],
    [net(good), "-a", 4, "invalid characters in containerID", "-a"],
    [
      net(good, { cniVersion: "2.0.0" }),
      "a",
      1,
      "incompatible CNI versions",
      'config is "2.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]',
    ],
    [net(undefined), "a", 999, "IPAM config missing 'ipam' key"],
  ];
  for (const [config, id, code, message, details] of cases)
    for (const command of ["add", "del"] as const)
      assert.throws(
        () => hostLocal(config)[command](id),
        (e: CniError) => e.code === code && e.message === message && e.details === details,
        message,
      );
  for (const config of [null, "bridge", []])
    assert.throws(
      () => hostLocal(config as unknown as object),
      (e: unknown) => e instanceof TypeError,
    );
});

test("names are read in any case, as Go reads them", () => {
  assert.is(add(hostLocal(net({ Type: "host-local", SUBNET: "10.1.1.0/24", RangeStart: "10.1.1.9" })), "a"), "10.1.1.9/24 via 10.1.1.1");
});

test.run();
