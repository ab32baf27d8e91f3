/** Indexes of an Indexed Job, and their text: `1,3-5,7`. @see kubernetes pkg/controller/job/indexed_job_utils.go */
import type { Container, Job, Pod, PodTemplateSpec } from "../../../generated/v1.36/model.ts";

export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";
const FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count";
const IGNORED_FAILURE_COUNT = "batch.kubernetes.io/job-index-ignored-failure-count";
/** The beginning of a name that the server completes has so many characters at most. @see apiserver/pkg/storage/names/generate.go */
const GENERATE_NAME_LENGTH_MAX = 58;
const ENV = "JOB_COMPLETION_INDEX";

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === "Indexed";
}

/** −1 when the Pod has none. */
export function indexOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[COMPLETION_INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1;
}

/** Of an Indexed Job: whether the Pod has an index, and one that the Job has (still). Of any other: true. */
export function hasValidIndex(job: Job, pod: Pod): boolean {
  const index = indexOf(pod);
  return !isIndexed(job) || (index >= 0 && index < (job.spec.completions ?? 0));
}

function annotatedCount(pod: Pod, key: string): number {
  const text = pod.metadata.annotations?.[key];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
}

/** How often the index had failed before this Pod, without failures that the policy ignores. */
export function failureCount(pod: Pod): number {
  return annotatedCount(pod, FAILURE_COUNT);
}

/** How often the index had failed before this Pod, for whatever reason. */
export function absoluteFailureCount(pod: Pod): number {
  return failureCount(pod) + annotatedCount(pod, IGNORED_FAILURE_COUNT);
}

/** What the successor of a failed Pod is told of the failures of their index; the first Pod of an index has no predecessor. */
export function nextFailureCounts(failed: Pod | undefined, counts: boolean): Readonly<Record<string, string>> {
  if (!failed) return { [FAILURE_COUNT]: "0" };
  const ignored = annotatedCount(failed, IGNORED_FAILURE_COUNT) + (counts ? 0 : 1);
  return {
    [FAILURE_COUNT]: String(failureCount(failed) + (counts ? 1 : 0)),
    ...(ignored > 0 && { [IGNORED_FAILURE_COUNT]: String(ignored) }),
  };
}

/** The beginning of the names of an index's Pods. */
export function indexedGenerateName(jobName: string, index: number): string {
  const end = `-${index}-`;
  return jobName.slice(0, GENERATE_NAME_LENGTH_MAX - end.length) + end;
}

const NO_INDEXES: ReadonlySet<number> = new Set();

/** Reads `1,3-5,7`; what is not below `count` is left out. */
export function parseIndexes(text: string | undefined, count: number): ReadonlySet<number> {
  if (!text) return NO_INDEXES;
  const out = new Set<number>();
  for (const part of text.split(",")) {
    const m = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!m) continue;
    const last = Math.min(Number(m[2] ?? m[1]), count - 1);
    for (let i = Number(m[1]); i <= last; i++) out.add(i);
  }
  return out;
}

/** Two that follow each other are written one by one, more as a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === (sorted[j] ?? 0) + 1) j++;
    const first = sorted[i];
    const last = sorted[j];
    parts.push(first === last ? `${first}` : `${first}${j - i > 1 ? "-" : ","}${last}`);
    i = j + 1;
  }
  return parts.join(",");
}

/** The lowest indexes that are neither taken nor done, so many at most. */
export function pendingIndexes(
  completions: number,
  done: { has(i: number): boolean },
  taken: { has(i: number): boolean },
  count: number,
): number[] {
  const out: number[] = [];
  for (let i = 0; i < completions && out.length < count; i++) if (!done.has(i) && !taken.has(i)) out.push(i);
  return out;
}

/** The template of the Pod of one index. */
export function indexedTemplate(
  job: Job,
  template: PodTemplateSpec,
  index: number,
  failures: Readonly<Record<string, string>> | undefined,
): PodTemplateSpec {
  const text = String(index);
  const withEnv = (c: Container): Container =>
    c.env?.some((e) => e.name === ENV)
      ? c
      : { ...c, env: [...(c.env ?? []), { name: ENV, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } }] };
  const { spec, metadata } = template;
  const annotations = {
    ...metadata?.annotations,
    [COMPLETION_INDEX]: text,
    ...failures,
  };
  return {
    metadata: { ...metadata, annotations, labels: { ...metadata?.labels, [COMPLETION_INDEX]: text } },
    ...(spec && {
      spec: {
        ...spec,
        hostname: `${job.metadata.name}-${index}`,
        containers: spec.containers.map(withEnv),
        ...(spec.initContainers && { initContainers: spec.initContainers.map(withEnv) }),
      },
    }),
  } as PodTemplateSpec;
}
