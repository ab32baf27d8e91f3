/** Taints that drive Pods away, and Nodes that are lost. @see kubernetes pkg/controller/tainteviction/taint_eviction.go, pkg/controller/nodelifecycle */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../src/api/object.ts";
import type { Action, PlayedStep } from "../../src/cluster/scenario.ts";
import { apply, events, node, played, pod, pods } from "./stories.ts";

const taint = (key: string): Unchecked => ({ key, value: "v", effect: "NoExecute" });
const tainted = (...keys: readonly string[]): Action => apply({ ...node("n1"), spec: { taints: keys.map(taint) } });
const bound = (name: string, ...tolerations: readonly Unchecked[]): Unchecked => pod(name, undefined, { nodeName: "n1", tolerations });
const tolerate = (key: string, tolerationSeconds?: number): Unchecked => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});
const names = (step: PlayedStep | undefined): string =>
  pods(step)
    .map((p) => p.metadata.name)
    .join();
const marked = (name: string): string => `Normal TaintManagerEviction: Marking for deletion Pod default/${name}`;
const cancelled = (name: string): string => `Normal TaintManagerEviction: Cancelling deletion of Pod default/${name}`;
const seconds = (n: number): Action => ({ verb: "advance", seconds: n });

test("who stays on a Node with a NoExecute taint, and for how long", () => {
  const steps = played(
    apply(node("n1")),
    apply(
      bound("not"),
      bound("zero", tolerate("a", 0)),
      bound("short", tolerate("a", 10)),
      bound("ever", tolerate("a")),
      bound("any", { operator: "Exists" }),
    ),
    tainted("a"),
    seconds(10),
  );
  assert.equal(steps.slice(1).map(names), ["any,ever,not,short,zero", "any,ever,short", "any,ever"]);
  assert.equal(
    events(steps[3], "Pod")
      .filter((e) => e.includes("Taint"))
      .sort(),
    ["not", "short", "zero"].map(marked),
  );
});

test("a taint that goes in time cancels what it had scheduled; of two taints the shorter time counts from the first look on", () => {
  const steps = played(
    apply(node("n1")),
    apply(bound("p", tolerate("a", 20), tolerate("b", 5))),
    tainted("a"),
    apply({ ...node("n1"), spec: { taints: [] } }),
    seconds(30),
    tainted("a", "b"),
    seconds(5),
  );
  assert.equal(steps.slice(4).map(names), ["p", "p", ""]);
  assert.equal(
    events(steps[6], "Pod").filter((e) => e.includes("Taint")),
    [cancelled("p"), marked("p")],
  );
});

test("a taint that comes later does not bring a scheduled deletion forward, unless it is not tolerated at all", () => {
  // processPodOnNode: a scheduled eviction is kept while all taints are tolerated.
  const later = (key: string): readonly PlayedStep[] =>
    played(apply(node("n1")), apply(bound("p", tolerate("a", 60), tolerate("b", 5))), tainted("a"), tainted("a", key), seconds(20));
  assert.is(names(later("b")[4]), "p");
  const untolerated = later("c")[4];
  assert.is(names(untolerated), "");
  assert.equal(
    events(untolerated, "Pod").filter((e) => e.includes("Taint")),
    [cancelled("p"), marked("p")],
  );
});

test("Pods of a lost Node wait for it, each as long as it tolerates", () => {
  const lost = (name: string, tolerationSeconds?: number): Unchecked =>
    bound(name, tolerate("node.kubernetes.io/unreachable", tolerationSeconds));
  const steps = played(
    apply(node("n1"), node("n2")),
    apply(lost("short", 30), lost("ever"), bound("usual")),
    { verb: "nodeDown", node: "n1" },
    seconds(60),
    seconds(60),
    seconds(300),
    [{ verb: "nodeUp", node: "n1" }, 15],
  );
  // The grace period is 50 s; the default toleration 300 s. They stay until the Node comes back.
  const going = (step: PlayedStep | undefined): string =>
    pods(step)
      .filter((p) => p.metadata.deletionTimestamp)
      .map((p) => p.metadata.name)
      .join();
  assert.equal(steps.slice(3, 6).map(going), ["", "short", "short,usual"]);
  assert.is(names(steps[6]), "ever");
});

test.run();
