/** The projects that `seatrial init` starts: folders below `templates/` of the package. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Name → what it is, in the order shown. Each is the files of `common` and its own, which win. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  app: "a service with its environments, a cluster to plan it on, and a test of the infrastructure",
  "helm-wrapper": "typed values around a Helm chart: what helm template makes is checked and planned",
  platform: "namespaces of teams with quotas, limit ranges, network policies, RBAC and Pod Security levels",
  monorepo: "npm workspaces: several services and a library they share, in one plan",
};

const COMMON = "common";
/** npm leaves some dotfiles out of a package, and tools take a package.json for a package: these are packed under other names. */
const PACKED_AS: Readonly<Record<string, string>> = {
  _github: ".github",
  _gitignore: ".gitignore",
  "_gitlab-ci.yml": ".gitlab-ci.yml",
  "_package.json": "package.json",
};

export interface TemplateFile {
  /** Below the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** What stands for `{{name}}` and `{{version}}` in a template's files. */
export interface Filling {
  /** The project's name: a DNS label. */
  readonly name: string;
  /** Of this package. */
  readonly version: string;
}

/** The files of a template, filled in, ordered by path. */
export function templateFiles(template: string, filling: Filling): readonly TemplateFile[] {
  const files = new Map<string, TemplateFile>();
  for (const folder of [COMMON, template]) {
    const from = join(templatesFolder(), folder);
    for (const source of (readdirSync(from, { recursive: true }) as string[]).filter((p) => statSync(join(from, p)).isFile())) {
      const path = source
        .split(/[\\/]/)
        .map((segment) => PACKED_AS[segment] ?? segment)
        .join("/");
      const text = readFileSync(join(from, source), "utf8").replaceAll("{{name}}", filling.name).replaceAll("{{version}}", filling.version);
      files.set(path, { path, text, executable: path.endsWith(".sh") });
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}

function templatesFolder(): string {
  return join(packageFolder(), "templates");
}

/** Two folders above the sources, three above what is built. */
function packageFolder(): string {
  const candidates = ["../..", "../../.."].map((up) => fileURLToPath(new URL(up, import.meta.url)));
  const found = candidates.find((folder) => existsSync(join(folder, "templates", COMMON)));
  if (found === undefined) throw new Error("the templates are not where they were packed");
  return found;
}
