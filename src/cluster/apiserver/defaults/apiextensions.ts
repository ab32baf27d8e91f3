/** @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go */
import type { APIService, CustomResourceDefinition } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";

export function customResourceDefinition({ spec: s }: Draft<CustomResourceDefinition>): void {
  if (!s) return;
  if (s.names?.kind) fill(s.names, { singular: s.names.kind.toLowerCase(), listKind: `${s.names.kind}List` });
  s.conversion ??= { strategy: "None" };
  const service = s.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
}

/** @see kubernetes staging/src/k8s.io/kube-aggregator/pkg/apis/apiregistration/v1/defaults.go */
export function apiService({ spec }: Draft<APIService>): void {
  if (spec?.service) spec.service.port ??= 443;
}
