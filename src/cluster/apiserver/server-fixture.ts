/** A server to test with, and a few objects. */
import { type Kind, type KubeObject, kindOf, type Unchecked } from "../../api/object.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import { Loop } from "../../sim/loop.ts";
import type { ServiceAddresses } from "../../sim/network.ts";
import { ApiServer } from "./server.ts";

/** Hands out addresses from the end of a range, ports from 30100 on; remembers what is taken. */
export class FakeAddresses implements ServiceAddresses {
  readonly families: readonly ("IPv4" | "IPv6")[];
  readonly taken: Set<string> = new Set<string>();

  constructor(families: readonly ("IPv4" | "IPv6")[] = ["IPv4"]) {
    this.families = families;
  }

  dryRunIp(family: "IPv4" | "IPv6"): string {
    return family === "IPv4" ? "10.96.0.0" : "fd00::";
  }

  allocateIp(_key: string, family: "IPv4" | "IPv6", wanted?: string): { ip: string } | { error: string } {
    let ip = wanted;
    for (let i = 1; ip === undefined; i++) {
      const next = family === "IPv4" ? `10.96.1.${i}` : `fd00::1:${i}`;
      if (!this.taken.has(next)) ip = next;
    }
    if (this.taken.has(ip)) return { error: "provided IP is already allocated" };
    this.taken.add(ip);
    return { ip };
  }

  releaseIp(ip: string): void {
    this.taken.delete(ip);
  }

  allocatePort(key: string, protocol: string, wanted?: number): { port: number } | { error: string } {
    let port = wanted;
    for (let i = 30_100; port === undefined; i++) if (!this.#owner(i)) port = i;
    if (port < 30_000 || port > 32_767)
      return { error: "provided port is not in the valid range. The range of valid ports is 30000-32767" };
    const owner = this.#owner(port);
    if ((owner && owner !== key) || this.taken.has(`${port} ${protocol} ${key}`)) return { error: "provided port is already allocated" };
    this.taken.add(`${port} ${protocol} ${key}`);
    return { port };
  }

  #owner(port: number): string | undefined {
    for (const entry of this.taken) if (entry.startsWith(`${port} `)) return entry.split(" ")[2];
    return undefined;
  }

  releasePort(port: number, protocol: string): void {
    for (const entry of this.taken) if (entry.startsWith(`${port} ${protocol} `)) this.taken.delete(entry);
  }
}

export interface Fixture {
  readonly server: ApiServer;
  readonly loop: Loop;
  readonly addresses: FakeAddresses;
}

/** A server with the ServiceAccount that Pods of `default` run as. */
export function fixture(addresses: FakeAddresses = new FakeAddresses()): Fixture {
  const loop = new Loop();
  const server = new ApiServer({ loop, addresses });
  server.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } });
  return { server, loop, addresses };
}

/** The object of an accepted answer. */
export function accepted<T extends KubeObject>(answer: Answer<T>): T {
  if (isRefused(answer)) throw new Error(`refused: ${answer.message}`);
  return answer.object;
}

/** Everything in the store, as text: for "leaves no trace". */
export function dump(server: ApiServer): string {
  return JSON.stringify(server.kinds().flatMap(({ kind }) => server.list(kind)));
}

export const CONFIG_MAP: Kind = kindOf("v1", "ConfigMap");
export const DEPLOYMENT: Kind = kindOf("apps/v1", "Deployment");
export const POD: Kind = kindOf("v1", "Pod");
export const NAMESPACE: Kind = kindOf("v1", "Namespace");
export const SERVICE: Kind = kindOf("v1", "Service");

export function configMap(name: string, data: Unchecked, more: Unchecked = {}): Unchecked {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...more }, data };
}

export function deployment(name: string, spec: Unchecked = {}, image = "nginx:1.27"): Unchecked {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image }] } },
      ...spec,
    },
  };
}

export function pod(name: string, spec: Unchecked = {}, metadata: Unchecked = {}): Unchecked {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: { containers: [{ name: "main", image: "nginx:1.27" }], ...spec },
  };
}

export function service(name: string, spec: Unchecked): Unchecked {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec } };
}
