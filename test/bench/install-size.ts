/** What a user's `npm install` brings: packages and bytes, from the lock files and what lies on the disk. */
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers } from "./synth.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

export interface InstallRow {
  readonly what: string;
  readonly packages: number;
  readonly bytes: number;
}

interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly inBundle?: boolean;
}

/** @param withPeers false leaves out what `npm ci` in peers/ would install */
export function benchInstall(withPeers: boolean): readonly InstallRow[] {
  const rows = [ownRow()];
  if (!withPeers) return rows;
  const folder = dirname(installPeers());
  return [
    ...rows,
    peerRow("kubernetes-models alone: types and validation", folder, ["kubernetes-models"]),
    peerRow("kosko and kubernetes-models", folder, ["@kosko/cli", "kubernetes-models"]),
    peerRow("cdk8s, cdk8s-plus, constructs", folder, ["cdk8s", "cdk8s-plus-33", "constructs"]),
    peerRow("the same and cdk8s-cli", folder, ["cdk8s", "cdk8s-plus-33", "constructs", "cdk8s-cli"]),
  ];
}

/** The package as it is packed, and all that it depends on. */
function ownRow(): InstallRow {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--silent"], { cwd: PACKAGE, encoding: "utf8" });
  const [{ size, unpackedSize }] = JSON.parse(packed) as [{ readonly size: number; readonly unpackedSize: number }];
  const { dependencies = {} } = lockOf(PACKAGE)[""]!;
  const { packages, bytes } = closure(PACKAGE, Object.keys(dependencies));
  return { what: `seatrial (${(size / 2 ** 20).toFixed(1)} MiB packed)`, packages: packages + 1, bytes: bytes + unpackedSize };
}

function peerRow(what: string, folder: string, roots: readonly string[]): InstallRow {
  return { what, ...closure(folder, roots) };
}

function lockOf(folder: string): Readonly<Record<string, LockEntry>> {
  return (JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as { packages: Record<string, LockEntry> }).packages;
}

/** The packages that these need, found as Node finds them; what other platforms need is not on the disk and not counted. */
function closure(folder: string, roots: readonly string[]): { readonly packages: number; readonly bytes: number } {
  const lock = lockOf(folder);
  const found = new Set<string>();
  const queue = roots.map((name) => `node_modules/${name}`);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const entry = lock[at];
    if (!entry || found.has(at) || !existsSync(join(folder, at))) continue;
    found.add(at);
    const peers = Object.keys(entry.peerDependencies ?? {}).filter((name) => !entry.peerDependenciesMeta?.[name]?.optional);
    for (const name of [...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }), ...peers]) {
      const path = resolved(lock, at, name);
      if (path !== undefined) queue.push(path);
    }
  }
  let bytes = 0;
  for (const path of found) bytes += bytesOf(join(folder, path));
  return { packages: found.size, bytes };
}

/** Where `name` is found from the package at `from`: in its own folder, else in those above. */
function resolved(lock: Readonly<Record<string, LockEntry>>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock[path]) return path;
    if (at === "") return undefined;
  }
}

/** Of a package's own files: packages inside it count for themselves. */
function bytesOf(path: string): number {
  const about = lstatSync(path);
  if (!about.isDirectory()) return about.size;
  return readdirSync(path).reduce((sum, name) => (name === "node_modules" ? sum : sum + bytesOf(join(path, name))), 0);
}
