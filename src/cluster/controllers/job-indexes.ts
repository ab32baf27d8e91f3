/** Indexes of an Indexed Job, and their text: `1,3-5,7`. @see kubernetes pkg/controller/job/indexed_job_utils.go */
import type { Container, Job, Pod, PodTemplateSpec } from "../../../generated/v1.36/model.ts";

export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";
export const FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count";
const ENV = "JOB_COMPLETION_INDEX";

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === "Indexed";
}

/** −1 when the Pod has none. */
export function indexOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[COMPLETION_INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1;
}

/** Reads `1,3-5,7`; what is not below `count` is left out. */
export function parseIndexes(text: string | undefined, count: number): ReadonlySet<number> {
  const out = new Set<number>();
  for (const part of (text ?? "").split(",")) {
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
export function indexedTemplate(job: Job, template: PodTemplateSpec, index: number, failures: number | undefined): PodTemplateSpec {
  const text = String(index);
  const withEnv = (c: Container): Container =>
    c.env?.some((e) => e.name === ENV)
      ? c
      : { ...c, env: [...(c.env ?? []), { name: ENV, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } }] };
  const { spec, metadata } = template;
  const annotations = {
    ...metadata?.annotations,
    [COMPLETION_INDEX]: text,
    ...(failures !== undefined && { [FAILURE_COUNT]: String(failures) }),
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
