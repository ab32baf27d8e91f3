/** @see kubernetes pkg/apis/admissionregistration/v1/defaults.go */
import type {
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  RuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";

function rule<T extends RuleWithOperations>(given: T): T {
  return fill(given as RuleWithOperations, { scope: "*" }) as T;
}

function webhook<T extends MutatingWebhook | ValidatingWebhook>(given: T): T {
  let w: MutatingWebhook | ValidatingWebhook = fill(given as ValidatingWebhook, {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
  w = change(w, "rules", each(rule));
  return change(w, "clientConfig", (c) => change(c, "service", (s) => fill(s, { port: 443 }))) as T;
}

export function validatingWebhookConfiguration(given: ValidatingWebhookConfiguration): ValidatingWebhookConfiguration {
  return change(given, "webhooks", each(webhook));
}

export function mutatingWebhookConfiguration(given: MutatingWebhookConfiguration): MutatingWebhookConfiguration {
  return change(
    given,
    "webhooks",
    each((w) => fill(webhook(w), { reinvocationPolicy: "Never" })),
  );
}

function matchResources(given: MatchResources): MatchResources {
  const m = fill(given, { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} });
  return change(change(m, "resourceRules", each(rule)), "excludeResourceRules", each(rule));
}

export function validatingAdmissionPolicy(given: ValidatingAdmissionPolicy): ValidatingAdmissionPolicy {
  return change(given, "spec", (s) => change(fill(s, { failurePolicy: "Fail" }), "matchConstraints", matchResources));
}

export function mutatingAdmissionPolicy(given: MutatingAdmissionPolicy): MutatingAdmissionPolicy {
  return change(given, "spec", (s) =>
    change(fill(s, { failurePolicy: "Fail", reinvocationPolicy: "Never" }), "matchConstraints", matchResources),
  );
}

export function policyBinding<T extends ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding>(given: T): T {
  return change(given as ValidatingAdmissionPolicyBinding, "spec", (s) => change(s, "matchResources", matchResources)) as T;
}
