/**
 * Custom kinds, typed as Kubernetes' own. The constructors in crds/ were written by
 *
 *   seatrial generate examples/custom-resources/databases.yaml -o examples/custom-resources/crds
 *   seatrial plan examples/custom-resources/main.ts
 */
import { inNamespace } from "seatrial";
import { Database } from "./crds/data.example/v1.ts";
import { definitions } from "./crds/definitions.ts";

const orders = Database({
  metadata: { name: "orders" },
  spec: {
    engine: "postgres", // "postgre" does not compile
    version: 17,
    storage: "20Gi",
    parameters: { max_connections: "200" },
    backups: { schedule: "0 3 * * *", keep: 60 },
  },
});

// This one compiles, and is refused by the plan: the rule is the definition's, in CEL.
const carts = Database({
  metadata: { name: "carts" },
  spec: { engine: "mysql", storage: "5Gi", backups: { schedule: "0 4 * * *", keep: 90 } },
});

export default [definitions, inNamespace("default", [orders, carts])];
