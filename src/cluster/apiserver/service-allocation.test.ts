import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import { accepted, FakeAddresses, fixture, SERVICE, service } from "./server-fixture.ts";

type Json = Readonly<Record<string, unknown>>;
const spec = (object: KubeObject | undefined): Json => (object as unknown as { spec: Json }).spec;

test("Services: addresses and ports by type, kept over updates, given back", () => {
  const { server, addresses } = fixture();
  const of = (name: string): Json => spec(server.get(SERVICE, name, "default"));
  const nodePort = (name: string): unknown => (of(name)["ports"] as readonly Json[])[0]?.["nodePort"];
  accepted(
    server.create(
      service("np", {
        type: "NodePort",
        ports: [
          { name: "a", port: 53, protocol: "UDP" },
          { name: "b", port: 53 },
        ],
      }),
    ),
  );
  assert.equal(
    (of("np")["ports"] as readonly Json[]).map((p) => p["nodePort"]),
    [30_100, 30_100],
  );
  assert.equal(
    [of("np")["clusterIP"], of("np")["clusterIPs"], of("np")["ipFamilies"], of("np")["ipFamilyPolicy"]],
    ["10.96.1.1", ["10.96.1.1"], ["IPv4"], "SingleStack"],
  );
  server.apply(service("web", { type: "NodePort" }));
  const before = [of("web")["clusterIP"], nodePort("web")];
  accepted(server.apply(service("web", { type: "NodePort", sessionAffinity: "ClientIP" })));
  assert.equal([of("web")["clusterIP"], nodePort("web")], before);
  accepted(server.update(service("web", { type: "NodePort" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], nodePort("web")], before);
  accepted(server.update(service("web", { type: "ClusterIP" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], nodePort("web")], [before[0], undefined]);
  assert.not.ok([...addresses.taken].some((t) => t.startsWith(`${before[1]} `)));
  accepted(server.update(service("web", { type: "ExternalName", externalName: "x.y" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], of("web")["ipFamilies"]], [undefined, undefined]);
  assert.not.ok(addresses.taken.has(String(before[0])));
  accepted(server.create(service("none", { clusterIP: "None" })));
  assert.equal([of("none")["clusterIPs"], of("none")["ipFamilyPolicy"]], [["None"], "SingleStack"]);
  accepted(server.create(service("open", { clusterIP: "None", selector: undefined })));
  assert.equal([of("open")["ipFamilies"], of("open")["ipFamilyPolicy"]], [["IPv4", "IPv6"], "RequireDualStack"]);
  accepted(server.create(service("lb", { type: "LoadBalancer", externalTrafficPolicy: "Local" })));
  assert.ok(Number(of("lb")["healthCheckNodePort"]) >= 30_100);
  for (const name of ["np", "web", "none", "open", "lb"]) server.delete(SERVICE, name, "default");
  assert.equal([...addresses.taken], ["10.96.0.1"]);
});

test("Services: a type without node ports drops them, though ports go with it; a load balancer that gives none keeps those it has", () => {
  // pkg/registry/core/service/strategy.go sameNodePorts ("as long as they don't add any net-new NodePorts"), needsNodePort
  const { server } = fixture();
  const ports = [
    { name: "a", port: 80 },
    { name: "b", port: 443 },
  ];
  const nodePorts = (): readonly unknown[] =>
    (spec(server.get(SERVICE, "s", "default"))["ports"] as readonly Json[]).map((p) => p["nodePort"]);
  accepted(server.apply(service("s", { type: "LoadBalancer", ports })));
  const given = nodePorts();
  accepted(server.apply(service("s", { type: "LoadBalancer", allocateLoadBalancerNodePorts: false, ports })));
  assert.equal(nodePorts(), given);
  accepted(server.apply(service("s", { type: "ClusterIP", ports: [ports[0]] })));
  assert.equal(nodePorts(), [undefined]);
});

test("Services: what cannot be had is refused in the allocators' words, and nothing stays taken", () => {
  const { server, addresses } = fixture();
  accepted(server.create(service("first", { type: "NodePort", clusterIP: "10.96.5.5", ports: [{ port: 80, nodePort: 30_163 }] })));
  const before = [...addresses.taken].sort();
  const cases: readonly (readonly [Unchecked, string])[] = [
    [
      { type: "NodePort", ports: [{ port: 80, nodePort: 30_163 }] },
      "spec.ports[0].nodePort: Invalid value: 30163: provided port is already allocated",
    ],
    [
      {
        type: "NodePort",
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 81, nodePort: 1234 },
        ],
      },
      "spec.ports[1].nodePort: Invalid value: 1234: provided port is not in the valid range. The range of valid ports is 30000-32767",
    ],
    [
      { clusterIP: "10.96.5.5" },
      'spec.clusterIPs: Invalid value: ["10.96.5.5"]: failed to allocate IP 10.96.5.5: provided IP is already allocated',
    ],
    [
      { ipFamilyPolicy: "RequireDualStack" },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [{ ipFamilies: ["IPv6"] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ clusterIP: "fd00::5" }, 'spec.clusterIPs[0]: Invalid value: ["fd00::5"]: IPv6 is not configured on this cluster'],
  ];
  for (const [by, text] of cases) {
    const answer = server.create(service("second", by));
    assert.is(answer.message, `Service "second" is invalid: ${text}`);
    assert.equal([...addresses.taken].sort(), before, text);
  }
});

test("Services on two families", () => {
  const { server } = fixture(new FakeAddresses(["IPv4", "IPv6"]));
  const made = spec(accepted(server.create(service("d", { ipFamilyPolicy: "PreferDualStack" }))));
  assert.equal(
    [made["ipFamilies"], made["clusterIPs"]],
    [
      ["IPv4", "IPv6"],
      ["10.96.1.1", "fd00::1:1"],
    ],
  );
  const single = accepted(server.patch(SERVICE, "d", "default", { spec: { ipFamilyPolicy: "SingleStack" } }));
  assert.equal([spec(single)["ipFamilies"], spec(single)["clusterIPs"]], [["IPv4"], ["10.96.1.1"]]);
  const again = accepted(server.patch(SERVICE, "d", "default", { spec: { ipFamilyPolicy: "RequireDualStack" } }));
  assert.equal(spec(again)["clusterIPs"], ["10.96.1.1", "fd00::1:1"]);
});

test.run();
