/** @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go */
import type { APIService, CustomResourceDefinition } from "../../../../generated/v1.36/model.ts";
import { change, fill } from "./fill.ts";

export function customResourceDefinition(given: CustomResourceDefinition): CustomResourceDefinition {
  return change(given, "spec", (spec) => {
    let s = change(spec, "names", (n) => fill(n, n.kind ? { singular: n.kind.toLowerCase(), listKind: `${n.kind}List` } : {}));
    s = fill(s, { conversion: { strategy: "None" } });
    return change(s, "conversion", (c) =>
      change(c, "webhook", (w) => change(w, "clientConfig", (cc) => change(cc, "service", (svc) => fill(svc, { port: 443 })))),
    );
  });
}

/** @see kubernetes staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/v1/defaults.go */
export function apiService(given: APIService): APIService {
  return change(given, "spec", (s) => change(s, "service", (svc) => fill(svc, { port: 443 })));
}
