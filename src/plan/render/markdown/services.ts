/** How full the quotas are, and who answers. */
import type { Plan } from "../../schema.ts";
import { exactAmount } from "../amounts.ts";
import { row } from "../markdown-escape.ts";
import { quotaRowsToShow, servicesToShow } from "../selection.ts";
import { plural, showName } from "../words.ts";
import { type Block, details, span } from "./block.ts";

export function quotas(plan: Plan): Block {
  const rows = quotaRowsToShow(plan).shown.map(({ quota, line }) =>
    row([
      span(showName(quota.object)),
      span(line.resource),
      line.percentBefore === null ? "" : `${exactAmount(line.before)} (${line.percentBefore}%)`,
      `${exactAmount(line.after)} (${line.percentAfter}%)`,
      exactAmount(line.hard),
    ]),
  );
  return details("Quotas", "quota lines", ["Quota", "Resource", "Base", "This change", "Hard"], rows, 40);
}

export function services(plan: Plan): Block {
  const { shown, ready } = servicesToShow(plan);
  const rows = shown.map((s) =>
    row([
      span(showName(s.object)),
      s.readyBefore === null ? "" : String(s.readyBefore),
      String(s.ready),
      s.selected === null ? "" : String(s.selected),
    ]),
  );
  const rest = ready > 0 ? [row([plural(ready, "other service"), "", "every selected pod is ready", ""])] : [];
  return details("Services (ready endpoints)", "services", ["Service", "Base", "This change", "Pods selected"], [...rows, ...rest], 50);
}

export function ingresses(plan: Plan): Block {
  const rows = plan.ingresses.flatMap((i) =>
    i.routes.map((r) => {
      const ready = r.ready === null ? "**no such service or port**" : String(r.ready);
      return row([span(showName(i.object)), span(`${r.host}${r.path}`), span(`${r.service}${r.port === "" ? "" : `:${r.port}`}`), ready]);
    }),
  );
  return details("Ingress routes", "ingress routes", ["Ingress", "Route", "Service", "Ready endpoints"], rows, 40);
}
