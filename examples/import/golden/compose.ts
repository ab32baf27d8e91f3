import { claim, execProbe, expose, workload } from "seatrial";

const data = claim("data", { storage: "1Gi", accessModes: ["ReadWriteOnce"] });

const web = workload("web", {
  image: "registry.example/guestbook:1.0",
  ports: { "tcp-3000": 3000 },
  env: { DATABASE_URL: "postgres://db:5432/guestbook" },
  probes: { readiness: execProbe(["wget", "-q", "http://localhost:3000"], { periodSeconds: 10 }) },
});

const db = workload("db", {
  image: "postgres:17",
  ports: { "tcp-5432": 5432 },
  volumes: { "/var/lib/postgresql/data": data },
});

const webService = expose(web, { 3000: "tcp-3000", 8080: "tcp-3000" });

const dbService = expose(db, { 5432: "tcp-5432" });

export default [data, web, db, webService, dbService];
