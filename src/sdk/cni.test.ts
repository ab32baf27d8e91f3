import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceOf } from "../api/construct.ts";
import * as cni from "./cni.ts";

/** What a person without types may hand in. */
const list = cni.NetworkConfigList as unknown as (input: unknown, options?: unknown) => cni.CniConfig;
const single = cni.NetworkConfig as unknown as (input: unknown, options?: unknown) => cni.CniConfig;

const bridge = { type: "bridge", bridge: "cni0", ipam: { type: "host-local", subnet: "10.22.0.0/16" } };
const withPlugins = (...plugins: unknown[]): unknown => ({ cniVersion: "1.0.0", name: "mynet", plugins });
const withIpam = (ipam: object, more: object = {}): unknown => withPlugins({ ...bridge, ...more, ipam: { type: "host-local", ...ipam } });

function refusal(make: (input: unknown) => unknown, input: unknown): string {
  try {
    make(input);
    return "taken";
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${error}`;
  }
}

test("a list: key order, file name, contents, where it was made", () => {
  const config = cni.NetworkConfigList(
    {
      name: "mynet",
      plugins: [{ type: "loopback" }, { type: "portmap", capabilities: { portMappings: true } }],
      disableCheck: true,
      cniVersion: "1.1.0",
      cniVersions: ["1.0.0", "1.1.0"],
    },
    { order: 5 },
  );
  assert.equal(Object.keys(config), ["cniVersion", "cniVersions", "name", "disableCheck", "plugins"]);
  assert.ok(cni.isCniConfig(config));
  assert.is(cni.cniFileName(config), "05-mynet.conflist");
  assert.is(
    cni.cniText(config),
    `{
  "cniVersion": "1.1.0",
  "cniVersions": [
    "1.0.0",
    "1.1.0"
  ],
  "name": "mynet",
  "disableCheck": true,
  "plugins": [
    {
      "type": "loopback"
    },
    {
      "type": "portmap",
      "capabilities": {
        "portMappings": true
      }
    }
  ]
}
`,
  );
  const source = sourceOf(config);
  assert.match(source?.file ?? "", /cni\.test\.ts$/);
  const lines = readFileSync(fileURLToPath(import.meta.url), "utf8").split("\n");
  assert.match(lines[(source?.line ?? 0) - 1] ?? "", /const config = cni\.NetworkConfigList\(/);
});

test("a single plugin", () => {
  const config = cni.NetworkConfig({ type: "bridge", name: "mynet", isGateway: true, cniVersion: "0.2.0" });
  assert.equal(Object.keys(config), ["cniVersion", "name", "type", "isGateway"]);
  assert.is(cni.cniFileName(config), "10-mynet.conf");
});

test("what is no configuration of ours has no file", () => {
  for (const value of [{ ...cni.NetworkConfig({ type: "loopback", name: "lo", cniVersion: "0.4.0" }) }, {}, null, 5, "x"]) {
    assert.not.ok(cni.isCniConfig(value));
    assert.throws(() => cni.cniFileName(value as cni.CniConfig), /NetworkConfig|null|undefined/);
  }
  for (const order of [-1, 100, 1.5, "5"])
    assert.match(
      refusal((o) => single({ ...bridge, cniVersion: "0.2.0", name: "a" }, o), { order }),
      /^order: /,
    );
});

test("versions: lists from 0.3.0 on, single plugins until 0.4.0", () => {
  const versions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0", "9.9.9", "1.0", 1, undefined];
  const taken = (make: (input: unknown) => unknown, input: object): unknown[] =>
    versions.filter((cniVersion) => refusal(make, { ...input, cniVersion }) === "taken");
  assert.equal(taken(list, { name: "mynet", plugins: [bridge] }), ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"]);
  assert.equal(taken(list, { name: "mynet", plugins: [bridge], disableCheck: true }), ["0.4.0", "1.0.0", "1.1.0"]);
  assert.equal(taken(list, { name: "mynet", plugins: [bridge], disableGC: true }), ["1.1.0"]);
  assert.equal(taken(single, { name: "mynet", ...bridge }), ["0.2.0", "0.3.0", "0.3.1", "0.4.0"]);
});

test("mistakes name the field", () => {
  const cases: [unknown, string][] = [
    [undefined, "NetworkConfigList: an object is expected, not nothing"],
    [{ name: "a", plugins: [bridge] }, "cniVersion: is missing: one of 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0"],
    [
      { cniVersion: "2.0.0" },
      'cniVersion: there is no version "2.0.0" of the specification here: one of 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0',
    ],
    [{ cniVersion: "0.2.0", name: "a" }, "cniVersion: 0.2.0 has no lists of plugins: they came with 0.3.0; use NetworkConfig"],
    [{ cniVersion: "1.0.0", plugins: [bridge] }, "name: is missing: every network has one"],
    [
      { cniVersion: "1.0.0", name: "my/net", plugins: [bridge] },
      'name: "my/net" is no network name: a letter or digit, then letters, digits, "_", "." and "-"',
    ],
    [{ cniVersion: "1.0.0", name: "a", plugin: [] }, "plugin: there is no such field; there are cniVersion, name, plugins, disableCheck"],
    [withPlugins(), "plugins: a list of plugins is expected, not []"],
    [withPlugins("bridge"), 'plugins[0]: an object is expected, not "bridge"'],
    [withPlugins({}), "plugins[0].type: is missing: the name of the plugin's program"],
    [withPlugins({ ...bridge, cniVersion: "1.0.0" }), "plugins[0].cniVersion: belongs to the list, not to a plugin"],
    [withPlugins({ ...bridge, runtimeConfig: {} }), "plugins[0].runtimeConfig: is the runtime's: it has no place in a configuration"],
    [withPlugins({ ...bridge, isGateway: "yes" }), 'plugins[0].isGateway: true or false is expected, not "yes"'],
    [withPlugins({ ...bridge, vlan: 5000 }), "plugins[0].vlan: a whole number from 0 to 4094 is expected, not 5000"],
    [withPlugins({ ...bridge, hairpinMode: true, promiscMode: true }), "plugins[0].promiscMode: does not go together with hairpinMode"],
    [withPlugins({ type: "ptp" }), "plugins[0].ipam: is missing: ptp routes addresses"],
    [withPlugins({ type: "macvlan", mode: "l2" }), 'plugins[0].mode: one of "bridge", "private", "vepa", "passthru" is expected, not "l2"'],
    [withPlugins({ type: "macvlan", mac: "x" }), 'plugins[0].mac: "x" is not a MAC address such as c2:11:22:33:44:55'],
    [
      withPlugins({ type: "portmap" }),
      "plugins[0].type: portmap changes an interface that another plugin has made: it comes after one in a NetworkConfigList",
    ],
    [
      withPlugins(bridge, { type: "bandwidth", ingressRate: 1000 }),
      "plugins[1].ingressBurst: is missing: a rate and its burst go together",
    ],
    [
      withPlugins(bridge, { type: "tuning", sysctl: { "net.core.somaxconn": 500 } }),
      "plugins[1].sysctl.net.core.somaxconn: a text is expected, not 500",
    ],
    [withPlugins(bridge, { type: "a/b" }), 'plugins[1].type: "a/b" is the name of a program, not a path'],
    [
      withPlugins({ ...bridge, dns: { nameservers: ["ns"] } }),
      'plugins[0].dns.nameservers[0]: "ns" is not an IP address such as 10.22.0.1',
    ],
    [
      withPlugins({ ...bridge, ipam: { type: "hostlocal" } }),
      'plugins[0].ipam.type: one of "host-local", "static", "dhcp" is expected, not "hostlocal"',
    ],
    [
      withPlugins({ ...bridge, ipam: { type: "static", addresses: [{ gateway: "10.0.0.1" }] } }),
      "plugins[0].ipam.addresses[0].address: is missing",
    ],
    [withPlugins({ ...bridge, ipam: { type: "dhcp", request: [{}] } }), "plugins[0].ipam.request[0].option: is missing"],
  ];
  for (const [input, want] of cases) assert.is(refusal(list, input), want, JSON.stringify(input));
  assert.match(
    refusal(list, withPlugins({ type: "brige" })),
    /^plugins\[0\]\.type: there is no plugin "brige" here: one of bridge, .*otherPlugin/,
  );
  assert.match(
    refusal(list, withPlugins({ ...bridge, isGatway: true })),
    /^plugins\[0\]\.isGatway: there is no such field; there are .*isGateway/,
  );
});

test("address ranges", () => {
  const cases: [object, string][] = [
    [{}, "subnet: is missing; or give ranges, or let the runtime do so by capabilities: { ipRanges: true }"],
    [{ subnet: "10.22.0.0" }, 'subnet: "10.22.0.0" is not an address with the length of its prefix such as 10.22.0.0/16'],
    [{ subnet: "10.22.0.0/33" }, 'subnet: "10.22.0.0/33" is not an address with the length of its prefix such as 10.22.0.0/16'],
    [{ subnet: "10.22.0.1/16" }, 'subnet: "10.22.0.1/16" has bits of a host set: the network is 10.22.0.0/16'],
    [{ subnet: "10.22.0.0/31" }, "subnet: 10.22.0.0/31 is too small to give addresses from"],
    [{ subnet: "10.22.0.0/16", gateway: "10.23.0.1" }, 'gateway: "10.23.0.1" is not in 10.22.0.0/16'],
    [{ subnet: "10.22.0.0/16", gateway: "fd00::1" }, 'gateway: "fd00::1" is not in 10.22.0.0/16'],
    [{ subnet: "10.22.0.0/16", rangeStart: "10.23.0.1" }, 'rangeStart: "10.23.0.1" is not in 10.22.0.0/16'],
    [
      { subnet: "10.22.0.0/16", rangeStart: "10.22.0.9", rangeEnd: "10.22.0.8" },
      'rangeEnd: "10.22.0.8" comes before rangeStart "10.22.0.9"',
    ],
    [{ rangeStart: "10.22.0.9" }, "rangeStart: needs a subnet beside it"],
    [{ subnet: "10.22.0.0/16", ranges: [[{ subnet: "10.23.0.0/16" }]] }, "ranges: stands for subnet: give one of them"],
    [{ ranges: [[]] }, "ranges[0]: is empty"],
    [{ ranges: [[{ rangeEnd: "10.0.0.1" }]] }, "ranges[0][0].subnet: is missing"],
    [{ ranges: [[{ subnet: "10.1.0.0/16" }, { subnet: "10.1.2.0/24" }]] }, "ranges[0][1]: overlaps with plugins[0].ipam.ranges[0][0]"],
    [{ ranges: [[{ subnet: "10.1.0.0/16" }], [{ subnet: "10.1.2.0/24" }]] }, "ranges[1][0]: overlaps with plugins[0].ipam.ranges[0][0]"],
    [{ ranges: [[{ subnet: "10.1.0.0/16" }, { subnet: "fd00::/64" }]] }, "ranges[0][1]: the ranges of a set are of one family"],
    [
      { subnet: "10.22.0.0/16", routes: [{ dst: "nowhere" }] },
      'routes[0].dst: "nowhere" is not an address with the length of its prefix such as 10.22.0.0/16',
    ],
    [{ subnet: "10.22.0.0/16", routes: [{ gw: "10.0.0.1" }] }, "routes[0].dst: is missing"],
  ];
  for (const [ipam, want] of cases) assert.is(refusal(list, withIpam(ipam)), `plugins[0].ipam.${want}`, JSON.stringify(ipam));
  const taken: [object, object?][] = [
    [{ subnet: "10.22.0.0/16", routes: [{ dst: "0.0.0.0/0" }], gateway: "10.22.0.1" }],
    [{ ranges: [[{ subnet: "10.1.0.0/24" }, { subnet: "10.1.1.0/24" }], [{ subnet: "fd00::/64" }]] }],
    [
      {
        ranges: [
          [
            { subnet: "10.1.0.0/24", rangeEnd: "10.1.0.9" },
            { subnet: "10.1.0.0/24", rangeStart: "10.1.0.10" },
          ],
        ],
      },
    ],
    [{}, { capabilities: { ipRanges: true } }],
  ];
  for (const [ipam, more] of taken) assert.is(refusal(list, withIpam(ipam, more)), "taken", JSON.stringify(ipam));
  const two = { ...bridge, ipam: { type: "host-local", ranges: [[{ subnet: "10.1.0.0/24" }], [{ subnet: "10.2.0.0/24" }]] } };
  assert.match(refusal(single, { ...two, cniVersion: "0.2.0", name: "a" }), /^ipam\.ranges\[1\]\[0\]: a second set of IPv4 ranges/);
});

test("another plugin goes with whatever fields it takes", () => {
  const mine = cni.otherPlugin({ type: "my-cni", whatever: [1, 2] });
  assert.equal(JSON.parse(cni.cniText(cni.NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [mine, mine] }))), {
    cniVersion: "1.0.0",
    name: "a",
    plugins: [
      { type: "my-cni", whatever: [1, 2] },
      { type: "my-cni", whatever: [1, 2] },
    ],
  });
  assert.is(
    cni.cniText(cni.NetworkConfig({ cniVersion: "0.4.0", name: "a", ...mine })),
    `${JSON.stringify({ cniVersion: "0.4.0", name: "a", type: "my-cni", whatever: [1, 2] }, undefined, 2)}\n`,
  );
  assert.match(
    refusal((plugin) => list(withPlugins(cni.otherPlugin(plugin as never))), { type: "x", prevResult: {} }),
    /^plugins\[0\]\.prevResult: /,
  );
  assert.match(refusal(cni.otherPlugin as never, { whatever: 1 }), /^otherPlugin: type is missing/);
});

test("calico, flannel and cilium as their installers write them", () => {
  const taken: unknown[] = [
    withPlugins(
      {
        type: "calico",
        log_level: "info",
        log_file_path: "/var/log/calico/cni/cni.log",
        datastore_type: "kubernetes",
        nodename: "node-1",
        mtu: 0,
        ipam: { type: "calico-ipam" },
        policy: { type: "k8s" },
        kubernetes: { kubeconfig: "/etc/cni/net.d/calico-kubeconfig" },
      },
      { type: "portmap", snat: true, capabilities: { portMappings: true } },
      { type: "bandwidth", capabilities: { bandwidth: true } },
    ),
    withPlugins({ type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } }, { type: "portmap" }),
    withPlugins({ type: "cilium-cni", "enable-debug": false, "log-file": "/var/run/cilium/cilium-cni.log" }),
  ];
  for (const input of taken) assert.is(refusal(list, input), "taken");
});

test.run();
