/** One service of a Compose file: what `workload` and `expose` are given, and what has no equivalent. */
import { type Code, type Item, text, valueCode } from "../print/code.ts";
import { bytesOf, dnsName, entriesOf, type Fields, isMap, listOf, type Port, portsOf, secondsOf, volumeOf, wordsOf } from "./values.ts";

export interface ServiceParts {
  readonly name: string;
  /** Fields of `workload`'s options, in order. */
  readonly fields: readonly Item[];
  readonly ports: readonly (Port & { readonly name: string })[];
  /** Other names by which it wants to reach services: `links: ["db:database"]`. */
  readonly links: readonly { readonly service: string; readonly alias: string }[];
  /** Named volumes that it mounts. */
  readonly volumes: readonly string[];
  readonly needs: readonly string[];
}

/** Fields that say nothing to Kubernetes, or what it does anyway. */
const WITHOUT_LOSS: ReadonlySet<string> = new Set(["version", "name", "platform", "pull_policy", "attach", "stdin_open", "tty", "labels"]);
/** Read below. */
const READ: ReadonlySet<string> = new Set(
  `image build command entrypoint environment ports expose volumes tmpfs depends_on links healthcheck deploy restart working_dir user scale cpus
  mem_limit mem_reservation stop_grace_period cap_add cap_drop privileged read_only extra_hosts env_file`.split(/\s+/),
);
const INSTEAD: Readonly<Record<string, string>> = {
  networks: "every Pod reaches every other: allow() and denyAll() say who may",
  network_mode: "Pods have a network of their own: pod: { hostNetwork: true } shares the node's",
  container_name: "Kubernetes names Pods itself",
  hostname: "Pods are reached through their Service",
  configs: "configMap() and mount() put files into containers",
  secrets: "secret() and mount() put files into containers",
  logging: "the cluster collects what containers print",
  profiles: "app({ envs }) says what each environment has",
  extends: "a function of yours can make several workloads alike",
};

export function servicePartsOf(
  composeName: string,
  service: Fields,
  claimName: (volume: string) => string,
  note: (what: string) => void,
): ServiceParts {
  const name = dnsName(composeName);
  if (name !== composeName) note(`is called ${name}: a Service's name is made of lower case letters, digits and -`);
  for (const key of Object.keys(service))
    if (!READ.has(key) && !WITHOUT_LOSS.has(key) && !key.startsWith("x-"))
      note(`${key} has no equivalent${INSTEAD[key] ? `: ${INSTEAD[key]}` : ""}`);
  const ports = portsNamed(service, note);
  const volumes: string[] = [];
  const deploy = isMap(service["deploy"]) ? service["deploy"] : {};
  const replicas = service["scale"] ?? deploy["replicas"];
  const fields: Item[] = [
    field("image", valueCode(imageOf(name, service, note))),
    ...(typeof replicas === "number" ? [field("replicas", valueCode(replicas))] : []),
    ...words("command", service["entrypoint"]),
    ...words("args", service["command"]),
    ...(typeof service["working_dir"] === "string" ? [field("workingDir", valueCode(service["working_dir"]))] : []),
    ...(ports.length > 0 ? [field("ports", { type: "object", items: ports.map(portItem) })] : []),
    ...environment(service, note),
    ...resources(service, deploy, note),
    ...probes(service["healthcheck"], note),
    ...mounts(service, claimName, volumes, note),
    ...security(service, note),
    ...pod(service, note),
  ];
  restart(service["restart"], note);
  const links = listOf(service["links"]).map((link) => {
    const [target = "", alias = target] = String(link).split(":");
    return { service: target, alias };
  });
  const needs = isMap(service["depends_on"]) ? Object.keys(service["depends_on"]) : listOf(service["depends_on"]).map(String);
  if (needs.length > 0)
    note(`depends_on ${needs.join(", ")}: Kubernetes starts all at once; a container that cannot go on without another is started again`);
  return { name, fields, ports, links, volumes, needs };
}

function field(key: string, value: Code): Item {
  return { key, value };
}

function words(key: string, value: unknown): readonly Item[] {
  return value === undefined || value === null ? [] : [field(key, valueCode(wordsOf(value)))];
}

function imageOf(name: string, service: Fields, note: (what: string) => void): string {
  if (service["build"] !== undefined) note("build has no equivalent: build the image and push it to a registry that the cluster reads");
  return typeof service["image"] === "string" ? interpolated(service["image"], note) : `${name}:latest`;
}

/** Published ports, and those that are only exposed; each gets a name. */
function portsNamed(service: Fields, note: (what: string) => void): ServiceParts["ports"] {
  const found = new Map<string, Port>();
  for (const value of [...listOf(service["ports"]), ...listOf(service["expose"])]) {
    const ports = portsOf(isMap(value) ? value : interpolated(String(value), note));
    if (!ports) note(`port ${JSON.stringify(value)} is none that can be read`);
    for (const port of ports ?? []) if (!found.has(`${port.target}/${port.protocol}`)) found.set(`${port.target}/${port.protocol}`, port);
  }
  return [...found.values()].map((port) => ({ ...port, name: `${port.protocol === "TCP" ? "tcp" : "udp"}-${port.target}` }));
}

function portItem(port: ServiceParts["ports"][number]): Item {
  const fields = port.protocol === "TCP" ? valueCode(port.target) : valueCode({ containerPort: port.target, protocol: port.protocol });
  return field(port.name, fields);
}

function environment(service: Fields, note: (what: string) => void): readonly Item[] {
  if (service["env_file"] !== undefined) note("env_file is read by nobody here: configMap() and envFrom give a container many variables");
  const entries = entriesOf(service["environment"]).flatMap(([key, value]) => {
    if (value === null) note(`environment ${key} comes from the shell of whoever starts it: give it a value, or take it from a Secret`);
    return value === null ? [] : [[key, interpolated(value, note)] as const];
  });
  return entries.length === 0 ? [] : [field("env", valueCode(Object.fromEntries(entries)))];
}

/** `${NAME:-default}` → `default`; `$$` is a dollar sign. */
function interpolated(value: string, note: (what: string) => void): string {
  return value.replace(/\$(?:(\$)|\{(\w+)(?:(:?[-?+])([^}]*))?\}|(\w+))/g, (all, dollar, name, operator, rest, plain) => {
    if (dollar !== undefined) return "$";
    if (operator?.endsWith("-")) return rest;
    note(`${name ?? plain} comes from the shell of whoever starts it: it stands as ${all}`);
    return all;
  });
}

function resources(service: Fields, deploy: Fields, note: (what: string) => void): readonly Item[] {
  const given = isMap(deploy["resources"]) ? deploy["resources"] : {};
  const amounts = (from: unknown, cpus: unknown, memory: unknown): Fields => {
    const map = isMap(from) ? from : {};
    const cpu = map["cpus"] ?? cpus;
    const bytes = map["memory"] ?? memory;
    const text = bytes === undefined ? undefined : bytesOf(bytes);
    if (bytes !== undefined && text === undefined) note(`${JSON.stringify(bytes)} is no amount of memory`);
    return { ...(cpu === undefined ? {} : { cpu: String(cpu) }), ...(text === undefined ? {} : { memory: text }) };
  };
  const limits = amounts(given["limits"], service["cpus"], service["mem_limit"]);
  const requests = amounts(given["reservations"], undefined, service["mem_reservation"]);
  const all = { ...(Object.keys(requests).length > 0 ? { requests } : {}), ...(Object.keys(limits).length > 0 ? { limits } : {}) };
  return Object.keys(all).length === 0 ? [] : [field("resources", valueCode(all))];
}

function probes(healthcheck: unknown, note: (what: string) => void): readonly Item[] {
  if (!isMap(healthcheck) || healthcheck["disable"] === true) return [];
  const test = healthcheck["test"];
  const [first, ...rest] = Array.isArray(test) ? test.map(String) : ["CMD-SHELL", String(test ?? "")];
  if (first === "NONE" || test === undefined) return [];
  const command = first === "CMD" ? rest : ["/bin/sh", "-c", rest.join(" ")];
  const timing = { periodSeconds: "interval", timeoutSeconds: "timeout", initialDelaySeconds: "start_period" };
  const times = Object.entries(timing).flatMap(([to, from]) => {
    const seconds = healthcheck[from] === undefined ? undefined : secondsOf(healthcheck[from]);
    if (healthcheck[from] !== undefined && seconds === undefined)
      note(`healthcheck ${from} ${JSON.stringify(healthcheck[from])} is no duration`);
    return seconds === undefined ? [] : [[to, seconds] as const];
  });
  if (typeof healthcheck["retries"] === "number") times.push(["failureThreshold", healthcheck["retries"]]);
  const options: Code = { type: "object", items: times.map(([key, value]) => field(key, valueCode(value))) };
  const call: Item[] = [{ value: valueCode(command) }, ...(times.length > 0 ? [{ value: options }] : [])];
  return [field("probes", { type: "object", items: [field("readiness", { type: "list", items: call, call: "execProbe" })] })];
}

function mounts(service: Fields, claimName: (volume: string) => string, used: string[], note: (what: string) => void): readonly Item[] {
  const items = new Map<string, Code>();
  let anonymous = 0;
  const scratch = (fields: Fields): Code => valueCode({ name: `scratch-${++anonymous}`, emptyDir: fields });
  for (const value of listOf(service["volumes"])) {
    const volume = volumeOf(value);
    if (!volume?.target.startsWith("/")) note(`volume ${JSON.stringify(value)} is none that can be read`);
    else if (volume.type === "tmpfs") items.set(volume.target, scratch({ medium: "Memory" }));
    else if (volume.type === "volume" && volume.source !== undefined) {
      used.push(volume.source);
      const name = claimName(volume.source);
      items.set(
        volume.target,
        volume.readOnly
          ? { type: "list", items: [{ value: text(name) }, { value: valueCode({ readOnly: true }) }], call: "mount" }
          : text(name),
      );
    } else if (volume.type === "volume") items.set(volume.target, scratch({}));
    else
      note(
        `${volume.source ?? "a path"} of the host at ${volume.target} is left out: configMap() and mount() carry files, claim() carries data`,
      );
  }
  for (const path of listOf(service["tmpfs"])) items.set(String(path).split(":")[0]!, scratch({ medium: "Memory" }));
  return items.size === 0 ? [] : [field("volumes", { type: "object", items: [...items].map(([key, value]) => field(key, value)) })];
}

function security(service: Fields, note: (what: string) => void): readonly Item[] {
  const capabilities = {
    ...(service["cap_add"] === undefined ? {} : { add: listOf(service["cap_add"]).map(String) }),
    ...(service["cap_drop"] === undefined ? {} : { drop: listOf(service["cap_drop"]).map(String) }),
  };
  const [user, group] = service["user"] === undefined ? [] : String(service["user"]).split(":");
  if (user !== undefined && !/^\d+$/.test(user)) note(`user ${user}: Kubernetes takes a number; the image's own user is taken`);
  const context = {
    ...(user !== undefined && /^\d+$/.test(user) ? { runAsUser: Number(user) } : {}),
    ...(group !== undefined && /^\d+$/.test(group) ? { runAsGroup: Number(group) } : {}),
    ...(service["privileged"] === true ? { privileged: true } : {}),
    ...(service["read_only"] === true ? { readOnlyRootFilesystem: true } : {}),
    ...(Object.keys(capabilities).length > 0 ? { capabilities } : {}),
  };
  return Object.keys(context).length === 0 ? [] : [field("securityContext", valueCode(context))];
}

function pod(service: Fields, note: (what: string) => void): readonly Item[] {
  const grace = service["stop_grace_period"] === undefined ? undefined : secondsOf(service["stop_grace_period"]);
  const hosts = listOf(
    Array.isArray(service["extra_hosts"]) ? service["extra_hosts"] : Object.entries(service["extra_hosts"] ?? {}).map((e) => e.join("=")),
  );
  const hostAliases = hosts.flatMap((entry) => {
    const [, host, ip] = /^([^=:]+)[=:](.+)$/.exec(String(entry)) ?? [];
    if (ip === "host-gateway" || ip === undefined) note(`extra_hosts ${String(entry)} has no equivalent`);
    return ip === undefined || ip === "host-gateway" ? [] : [{ ip, hostnames: [host!] }];
  });
  const fields = {
    ...(grace === undefined ? {} : { terminationGracePeriodSeconds: grace }),
    ...(hostAliases.length > 0 ? { hostAliases } : {}),
  };
  return Object.keys(fields).length === 0 ? [] : [field("pod", valueCode(fields))];
}

function restart(value: unknown, note: (what: string) => void): void {
  if (value === "no" || value === "on-failure" || value === false)
    note(`restart ${String(value)}: a Deployment's containers are always started again; kind: "Job" is for what ends`);
}
