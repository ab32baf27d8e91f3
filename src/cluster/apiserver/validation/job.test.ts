import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Job } from "../../../../generated/v1.36/model.ts";
import { errorBody } from "../field-error.ts";
import { validateJob } from "./job.ts";
import { firstOverlap, readIndexes } from "./job-indexes.ts";
import { validateJobStatusUpdate } from "./job-status.ts";
import { validateJobUpdate } from "./job-update.ts";

const LABELS = {
  "controller-uid": "u",
  "batch.kubernetes.io/controller-uid": "u",
  "job-name": "j",
  "batch.kubernetes.io/job-name": "j",
};

function job(spec: object = {}, status: object = {}, pod: object = {}, labels: object = LABELS): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default", uid: "u" },
    spec: {
      completionMode: "NonIndexed",
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u" } },
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          dnsPolicy: "ClusterFirst",
          containers: [
            { name: "c", image: "a", imagePullPolicy: "Always", terminationMessagePolicy: "File", terminationMessagePath: "/x", ...pod },
          ],
        },
      },
      ...spec,
    },
    status,
  } as unknown as Job;
}
const told = (errors: readonly Parameters<typeof errorBody>[0][]): string[] => errors.map((e) => `${e.field}: ${errorBody(e)}`);
const indexed = (spec: object): object => ({ completionMode: "Indexed", completions: 5, ...spec });

const CREATE: readonly (readonly [string, Job, readonly string[]])[] = [
  ["as it should be", job(), []],
  [
    "another Job's label",
    job({}, {}, {}, { ...LABELS, "job-name": "k" }),
    [
      'spec.template.metadata.labels[job-name]: Invalid value: {"batch.kubernetes.io/controller-uid":"u","batch.kubernetes.io/job-name":"j","controller-uid":"u","job-name":"k"}: must be \'j\'',
    ],
  ],
  [
    "a selector of one's own",
    job({ selector: { matchLabels: { a: "b" } } }, {}, {}, { ...LABELS, a: "b" }),
    ['spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` not auto-generated'],
  ],
  [
    "no mode is non-indexed",
    job({ backoffLimitPerIndex: 1, completionMode: undefined }),
    ["spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"],
  ],
  [
    "many indexes",
    job(indexed({ completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 })),
    [
      "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
      "spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index",
    ],
  ],
  [
    "succeeded indexes",
    job(indexed({ successPolicy: { rules: [{ succeededIndexes: "0-1,1", succeededCount: 6 }] } })),
    [
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-1,1": error parsing succeededIndexes: non-increasing order, previous: 1, current: 1',
      "spec.successPolicy.rules[0].succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)",
      "spec.successPolicy.rules[0].succeededCount: Invalid value: 6: must be less than or equal to 0 (the number of indexes in the specified succeededIndexes field)",
    ],
  ],
];
for (const [what, given, errors] of CREATE) test(`a new Job, ${what}`, () => assert.equal(told(validateJob(given)), errors));

const resources = { resources: { requests: { cpu: "1" } } };
const UPDATE: readonly (readonly [string, Job, Job, number])[] = [
  ["running: resources stay", job(), job({}, {}, resources), 1],
  ["suspended: resources may change", job({ suspend: true }), job({ suspend: true }, {}, resources), 0],
  ["suspended, Pods still there: they stay", job({ suspend: true }, { active: 1 }), job({ suspend: true }, {}, resources), 1],
  ["suspended: the image stays", job({ suspend: true }), job({ suspend: true }, {}, { image: "b" }), 1],
  ["in tandem", job(indexed({ parallelism: 5 })), job(indexed({ completions: 6, parallelism: 6 })), 0],
  ["not in tandem", job(indexed({ parallelism: 5 })), job(indexed({ completions: 6, parallelism: 5 })), 1],
];
for (const [what, old, now, errors] of UPDATE) test(`a changed Job, ${what}`, () => assert.is(validateJobUpdate(now, old).length, errors));

const condition = (type: string, status = "True"): object => ({ type, status });
const STATUS: readonly (readonly [string, object, object, readonly string[]])[] = [
  [
    "complete without a time",
    {},
    { conditions: [condition("Complete"), condition("SuccessCriteriaMet")], startTime: "2026-01-01T00:00:00Z" },
    ["status.completionTime: Required value: completionTime is required for Complete jobs"],
  ],
  [
    "no longer failed",
    { conditions: [condition("Failed"), condition("FailureTarget")] },
    { conditions: [condition("FailureTarget")] },
    ["status.conditions: Invalid value: cannot disable the terminal Failed=True condition"],
  ],
  ["fewer failed", { failed: 2 }, { failed: 1 }, ["status.failed: Invalid value: 1: cannot decrease the failed counter"]],
  ["more ready than active", {}, { ready: 1 }, ["status.ready: Invalid value: 1: cannot set more ready pods than active"]],
  [
    "failed indexes of a Job without",
    {},
    { failedIndexes: "1" },
    ['status.failedIndexes: Invalid value: "1": cannot set non-null failedIndexes when backoffLimitPerIndex is null'],
  ],
];
for (const [what, was, is, errors] of STATUS)
  test(`a Job's status, ${what}`, () => assert.equal(told(validateJobStatusUpdate(job({}, is), job({}, was))), errors));

const INDEXES: readonly (readonly [string, number | string])[] = [
  ["", 0],
  ["0-3,5", 5],
  ["0-1-2", `the fragment "0-1-2" violates the requirement that an index interval can have at most two parts separated by '-'`],
  ["x", 'cannot convert string to integer for index: "x"'],
  ["10", 'too large index: "10"'],
  ["3-3", "non-increasing order, previous: 3, current: 3"],
];
for (const [text, want] of INDEXES) {
  test(`indexes ${text}`, () => {
    const read = readIndexes(text, 10);
    assert.is("error" in read ? read.error : read.total, want);
  });
}
test("two sets of indexes overlap where both have one", () => {
  assert.is(firstOverlap("0-2,7", "3,5-8", 10), 7);
  assert.is(firstOverlap("0-2", "3", 10), undefined);
});

test.run();
