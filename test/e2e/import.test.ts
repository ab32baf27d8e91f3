/** Manifests to TypeScript and back: the same objects, type-checked, with their comments. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command } from "../../src/commands/import.ts";
import { canonicalJson } from "../../src/lib/canonical-json.ts";
import { manifestObjects } from "../../src/sdk/load/manifests.ts";
import { loadModule } from "../../src/sdk/load/typescript/load-module.ts";
import { golden } from "../support/golden.ts";
import { type Project, packageFolder, project } from "./run-cli.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const CORPUS = join(root, "../shared/corpus");

interface Imported {
  readonly text: string;
  readonly said: string;
}

async function imported(path: string, cwd: string): Promise<Imported> {
  let text = "";
  let said = "";
  const terminal = { isTerminal: false, colors: false, columns: 80 };
  await command.run({
    ...{ positionals: [path], option: () => undefined, list: () => [], flag: () => false, cwd, env: {}, nowMs: () => 0 },
    ...{ stdin: async () => new Uint8Array(), stdout: terminal, stderr: terminal },
    out: (t) => {
      text += t;
    },
    err: (t) => {
      said += t;
    },
  });
  return { text, said };
}

function withPackage(files: Readonly<Record<string, string>>): Project {
  const p = project({ ...files, "package.json": '{ "type": "module" }' });
  mkdirSync(join(p.dir, "node_modules"));
  symlinkSync(packageFolder, join(p.dir, "node_modules/seatrial"));
  return p;
}

/** What the compiler says of all TypeScript of a project. */
function typeErrors(p: Project): string {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "NodeNext",
    target: "ES2023",
    lib: ["ES2023"],
    types: [],
    skipLibCheck: true,
  };
  p.write({ "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }) });
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", p.dir, "--pretty", "false"], { cwd: p.dir, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test("a page of everything", async () => {
  const { text, said } = await imported("fixtures/import/shop.yaml", here);
  golden(join(here, "golden/import/shop.ts.txt"), text);
  assert.is(said, "");
  const p = withPackage({ "shop.ts": text });
  assert.is(typeErrors(p), "");
  const made = (await loadModule(join(p.dir, "shop.ts"), { cwd: p.dir })).objects.map((o) => o.object);
  const given = manifestObjects(readFileSync(join(here, "fixtures/import/shop.yaml"), "utf8"), "shop.yaml").map((o) => o.object);
  assert.is(canonicalJson(made), canonicalJson(given));
});

test("a Compose file", async () => {
  const { text, said } = await imported("fixtures/import/compose.yaml", here);
  golden(join(here, "golden/import/compose.ts.txt"), `${text}\n/* Said on standard error:\n${said}*/\n`);
  const p = withPackage({ "compose.ts": text });
  assert.is(typeErrors(p), "");
  const checked = p.run(["check", "compose.ts"]);
  assert.is(checked.code, 0, checked.stdout + checked.stderr);
});

test("every manifest of the corpus comes back as it was, and type-checks", async () => {
  if (!existsSync(CORPUS)) return void console.log("SKIPPED the corpus is not there");
  const files = (readdirSync(CORPUS, { recursive: true }) as string[]).filter((f) => /\.ya?ml$/.test(f)).sort();
  const p = withPackage({});
  let count = 0;
  for (const [i, file] of files.entries()) {
    const yaml = readFileSync(join(CORPUS, file), "utf8");
    let given: readonly object[];
    try {
      given = manifestObjects(yaml, file).map((o) => o.object);
    } catch {
      continue; // a key twice, or no manifest
    }
    const { text } = await imported(file, CORPUS);
    p.write({ [`f${i}.ts`]: text });
    const made = (await loadModule(join(p.dir, `f${i}.ts`), { cwd: p.dir })).objects.map((o) => o.object);
    assert.is(canonicalJson(made), canonicalJson(given), file);
    const comments = (yaml.match(/^\s*#.*$/gm) ?? []).map((c) => c.replace(/^[\s#]+/, "").trim()).filter((c) => c !== "");
    const lost = comments.filter((c) => !text.includes(c) && !text.includes(c.replaceAll("`", "\\`")));
    assert.equal(lost, [], file);
    count++;
  }
  assert.ok(count > 200, `${count} files`);
  assert.is(typeErrors(p), "");
});

test("what cannot be imported, and where it is written", () => {
  const p = project({
    "a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
    "values.yaml": "a: 1\n",
    "b.yaml": "kind: Pod\n",
    "there.ts": "",
  });
  assert.is(p.run(["import", "a.yaml", "-o", "a.ts"]).code, 0);
  assert.match(p.read("a.ts"), /^import \{ Namespace \} from "seatrial\/core\/v1";\n\nconst a = Namespace\(/);
  assert.match(p.run(["import", "a.yaml", "-o", "there.ts"]).stderr, /there.ts is there already: --force writes over it/);
  assert.is(p.run(["import", "a.yaml", "-o", "there.ts", "--force"]).code, 0);
  assert.match(p.run(["import", "b.yaml"]).stderr, /this object has no apiVersion/);
  assert.match(p.run(["import", "none.yaml"]).stderr, /there is no file or folder none.yaml/);
  assert.match(p.run(["import"]).stderr, /import needs a file/);
  assert.match(
    p.run(["import", "-"], "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n").stdout,
    /const p = Pod\(\{ metadata: \{ name: "p" \} \}\);/,
  );
  const live = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, uid: u, resourceVersion: '1'}\nstatus: {phase: Active}\n";
  assert.match(p.run(["import", "-", "--clean"], live).stdout, /^const a = Namespace\(\{ metadata: \{ name: "a" \} \}\);$/m);
  p.write({ "folder/a.yaml": p.read("a.yaml"), "folder/values.yaml": "a: 1\n" });
  const folder = p.run(["import", "folder"]);
  assert.match(folder.stderr, /folder\/values.yaml: skipped, it is no Kubernetes object/);
  assert.match(folder.stdout, /\/\/ folder\/a.yaml\n/);
});

test.run();
