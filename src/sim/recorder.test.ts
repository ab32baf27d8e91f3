import { test } from "uvu";
import * as assert from "uvu/assert";
import { Loop } from "./loop.ts";
import { Recorder } from "./recorder.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n", uid: "1" } };

function reported(count: number, from: string, message: (i: number) => string): readonly (readonly [string, number])[] {
  const recorder = new Recorder(new Loop());
  for (let i = 0; i < count; i++) recorder.report(from, pod, "Normal", "R", message(i));
  return recorder.list().map((e) => [e.message, e.count]);
}

test("equal events are counted", () => {
  assert.equal(
    reported(3, "c", () => "m"),
    [["m", 3]],
  );
});

test("what is written is told: a new event, a higher count, not what is cut off", () => {
  let writes = 0;
  const recorder = new Recorder(new Loop(), () => writes++);
  for (let i = 0; i < 40; i++) recorder.report("c", pod, "Normal", "R", "m");
  assert.is(writes, 25);
});

test("the tenth different message of one reason is combined, and so are those that follow", () => {
  const list = reported(12, "c", (i) => `m${i}`);
  assert.is(list.length, 10);
  assert.equal(list[8], ["m8", 1]);
  assert.equal(list[9], ["(combined from similar events): m11", 3]);
});

test("after 25 reports about an object a component is cut off", () => {
  assert.equal(
    reported(40, "c", () => "m"),
    [["m", 25]],
  );
});

test("the scheduler's are neither combined nor cut off", () => {
  assert.is(reported(40, "default-scheduler", (i) => `m${i}`).length, 40);
});

test("a report is free again every five minutes", () => {
  const loop = new Loop();
  const recorder = new Recorder(loop);
  for (let i = 0; i < 30; i++) recorder.report("c", pod, "Normal", "R", "m");
  loop.skipTo(300_000);
  for (let i = 0; i < 3; i++) recorder.report("c", pod, "Normal", "R", "m");
  assert.is(recorder.list()[0]?.count, 26);
});

test("after 4,096 other objects it is forgotten how much was said about one", () => {
  const recorder = new Recorder(new Loop());
  const about = (uid: string): void => recorder.report("c", { ...pod, metadata: { ...pod.metadata, uid } }, "Normal", "R", "m");
  for (let i = 0; i < 30; i++) about("1");
  for (let i = 0; i < 4095; i++) about(`other ${i}`);
  about("1");
  assert.is(recorder.list()[0]?.count, 25);
  about("one more");
  about("1");
  assert.is(recorder.list()[0]?.count, 26);
});

test("what a namespace's events were is forgotten with it, and said anew", () => {
  const recorder = new Recorder(new Loop());
  for (const namespace of ["n", "other"]) recorder.report("c", { ...pod, metadata: { ...pod.metadata, namespace } }, "Normal", "R", "m");
  recorder.forgetNamespace("n");
  recorder.report("c", pod, "Normal", "R", "m");
  assert.equal(
    recorder.list().map((e) => [e.object, e.count]),
    [
      ["Pod other/p", 1],
      ["Pod n/p", 1],
    ],
  );
});

test.run();
