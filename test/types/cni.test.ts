/**
 * What the editor catches in CNI configurations: every mistake is refused by the compiler (`@ts-expect-error` fails the typecheck where one
 * is not), and at run time too unless it says otherwise.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type BridgePlugin, type HostLocalIpam, NetworkConfig, NetworkConfigList, otherPlugin, type Plugin } from "../../src/sdk/cni.ts";

const ipam: HostLocalIpam = { type: "host-local", subnet: "10.22.0.0/16" };
const bridge: BridgePlugin = { type: "bridge", bridge: "cni0", ipam };
const refused = (make: () => unknown): void => assert.throws(make, (e: unknown) => e instanceof TypeError);

test("what is right is taken", () => {
  NetworkConfig({ cniVersion: "0.2.0", name: "a", type: "macvlan", mode: "vepa", ipam: { type: "dhcp" } });
  NetworkConfigList({ cniVersion: "1.0.0", name: "a", disableCheck: true, plugins: [bridge, { type: "portmap", snat: false }] });
  NetworkConfigList({
    cniVersion: "1.1.0",
    name: "a",
    disableGC: true,
    plugins: [otherPlugin({ type: "x", any: 1 }), { type: "firewall" }],
  });
  const plugins: Plugin[] = [{ type: "tuning", sysctl: { "net.core.somaxconn": "500" } }];
  NetworkConfigList({ cniVersion: "0.3.1", name: "a", plugins: [bridge, ...plugins] });
});

test("the specification's versions", () => {
  // @ts-expect-error: there is no such version
  refused(() => NetworkConfigList({ cniVersion: "1.2.0", name: "a", plugins: [bridge] }));
  // @ts-expect-error: lists came with 0.3.0
  refused(() => NetworkConfigList({ cniVersion: "0.2.0", name: "a", plugins: [bridge] }));
  // @ts-expect-error: no single plugins since 1.0.0
  refused(() => NetworkConfig({ cniVersion: "1.0.0", name: "a", type: "loopback" }));
  // @ts-expect-error: disableCheck came with 0.4.0
  refused(() => NetworkConfigList({ cniVersion: "0.3.1", name: "a", plugins: [bridge], disableCheck: true }));
  // @ts-expect-error: disableGC came with 1.1.0
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [bridge], disableGC: true }));
  // @ts-expect-error: every network has a name
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", plugins: [bridge] }));
});

test("plugins", () => {
  // @ts-expect-error: at least one
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [] }));
  // @ts-expect-error: brige
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "brige" }] }));
  // @ts-expect-error: isGatway
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "bridge", isGatway: true }] }));
  // @ts-expect-error: a field of another plugin
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "macvlan", bridge: "cni0" }] }));
  // @ts-expect-error: not the mode of a macvlan
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "macvlan", mode: "l2" }] }));
  // @ts-expect-error: the first makes the interface
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "portmap" }] }));
  // @ts-expect-error: alone it has no interface to change
  refused(() => NetworkConfig({ cniVersion: "0.4.0", name: "a", type: "tuning" }));
  // @ts-expect-error: ptp has addresses
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "ptp" }] }));
  // @ts-expect-error: the list's, not the plugin's
  refused(() => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "loopback", name: "b" }] }));
  // @ts-expect-error: the runtime's
  refused(() => NetworkConfig({ cniVersion: "0.4.0", name: "a", type: "bridge", runtimeConfig: {} }));
  // @ts-expect-error: a type is needed
  refused(() => otherPlugin({ any: 1 }));
});

test("address management", () => {
  const of = (given: HostLocalIpam): (() => unknown) => {
    return () => NetworkConfigList({ cniVersion: "1.0.0", name: "a", plugins: [{ type: "bridge", ipam: given }] });
  };
  // @ts-expect-error: a range has a length of its prefix
  refused(of({ type: "host-local", subnet: "10.22.0.0" }));
  // @ts-expect-error: subnet or ranges
  refused(of({ type: "host-local", subnet: "10.22.0.0/16", ranges: [[{ subnet: "10.23.0.0/16" }]] }));
  // @ts-expect-error: sets of ranges
  refused(of({ type: "host-local", ranges: [{ subnet: "10.23.0.0/16" }] }));
  // @ts-expect-error: a range without subnet
  refused(of({ type: "host-local", rangeStart: "10.22.0.9" }));
  // @ts-expect-error: a route leads somewhere
  refused(of({ type: "host-local", subnet: "10.22.0.0/16", routes: [{ gw: "10.22.0.1" }] }));
  // @ts-expect-error: gatway
  refused(of({ type: "host-local", subnet: "10.22.0.0/16", gatway: "10.22.0.1" }));
  // @ts-expect-error: there is no such type
  refused(() => NetworkConfig({ cniVersion: "0.4.0", name: "a", type: "bridge", ipam: { type: "hostlocal" } }));
  // @ts-expect-error: addresses of host-local
  refused(() => NetworkConfig({ cniVersion: "0.4.0", name: "a", type: "bridge", ipam: { type: "static", subnet: "10.22.0.0/16" } }));
});

test.run();
