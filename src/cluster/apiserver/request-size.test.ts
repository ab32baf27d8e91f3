import { test } from "uvu";
import * as assert from "uvu/assert";
import { tooLargeBody, tooLargeForEtcd } from "./request-size.ts";
import { configMap, dump, fixture } from "./server-fixture.ts";

const MIB = 1024 * 1024;
const data = (characters: number, character = "a"): Record<string, string> => ({ a: character.repeat(characters) });

test("a body of more than 3 MiB is not read", () => {
  const { server } = fixture();
  const before = dump(server);
  const answer = server.create(configMap("big", data(3 * MIB)));
  assert.equal([answer.code, answer.reason, answer.message], [413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"]);
  assert.is(dump(server), before);
});

test("what is large, but not too large, is refused by its kind's own rule", () => {
  const { server } = fixture();
  assert.is(server.create(configMap("big", data(2 * MIB))).code, 422);
});

test("bytes count, not characters", () => {
  assert.is(tooLargeBody(data(MIB, "ä")), undefined);
  assert.is(tooLargeBody(data(MIB, "€"))?.code, 413);
});

test("etcd takes up to 1.5 MiB", () => {
  const { server } = fixture();
  const secret = (size: number) =>
    server.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e" },
      involvedObject: { namespace: "default" },
      message: "x".repeat(size),
    });
  assert.equal([secret(2 * MIB).code, secret(2 * MIB).message], [500, "etcdserver: request is too large"]);
  assert.is(
    server.create({ apiVersion: "v1", kind: "Event", metadata: { name: "e" }, message: "x".repeat(2 * MIB) }, { dryRun: true }).code,
    201,
  );
  assert.is(tooLargeForEtcd({ spec: data(MIB) }, true), undefined);
});

test("an endless object is no reason to hang", () => {
  const endless: Record<string, unknown> = {};
  endless["self"] = endless;
  assert.is(tooLargeBody(endless), undefined);
});

test.run();
