import { test } from "uvu";
import * as assert from "uvu/assert";
import { importCompose, isCompose } from "./compose.ts";
import { bytesOf, dnsName, entriesOf, portsOf, secondsOf, volumeOf, wordsOf } from "./values.ts";

test("ports", () => {
  const tcp = (target: number, published?: number): object => ({ target, published, protocol: "TCP" });
  const cases: readonly (readonly [unknown, unknown])[] = [
    ["80", [tcp(80)]],
    [80, [tcp(80)]],
    ["8080:80", [tcp(80, 8080)]],
    ["127.0.0.1:8080:80", [tcp(80, 8080)]],
    ["[::1]:8080:80", [tcp(80, 8080)]],
    ["53:53/udp", [{ target: 53, published: 53, protocol: "UDP" }]],
    ["3000-3001", [tcp(3000), tcp(3001)]],
    ["4000-4001:3000-3001", [tcp(3000, 4000), tcp(3001, 4001)]],
    [{ target: 80, published: "8080", protocol: "tcp" }, [tcp(80, 8080)]],
    ["4000-4005:3000-3001", undefined],
    ["http", undefined],
    ["70000", undefined],
    [{ published: 1 }, undefined],
  ];
  for (const [given, wanted] of cases) assert.equal(portsOf(given), wanted, JSON.stringify(given));
});

test("durations, sizes, names, words, volumes, lists", () => {
  assert.equal(["1m30s", "500ms", "10s", "1h", 5, "soon", ""].map(secondsOf), [90, 1, 10, 3600, 5, undefined, undefined]);
  assert.equal(["512m", "1gb", "1048576", "1.5g", "64b", "much"].map(bytesOf), ["512Mi", "1Gi", "1048576", "1.5Gi", "64", undefined]);
  assert.equal(["my_db", "Web", "1st", "__"].map(dnsName), ["my-db", "web", "st", "service"]);
  assert.equal(wordsOf(`sh -c "echo 'a b' \\"c\\"" 'd e' f\\ g`), ["sh", "-c", `echo 'a b' "c"`, "d e", "f g"]);
  assert.equal(wordsOf(["a b", 1]), ["a b", "1"]);
  assert.equal(volumeOf("./a:/b:ro"), { type: "bind", source: "./a", target: "/b", readOnly: true });
  assert.equal(volumeOf("data:/b"), { type: "volume", source: "data", target: "/b", readOnly: false });
  assert.equal(volumeOf("/b"), { type: "volume", target: "/b", readOnly: false });
  assert.equal(entriesOf(["A=1=2", "B"]), [
    ["A", "1=2"],
    ["B", null],
  ]);
  assert.equal(entriesOf({ A: 1, B: null, C: true }), [
    ["A", "1"],
    ["B", null],
    ["C", "true"],
  ]);
});

const service = (fields: object): { readonly text: string; readonly notes: readonly string[] } =>
  importCompose({ services: { web: { image: "x", ...fields } } });

test("what a service says, and where it goes", () => {
  const says = (fields: object, wanted: RegExp): void => assert.match(service(fields).text, wanted);
  says({ entrypoint: "/run.sh --fast", command: ["a", "b c"] }, /command: \["\/run.sh", "--fast"\],\s*args: \["a", "b c"\]/);
  says({ environment: { A: "${B:-c}", D: "$$e" } }, /env: \{ A: "c", D: "\$e" \}/);
  says(
    { deploy: { resources: { limits: { cpus: "0.5", memory: "64M" }, reservations: { memory: "32M" } } } },
    /resources: \{ requests: \{ memory: "32Mi" \}, limits: \{ cpu: "0.5", memory: "64Mi" \} \}/,
  );
  says({ healthcheck: { test: "curl x", interval: "10s" } }, /execProbe\(\["\/bin\/sh", "-c", "curl x"\], \{ periodSeconds: 10 \}\)/);
  says({ user: "1000:2000", privileged: true, cap_add: ["NET_ADMIN"] }, /runAsUser: 1000,? *\n? *runAsGroup: 2000/);
  says(
    { stop_grace_period: "1m", extra_hosts: ["a:1.2.3.4"] },
    /terminationGracePeriodSeconds: 60,\s*hostAliases: \[\{ ip: "1.2.3.4", hostnames: \["a"\] \}\]/,
  );
  says({ tmpfs: "/run" }, /"\/run": \{ name: "scratch-1", emptyDir: \{ medium: "Memory" \} \}/);
  assert.not.match(service({ healthcheck: { disable: true } }).text, /probes/);
});

test("what has no equivalent is said", () => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ build: "." }, /^web: build has no equivalent: build the image/],
    [{ networks: ["a"] }, /^web: networks has no equivalent: every Pod reaches every other/],
    [{ frobnicate: 1 }, /^web: frobnicate has no equivalent$/],
    [{ environment: ["A"] }, /^web: environment A comes from the shell/],
    [{ environment: { A: "${B}" } }, /^web: B comes from the shell .*: it stands as \$\{B\}$/],
    [{ volumes: ["./a:/b"] }, /^web: \.\/a of the host at \/b is left out/],
    [{ restart: "no" }, /^web: restart no: a Deployment's containers are always started again/],
    [{ user: "nginx" }, /^web: user nginx: Kubernetes takes a number/],
    [{ ports: ["x"] }, /^web: port "x" is none that can be read/],
  ];
  for (const [fields, note] of cases)
    assert.ok(
      service(fields).notes.some((n) => note.test(n)),
      `${note}: ${service(fields).notes.join("\n")}`,
    );
  assert.equal(service({ "x-anything": 1, restart: "always", tty: true }).notes, []);
});

test("links are Services of other names", () => {
  const { text, notes } = importCompose({
    services: { web: { image: "w", links: ["db:database"] }, db: { image: "d" }, cache: { image: "c", expose: [6379] } },
  });
  assert.match(notes.join("\n"), /^db: web may want to reach it, but it says no port/m);
  assert.match(text, /const cacheService = expose\(cache, \{ 6379: "tcp-6379" \}\);/);
  const linked = importCompose({ services: { web: { image: "w", links: ["db:database"] }, db: { image: "d", expose: ["5432"] } } });
  assert.match(linked.text, /const databaseService = expose\(db, \{ 5432: "tcp-5432" \}, \{ name: "database" \}\);/);
});

test("a Compose file is told from manifests", () => {
  assert.ok(isCompose([{ services: {} }]));
  assert.not.ok(isCompose([{ services: {}, apiVersion: "v1" }]));
  assert.not.ok(isCompose([{ services: {} }, {}]));
  assert.not.ok(isCompose([[], 1]));
});

test.run();
