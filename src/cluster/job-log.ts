/** Watches Jobs and notes every state they go through: those written and those that a CronJob makes. */
import type { Job } from "../../generated/v1.36/model.ts";
import { JOB } from "../api/kinds.ts";
import { controllerOf } from "../api/object.ts";
import type { Informers } from "../sim/informer.ts";
import type { Loop } from "../sim/loop.ts";

/** A state, from its instant to that of the next one. */
export interface JobStep {
  /** Virtual milliseconds. */
  readonly atMs: number;
  /** Pods at work, that have succeeded, that have failed. */
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

export interface JobRun {
  readonly namespace: string;
  readonly name: string;
  /** The CronJob that made it; null: it was written. */
  readonly cronJob: string | null;
  /** Completions wanted; null: any one Pod's success ends it. */
  readonly completions: number | null;
  readonly outcome: "running" | "complete" | "failed" | "suspended";
  /** In order of time, the first when it was created. */
  readonly steps: readonly JobStep[];
}

/** Jobs, and states of one Job, that are kept at most: a CronJob of every minute makes 43,200 in a month. */
const RUNS_MAX = 50_000;
const STEPS_MAX = 2_000;

interface Entry extends JobRun {
  readonly steps: JobStep[];
  outcome: JobRun["outcome"];
  gone: boolean;
}

export class JobLog {
  readonly #loop: Loop;
  /** By uid: one of the same name may follow. */
  readonly #runs = new Map<string, Entry>();
  #dropped = 0;

  constructor(informers: Informers, loop: Loop) {
    this.#loop = loop;
    informers.for(JOB).on((type, job) => this.#note(type === "DELETED", job));
  }

  #note(deleted: boolean, job: Job): void {
    const { uid = "", namespace = "", name } = job.metadata;
    let run = this.#runs.get(uid);
    if (deleted) {
      if (run) run.gone = true;
      return;
    }
    if (!run) {
      if (this.#runs.size >= RUNS_MAX) {
        this.#dropped++;
        return;
      }
      const owner = controllerOf(job);
      const cronJob = owner?.kind === "CronJob" ? owner.name : null;
      run = { namespace, name, cronJob, completions: job.spec?.completions ?? null, outcome: "running", steps: [], gone: false };
      this.#runs.set(uid, run);
    }
    run.outcome = outcomeOf(job);
    const { active = 0, succeeded = 0, failed = 0 } = job.status ?? {};
    const atMs = Math.floor(this.#loop.now());
    const last = run.steps.at(-1);
    if (last?.active === active && last.succeeded === succeeded && last.failed === failed) return;
    const step: JobStep = { atMs, active, succeeded, failed };
    if (last?.atMs === atMs) run.steps[run.steps.length - 1] = step;
    else if (run.steps.length < STEPS_MAX) run.steps.push(step);
    else this.#dropped++;
  }

  /** Forgets what is over, and the steps so far: what comes next is the change. The state that each Job is in stays as its first step. */
  restart(): void {
    for (const [uid, run] of this.#runs) {
      if (run.gone) this.#runs.delete(uid);
      else run.steps.splice(0, run.steps.length - 1);
    }
  }

  /** When a Job that was written, and is not over, last moved; undefined when none is on its way. A CronJob's runs follow each other for ever. */
  lastStepOfWaitingMs(): number | undefined {
    let last: number | undefined;
    for (const run of this.#runs.values())
      if (!run.gone && run.cronJob === null && run.outcome === "running") last = Math.max(last ?? 0, run.steps.at(-1)?.atMs ?? 0);
    return last;
  }

  /** In order of namespace, CronJob and name, then of time. */
  runs(): readonly JobRun[] {
    const key = (r: JobRun): string => `${r.namespace}\n${r.cronJob ?? ""}\n${r.name}`;
    return [...this.#runs.values()]
      .map(({ gone: _, ...run }): JobRun => ({ ...run, steps: [...run.steps] }))
      .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.steps[0]!.atMs - b.steps[0]!.atMs));
  }

  /** Jobs and states that were not kept. */
  get dropped(): number {
    return this.#dropped;
  }
}

/** @see kubernetes pkg/controller/job/job_controller.go (finishedCondition) */
function outcomeOf({ spec, status }: Job): JobRun["outcome"] {
  const has = (type: string): boolean => status?.conditions?.some((c) => c.type === type && c.status === "True") === true;
  if (has("Complete")) return "complete";
  if (has("Failed")) return "failed";
  return spec?.suspend === true ? "suspended" : "running";
}
