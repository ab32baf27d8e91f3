import { test } from "uvu";
import * as assert from "uvu/assert";
import { createPodAddresses } from "./pod-addresses.ts";

const ips = (answer: { readonly ips: readonly string[] } | { readonly error: string }): string =>
  "ips" in answer ? answer.ips.join() : answer.error;

test("addresses are given in order after the bridge's, and given again only after the end of the range", () => {
  const pods = createPodAddresses();
  const range = ["10.244.1.0/29"];
  assert.is(ips(pods.allocate("a", range)), "10.244.1.2");
  assert.is(ips(pods.allocate("b", range)), "10.244.1.3");
  assert.is(ips(pods.allocate("a", range)), "10.244.1.2", "a Pod keeps its address");
  pods.release("a");
  assert.is(ips(pods.allocate("c", range)), "10.244.1.4");
  assert.is(ips(pods.allocate("d", range)), "10.244.1.5");
  assert.is(ips(pods.allocate("e", range)), "10.244.1.6");
  assert.is(ips(pods.allocate("f", range)), "10.244.1.2");
  assert.is(
    ips(pods.allocate("g", range)),
    "failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.6",
  );
});

test("one address of each range; when one range is full none is taken", () => {
  const pods = createPodAddresses();
  assert.is(ips(pods.allocate("a", ["10.244.1.0/30", "fd00:1::/64"])), "10.244.1.2,fd00:1::2");
  assert.ok("error" in pods.allocate("b", ["fd00:1::/64", "10.244.1.0/30"]));
  assert.is(ips(pods.allocate("c", ["fd00:1::/64"])), "fd00:1::4", "the one given back comes round later");
});

test("without ranges of the node the network of all Pods serves", () => {
  const pods = createPodAddresses("10.1.0.0/16");
  assert.is(ips(pods.allocate("a", [])), "10.1.0.2");
  assert.throws(
    () => createPodAddresses("nowhere"),
    (e: unknown) => e instanceof TypeError && e.message.includes("podNetwork"),
  );
});

test("addresses of a loaded cluster are not given again, and can be released", () => {
  const pods = createPodAddresses();
  const range = ["10.244.1.0/29"];
  pods.adopt("old", ["10.244.1.2"], range);
  pods.adopt("elsewhere", ["192.168.7.7"], range);
  assert.is(ips(pods.allocate("a", range)), "10.244.1.3");
  pods.release("old");
  for (const uid of ["b", "c", "d"]) pods.allocate(uid, range);
  assert.is(ips(pods.allocate("e", range)), "10.244.1.2");
});

test.run();
