/**
 * The runs of one container: it starts, it ends (or not), it is started again after a back-off that doubles.
 * @see kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff; client-go util/flowcontrol/backoff.go
 */
import type { Container, Pod } from "../../../generated/v1.36/model.ts";

const BACK_OFF_BASE_MS = 10_000;
const BACK_OFF_MAX_MS = 300_000;
/** A container that lasted longer than this since its last start begins again without back-off. */
const BACK_OFF_EXPIRES_MS = 2 * BACK_OFF_MAX_MS;

export interface RunPlan {
  /** How long a run lasts, in milliseconds; `undefined`: it never ends by itself. */
  readonly lastsMs: number | undefined;
  readonly exitCode: number;
  /** Whether it is started again after it has ended so. */
  readonly restarts: boolean;
}

export type RunState =
  | { readonly is: "running"; readonly sinceMs: number; readonly restarts: number; readonly untilMs: number | undefined }
  | { readonly is: "ended"; readonly sinceMs: number; readonly endedMs: number; readonly restarts: number }
  | {
      readonly is: "backing off";
      /** The run that ended. */
      readonly sinceMs: number;
      readonly endedMs: number;
      readonly restarts: number;
      readonly untilMs: number;
      readonly delayMs: number;
    };

/** How the containers of a Pod end: by what its annotations tell, and by their restart policy. */
export function runPlan(pod: Pod, container: Container, runMs: number): RunPlan {
  const annotations = pod.metadata.annotations;
  const exitCode = exitCodeOf(annotations?.["seatrial.dev/exit-code"]);
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? "Always";
  const hangs = annotations?.["seatrial.dev/hang"] === "true";
  // A container that is to run always is taken to run for ever, unless it is said to fail.
  const lastsMs = hangs || (policy === "Always" && exitCode === 0) ? undefined : runMs;
  const ruled = container.restartPolicyRules?.some((rule) => rule.action === "Restart" && matchesExit(rule.exitCodes, exitCode)) ?? false;
  return { lastsMs, exitCode, restarts: policy === "Always" || ruled || (policy === "OnFailure" && exitCode !== 0) };
}

function exitCodeOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : 0;
}

function matchesExit(
  rule: { readonly operator: string; readonly values?: readonly number[] | undefined } | undefined,
  code: number,
): boolean {
  if (!rule) return false;
  const named = rule.values?.includes(code) ?? false;
  return rule.operator === "NotIn" ? !named : named;
}

/**
 * The state of a container at `nowMs` that first ran at `firstMs`.
 *
 * | run | ends after | then |
 * |---|---|---|
 * | 1st | lastsMs | again at once |
 * | 2nd | lastsMs | again after 10 s |
 * | 3rd … | lastsMs | again after 20 s, 40 s, … 300 s |
 */
export function runState(plan: RunPlan, firstMs: number, nowMs: number): RunState {
  const { lastsMs } = plan;
  if (lastsMs === undefined || nowMs < firstMs + lastsMs)
    return { is: "running", sinceMs: firstMs, restarts: 0, untilMs: lastsMs === undefined ? undefined : firstMs + lastsMs };
  if (!plan.restarts) return { is: "ended", sinceMs: firstMs, endedMs: firstMs + lastsMs, restarts: 0 };
  let sinceMs = firstMs;
  let restarts = 0;
  let delayMs = 0;
  for (;;) {
    const endedMs = sinceMs + lastsMs;
    if (nowMs < endedMs) return { is: "running", sinceMs, restarts, untilMs: endedMs };
    // The first restart has no entry to back off from; later ones back off from when the container was last started again.
    const untilMs = endedMs + delayMs;
    if (nowMs < untilMs) return { is: "backing off", sinceMs, endedMs, restarts, untilMs, delayMs };
    const next = nextDelay(delayMs, lastsMs);
    // From here on all turns are alike: those that are over are skipped at once.
    const turnMs = delayMs + lastsMs;
    const turns = next === delayMs && turnMs > 0 ? Math.floor((nowMs - untilMs) / turnMs) : 0;
    sinceMs = untilMs + turns * turnMs;
    restarts += 1 + turns;
    delayMs = next;
  }
}

function nextDelay(delayMs: number, lastsMs: number): number {
  if (lastsMs > BACK_OFF_EXPIRES_MS) return 0;
  return delayMs === 0 ? BACK_OFF_BASE_MS : Math.min(delayMs * 2, BACK_OFF_MAX_MS);
}
