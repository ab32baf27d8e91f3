/** Who answers: Services with their endpoints, Ingresses with their routes, budgets with the Pods that may go. */
import type { BudgetState, IngressRoute, IngressState, ServiceState } from "../../schema.ts";
import { servicesToShow } from "../selection.ts";
import { plural, showName, showSource } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { fitting, heading, type Page, row, type Section, table } from "./page.ts";

const ROWS_MAX = 300;

export function services(page: Page): Section | undefined {
  const { plan } = page;
  const parts = [serviceTable(page), ingressTable(page), budgetTable(page)].filter((p) => p !== NOTHING);
  if (parts.length === 0) return undefined;
  return { id: "services", title: "Services", count: plan.services.length, body: parts };
}

function serviceTable({ plan }: Page): Html {
  if (plan.services.length === 0) return NOTHING;
  const { shown: notable, ready } = servicesToShow(plan);
  // Few are all shown: what is healthy is of interest, too, as long as it is short.
  const few = plan.services.length <= 30;
  const list = fitting((few ? plan.services : notable).map(serviceRow), ROWS_MAX, "service");
  const rest = few || ready === 0 ? NOTHING : html`<p>${plural(ready, "service")} more: every pod they select is ready.</p>`;
  const rows = list.shown.length > 0 ? table("Services", ["Service", "Type", "Ready endpoints", "Pods selected", ""], list.shown) : NOTHING;
  return html`${rows}${list.more}${rest}`;
}

function serviceRow(s: ServiceState): Html {
  const few = s.selected !== null && s.ready < s.selected;
  const none = s.selected !== null && s.ready === 0;
  const before = s.readyBefore !== null && s.readyBefore !== s.ready ? `${s.readyBefore} → ` : "";
  return row([
    html`<code>${clipText(showName(s.object), 300)}</code>`,
    s.type,
    html`${before}<strong class="${none ? "bad" : few ? "warn" : "ok"}">${s.ready}</strong>`,
    s.selected === null ? html`<span class="soft">no selector</span>` : s.selected,
    html`<code class="place">${clipText(showSource(s.source), 300)}</code>`,
  ]);
}

function ingressTable(page: Page): Html {
  const rows = page.plan.ingresses.flatMap((i) => i.routes.map((r) => routeRow(i, r)));
  if (rows.length === 0) return NOTHING;
  const { shown, more } = fitting(rows, ROWS_MAX, "route");
  return html`${heading(page, 2, "Ingress")}
${table("Ingress routes", ["Ingress", "Class", "Host", "Path", "Service", "Ready endpoints"], shown)}${more}`;
}

function routeRow(i: IngressState, r: IngressRoute): Html {
  const ready =
    r.ready === null
      ? html`<strong class="bad">no such service or port</strong>`
      : html`<strong class="${r.ready === 0 ? "bad" : "ok"}">${r.ready}</strong>`;
  return row([
    html`<code>${clipText(showName(i.object), 300)}</code>`,
    i.className ?? "",
    clipText(r.host, 300),
    html`<code>${clipText(r.path, 300)}</code>`,
    html`<code>${clipText(`${r.service}${r.port === "" ? "" : `:${r.port}`}`, 300)}</code>`,
    ready,
  ]);
}

function budgetTable(page: Page): Html {
  const { budgets } = page.plan;
  if (budgets.length === 0) return NOTHING;
  const { shown, more } = fitting(budgets.map(budgetRow), ROWS_MAX, "budget");
  return html`${heading(page, 2, "Disruption budgets")}
${table("Disruption budgets", ["Budget", "Pods that may go", "Healthy", "Must stay"], shown)}${more}`;
}

function budgetRow(b: BudgetState): Html {
  const before = b.allowedBefore !== null && b.allowedBefore !== b.allowed ? `${b.allowedBefore} → ` : "";
  return row([
    html`<code>${clipText(showName(b.object), 300)}</code>`,
    html`${before}<strong class="${b.allowed === 0 && b.pods > 0 ? "warn" : "ok"}">${b.allowed}</strong>`,
    `${b.healthy} of ${b.pods}`,
    b.healthyMin,
  ]);
}
