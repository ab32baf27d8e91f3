/** The classic bridge configuration: what the example says is, byte for byte, what people have in /etc/cni/net.d, and what host-local takes. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import config from "../../examples/cni/bridge.ts";
import { hostLocal } from "../../src/cluster/network/cni/host-local.ts";
import { cniFileName, cniText } from "../../src/sdk/cni.ts";

test("examples/cni/bridge.ts is 10-mynet.conf", () => {
  assert.is(cniFileName(config), "10-mynet.conf");
  assert.is(cniText(config), readFileSync(new URL("../../examples/cni/golden/10-mynet.conf", import.meta.url), "utf8"));
});

test("it gives addresses", () => {
  const plugin = hostLocal(config);
  const given = { gateway: "10.22.0.1", routes: [{ dst: "0.0.0.0/0" }] };
  assert.equal(plugin.add("a"), { cniVersion: "0.2.0", ip4: { ip: "10.22.0.2/16", ...given }, dns: {} });
  assert.equal(plugin.add("b"), { cniVersion: "0.2.0", ip4: { ip: "10.22.0.3/16", ...given }, dns: {} });
});

test.run();
