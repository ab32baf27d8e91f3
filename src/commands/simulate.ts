/** `seatrial simulate SCENARIO`: plays a what-if story and reports after every step. */
import { type Played, play } from "../cluster/scenario.ts";
import { loadScenario } from "../sdk/scenario-file.ts";
import { type Command, UsageError } from "./command.ts";
import { CLOUD } from "./inputs.ts";
import { renderPlayed } from "./simulate-text.ts";

export const command: Command = {
  name: "simulate",
  summary: "Plays a scenario on virtual time and reports after every step",
  usage: "simulate SCENARIO [--format text|json]",
  description:
    "A scenario is a YAML file with `about` and `steps`; each step has one verb (apply, scale, delete, cordon,\nuncordon, drain, nodeDown, nodeUp, rollback, restart, advance) and may say `settle: SECONDS`.",
  options: {
    cloud: CLOUD,
    format: { type: "string", about: "How to report", choices: ["text", "json"], default: "text" },
  },
  examples: [{ command: "seatrial simulate stories/node-lost.yaml", about: "what a lost node does to the shop" }],
  positionalsMax: 1,
  async run(ctx) {
    const [path] = ctx.positionals;
    if (path === undefined) throw new UsageError("simulate needs a scenario file");
    const scenario = await loadScenario(path, ctx.cwd);
    const total = scenario.steps.length;
    const played = play(scenario, {
      cloud: ctx.flag("cloud"),
      onStep: (i) => {
        if (ctx.stderr.isTerminal) ctx.err(`\r\x1b[Kstep ${i + 1} of ${total}`);
      },
    });
    if (ctx.stderr.isTerminal) ctx.err("\r\x1b[K");
    if (ctx.option("format") === "json")
      ctx.out(
        `${JSON.stringify({ schema: "seatrial.dev/simulation/v1", about: scenario.about, steps: withoutSecrets(played.steps), timeline: played.timeline }, null, 2)}\n`,
      );
    else ctx.out(renderPlayed(scenario.about, played, ctx.stdout.colors));
    return played.steps.some((s) => s.answers.some((a) => !a.ok)) ? 1 : 0;
  },
};

/** Secret values appear in no output: each is replaced by its size. */
function withoutSecrets(steps: Played["steps"]): unknown {
  return steps.map((s) => ({
    ...s,
    objects: s.objects.map((o) => {
      if (o.kind !== "Secret" || o.apiVersion !== "v1") return o;
      const { "kubectl.kubernetes.io/last-applied-configuration": _, ...annotations } = o.metadata.annotations ?? {};
      const data = Object.entries((o as { data?: Record<string, string> }).data ?? {}).map(([k, v]) => [
        k,
        `<${Buffer.byteLength(v, "base64")} bytes>`,
      ]);
      return { ...o, metadata: { ...o.metadata, annotations }, data: Object.fromEntries(data) };
    }),
  }));
}
