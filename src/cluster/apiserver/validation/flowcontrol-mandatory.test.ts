/** The specs that nobody may change. Through the server. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../../api/object.ts";
import { fixture } from "../server-fixture.ts";

const object = (kind: string, name: string, spec: Unchecked): Unchecked => ({
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind,
  metadata: { name },
  spec,
});
const schema = (precedence: number, level: string, names: readonly string[], more: Unchecked = {}): Unchecked => ({
  matchingPrecedence: precedence,
  priorityLevelConfiguration: { name: level },
  rules: [
    {
      subjects: names.map((name) => ({ kind: "Group", group: { name } })),
      resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true }],
      nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    },
  ],
  ...more,
});
const limited = (more: Unchecked): Unchecked => ({ type: "Limited", limited: { limitResponse: { type: "Reject" }, ...more } });

const CASES: readonly (readonly [string, Unchecked, string])[] = [
  ["the schema exempt", object("FlowSchema", "exempt", schema(1, "exempt", ["system:masters"])), ""],
  [
    "the schema catch-all",
    object(
      "FlowSchema",
      "catch-all",
      schema(10_000, "catch-all", ["system:unauthenticated", "system:authenticated"], { distinguisherMethod: { type: "ByUser" } }),
    ),
    "",
  ],
  [
    "another schema exempt",
    object("FlowSchema", "exempt", schema(1, "exempt", ["a"])),
    'FlowSchema.flowcontrol.apiserver.k8s.io "exempt" is invalid: spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"exempt"},"MatchingPrecedence":1,"DistinguisherMethod":null,"Rules":[{"Subjects":[{"Kind":"Group","User":null,"Group":{"Name":"a"},"ServiceAccount":null}],"ResourceRules":[{"Verbs":["*"],"APIGroups":["*"],"Resources":["*"],"ClusterScope":true,"Namespaces":["*"]}],"NonResourceRules":[{"Verbs":["*"],"NonResourceURLs":["*"]}]}]}: spec of \'exempt\' must equal the fixed value',
  ],
  ["a schema of one's own", object("FlowSchema", "mine", schema(2, "exempt", ["a"])), ""],
  ["the level catch-all", object("PriorityLevelConfiguration", "catch-all", limited({ nominalConcurrencyShares: 5 })), ""],
  [
    "a larger level catch-all",
    object("PriorityLevelConfiguration", "catch-all", limited({ nominalConcurrencyShares: 6 })),
    'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io "catch-all" is invalid: spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":6,"LimitResponse":{"Type":"Reject","Queuing":null},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of \'catch-all\' must equal the fixed value',
  ],
  [
    "the level exempt lends what it likes",
    object("PriorityLevelConfiguration", "exempt", { type: "Exempt", exempt: { lendablePercent: 50 } }),
    "",
  ],
];
for (const [what, given, text] of CASES) {
  test(what, () => {
    assert.is(fixture().server.create(given).message ?? "", text);
  });
}

test("a limited level exempt: the cause that tells what is fixed comes last", () => {
  const { causes = [] } = fixture().server.create(object("PriorityLevelConfiguration", "exempt", limited({}))) as {
    causes?: readonly { field: string; message: string }[];
  };
  assert.equal(
    causes.map((c) => c.field),
    ["spec.type", "spec"],
  );
  assert.match(causes[1]?.message ?? "", /: spec of 'exempt' except the 'spec.exempt' field must equal the fixed value$/);
});

test.run();
