/** The rules of the house, held: who may import whom, what may not be called, how long a file may be. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every room and whom it may import besides itself: always downwards. `types` may be imported as types only. */
const ROOMS: Readonly<Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }>> = {
  "src/lib": { imports: [] },
  "src/api": { imports: ["src/lib"], types: ["generated"] },
  generated: { imports: ["src/api"] },
  "src/sim": { imports: ["src/lib", "src/api"], types: ["generated"] },
  "src/cluster/apiserver": { imports: ["src/lib", "src/api", "src/sim", "generated"] },
  "src/cluster/controllers": { imports: ["src/lib", "src/api", "src/sim"], types: ["generated"] },
  "src/cluster/scheduler": { imports: ["src/lib", "src/api", "src/sim"], types: ["generated"] },
  "src/cluster/kubelet": { imports: ["src/lib", "src/api", "src/sim"], types: ["generated"] },
  "src/cluster/network": { imports: ["src/lib", "src/api", "src/sim"], types: ["generated"] },
  "src/cluster": {
    imports: [
      "src/lib",
      "src/api",
      "src/sim",
      "generated",
      "src/cluster/apiserver",
      "src/cluster/controllers",
      "src/cluster/scheduler",
      "src/cluster/kubelet",
      "src/cluster/network",
    ],
  },
  "src/plan": { imports: ["src/lib", "src/api", "src/sim", "generated", "src/cluster", "src/cluster/scheduler"] },
  "src/generate": { imports: ["src/lib", "src/api"] },
  "src/sdk": { imports: ["src/lib", "src/api", "src/sim", "generated", "src/cluster", "src/cluster/network"] },
  "src/commands": {
    imports: ["src/lib", "src/api", "src/sim", "src/cluster", "src/cluster/scheduler", "src/plan", "src/sdk", "src/generate", "generated"],
  },
  src: {
    imports: [
      "src/lib",
      "src/api",
      "src/sim",
      "src/cluster",
      "src/cluster/network",
      "src/cluster/scheduler",
      "src/plan",
      "src/sdk",
      "src/commands",
      "generated",
    ],
  },
};

/** What does not occur below the command line: the wall clock, chance, timers, the machine's language. */
const BANNED =
  /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.now|localeCompare|toLocale\w+|(?<![-\w])process\.\w+)/;
/** The rooms that a simulation runs in: pure. */
const PURE = ["src/lib", "src/api", "src/sim", "src/cluster", "src/plan", "generated"];
const LINES_MAX = 400;

interface Source {
  readonly path: string;
  readonly text: string;
}

function sources(dir: string): Source[] {
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((e) => {
    const path = `${dir}/${e.name}`;
    if (e.isDirectory()) return sources(path);
    return path.endsWith(".ts") ? [{ path, text: readFileSync(join(root, path), "utf8") }] : [];
  });
}

const files = [...sources("src"), ...sources("generated")];
const shipped = files.filter((f) => !/\.test\.ts$/.test(f.path));
const isHandWritten = (f: Source): boolean => !f.path.startsWith("generated/");
const roomOf = (path: string): string => Object.keys(ROOMS).find((room) => path.startsWith(`${room}/`)) ?? "";

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Static and dynamic imports, relative ones resolved to paths below the root. */
function importsOf(f: Source): Import[] {
  const found = f.text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)/g);
  return [...found].map((m) => {
    const to = m[2] ?? m[3] ?? "";
    return { from: to.startsWith(".") ? relative(root, resolve(root, dirname(f.path), to)) : to, typeOnly: m[1] !== undefined };
  });
}

test("the rules see the files they are about", () => {
  assert.ok(shipped.length > 40, `${shipped.length} files`);
  assert.ok(importsOf(shipped.find((f) => f.path === "src/sim/loop.ts")!).some((i) => i.from === "src/lib/heap.ts"));
});

test("imports go downwards only", () => {
  const wrong: string[] = [];
  for (const f of shipped) {
    const room = roomOf(f.path);
    const rule = ROOMS[room];
    assert.ok(rule, `${f.path} lies in no room`);
    for (const i of importsOf(f)) {
      if (!i.from.startsWith("src/") && !i.from.startsWith("generated/")) continue;
      const to = roomOf(i.from);
      if (to !== room && !rule.imports.includes(to) && !(i.typeOnly && rule.types?.includes(to))) wrong.push(`${f.path} imports ${i.from}`);
    }
  }
  assert.equal(wrong, []);
});

test("there are no import circles", () => {
  const graph = new Map(
    shipped.map((f) => [
      f.path,
      importsOf(f)
        .filter((i) => !i.typeOnly)
        .map((i) => i.from),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done" || !graph.has(path)) return;
    if (state.get(path) === "open") {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    state.set(path, "open");
    for (const to of graph.get(path)!) visit(to, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  assert.equal(circles, []);
});

test("below the command line there is no clock, no chance, no timer, no machine", () => {
  const wrong = shipped
    .filter((f) => PURE.some((room) => f.path.startsWith(`${room}/`)))
    .flatMap((f) =>
      f.text
        .split("\n")
        .flatMap((line, i) => (/^\s*(\*|\/\/|\/\*)/.test(line) ? [] : BANNED.test(line) ? [`${f.path}:${i + 1} ${line.trim()}`] : [])),
    );
  assert.equal(wrong, []);
});

test("the simulation reads no files and starts no processes", () => {
  const wrong = shipped
    .filter((f) => PURE.some((room) => f.path.startsWith(`${room}/`)))
    .flatMap((f) => importsOf(f).flatMap((i) => (i.from.startsWith("node:") ? [`${f.path} imports ${i.from}`] : [])));
  assert.equal(wrong, []);
});

test("the tools of the generator live in the generator only", () => {
  const wrong = shipped
    .filter((f) => !f.path.startsWith("src/generate/"))
    .flatMap((f) =>
      importsOf(f).flatMap((i) =>
        /^(ts-morph|json-schema-to-typescript|openapi-types)/.test(i.from) ? [`${f.path} imports ${i.from}`] : [],
      ),
    );
  assert.equal(wrong, []);
});

test(`hand-written files have at most ${LINES_MAX} lines`, () => {
  const long = files
    .filter(isHandWritten)
    .flatMap((f) => (f.text.split("\n").length > LINES_MAX + 1 ? [`${f.path} (${f.text.split("\n").length})`] : []));
  assert.equal(long, []);
});

test("file names are kebab-case and say something", () => {
  const wrong = files.filter(isHandWritten).flatMap((f) => {
    const name = f.path.slice(f.path.lastIndexOf("/") + 1);
    return /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(name) && !/^(utils?|helpers?|misc|common)\./.test(name) ? [] : [f.path];
  });
  assert.equal(wrong, []);
});

test("no test is left focused, and every test file runs its tests", () => {
  const tests = files.filter((f) => /\.test\.ts$/.test(f.path));
  assert.equal(
    tests.filter((f) => /\b\w+\.only\(/.test(f.text) || !/\.run\(\)/.test(f.text)).map((f) => f.path),
    [],
  );
});

test("the top level holds what the house plan names, and nothing else but dotfiles", () => {
  const known = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "src",
    "generated",
    "templates",
    "examples",
    "test",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
  ];
  const ignored = ["node_modules", "dist"];
  const extra = readdirSync(root).filter((name) => !name.startsWith(".") && ![...known, ...ignored].includes(name));
  assert.equal(extra, []);
  assert.ok(statSync(join(root, ".ci/run")).mode & 0o100, ".ci/run is executable");
});

test("the lock file names no registry host", () => {
  assert.not.match(readFileSync(join(root, "package-lock.json"), "utf8"), /"resolved":\s*"http/);
});

test.run();
