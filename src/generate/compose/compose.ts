/** A Compose file to workloads, Services and claims, with a list of what has no equivalent. */
import { camelCase, fresh } from "../import/identifiers.ts";
import { type Code, type Item, printCode, text, valueCode } from "../print/code.ts";
import { type ServiceParts, servicePartsOf } from "./service.ts";
import { dnsName, type Fields, isMap } from "./values.ts";

/** Compose says no size: what a claim asks for until somebody knows better. */
const STORAGE = "1Gi";
const TOP_LEVEL: ReadonlySet<string> = new Set(["services", "volumes", "version", "name", "networks"]);

/** `services:` at the top, and no Kubernetes object. */
export function isCompose(documents: readonly unknown[]): boolean {
  const [first] = documents;
  return documents.length === 1 && isMap(first) && isMap(first["services"]) && first["apiVersion"] === undefined;
}

export interface ImportedCompose {
  readonly text: string;
  /** One line for each thing that was left out or guessed: `web: networks has no equivalent: …`. */
  readonly notes: readonly string[];
}

export function importCompose(value: unknown): ImportedCompose {
  const file = value as Fields;
  const notes: string[] = [];
  const say = (note: string): void => {
    if (!notes.includes(note)) notes.push(note);
  };
  for (const key of Object.keys(file)) if (!TOP_LEVEL.has(key) && !key.startsWith("x-")) say(`${key} at the top has no equivalent`);
  const services = Object.entries(file["services"] as Fields).filter((entry): entry is [string, Fields] => isMap(entry[1]));
  const taken = new Set<string>(["app", "claim", "execProbe", "expose", "mount", "workload"]);
  const claims = new Map<string, string>();
  const claimName = (volume: string): string => {
    const known = claims.get(volume) ?? fresh(camelCase(volume), "volume", taken);
    claims.set(volume, known);
    return known;
  };
  const constants = new Map(services.map(([name]) => [name, fresh(camelCase(name), "service", taken)]));
  const parts = services.map(
    ([name, service]) => [name, servicePartsOf(name, service, claimName, (what) => say(`${name}: ${what}`))] as const,
  );
  const statements: string[] = [];
  const exported: string[] = [];
  for (const [volume, constant] of claims) {
    say(`volume ${volume}: Compose says no size, so the claim asks for ${STORAGE}`);
    statements.push(
      constant_(constant, call("claim", [valueCode(dnsName(volume)), valueCode({ storage: STORAGE, accessModes: ["ReadWriteOnce"] })])),
    );
    exported.push(constant);
  }
  for (const [name, part] of parts) {
    const constant = constants.get(name)!;
    statements.push(constant_(constant, call("workload", [valueCode(part.name), { type: "object", items: part.fields }])));
    exported.push(constant);
  }
  const byName = new Map(parts);
  const exposed = [...byName].flatMap(([name, part]) => servicesOf(name, part, parts, constants, say));
  for (const { constant, code } of exposed) {
    const name = fresh(constant, "service", taken);
    statements.push(constant_(name, code));
    exported.push(name);
  }
  const all = `${statements.join("\n\n")}\n\nexport default ${printCode({ type: "list", items: exported.map((e) => ({ value: text(e) })) }, "", "export default ".length)};\n`;
  const used = ["claim", "execProbe", "expose", "mount", "workload"].filter((helper) => new RegExp(`\\b${helper}\\(`).test(all));
  return { text: `import { ${used.join(", ")} } from "seatrial";\n\n${all}`, notes };
}

/** A Service for what has ports, under its own name and those that links give it. */
function servicesOf(
  name: string,
  part: ServiceParts,
  all: readonly (readonly [string, ServiceParts])[],
  constants: ReadonlyMap<string, string>,
  say: (note: string) => void,
): readonly { readonly constant: string; readonly code: Code }[] {
  const users = all.filter(([, p]) => p.needs.includes(name) || p.links.some((l) => l.service === name)).map(([user]) => user);
  if (part.ports.length === 0) {
    if (users.length > 0) say(`${name}: ${users.join(", ")} may want to reach it, but it says no port: expose() needs one`);
    return [];
  }
  const aliases = [...new Set(all.flatMap(([, p]) => p.links.filter((l) => l.service === name).map((l) => dnsName(l.alias))))].filter(
    (a) => a !== part.name,
  );
  if (part.ports.some((p) => p.published !== undefined))
    say(`${name}: its published ports are reached inside of the cluster only: { type: "LoadBalancer" }, or ingress(), opens them`);
  const constant = constants.get(name)!;
  return [undefined, ...aliases].map((alias) => {
    const ports: Item[] = [];
    const numbers = new Set<number>();
    // Services of a Compose file reach each other at the container's port, whoever outside of it at the published one.
    for (const p of part.ports)
      for (const number of new Set([p.target, p.published ?? p.target]))
        if (!numbers.has(number)) {
          numbers.add(number);
          ports.push({ key: String(number), value: valueCode(p.name) });
        } else if (number === p.target) say(`${name}: port ${number} is there for TCP and UDP: a Service of your own can have both`);
    const options: Code[] = alias === undefined ? [] : [valueCode({ name: alias })];
    return {
      constant: alias === undefined ? `${constant}Service` : camelCase(`${alias}-service`),
      code: call("expose", [text(constant), { type: "object", items: ports }, ...options]),
    };
  });
}

function call(name: string, args: readonly Code[]): Code {
  return { type: "list", items: args.map((value) => ({ value })), call: name };
}

function constant_(name: string, code: Code): string {
  const start = `const ${name} = `;
  return `${start}${printCode(code, "", start.length)};`;
}
