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
import { type Draft, fill } from "./fill.ts";

function rule(own: Draft<RuleWithOperations>): void {
  own.scope ??= "*";
}

function webhook(own: Draft<MutatingWebhook | ValidatingWebhook>): void {
  own.failurePolicy ??= "Fail";
  own.matchPolicy ??= "Equivalent";
  own.namespaceSelector ??= {};
  own.objectSelector ??= {};
  own.timeoutSeconds ??= 10;
  own.rules?.forEach(rule);
  if (own.clientConfig?.service) own.clientConfig.service.port ??= 443;
}

export function validatingWebhookConfiguration({ webhooks }: Draft<ValidatingWebhookConfiguration>): void {
  webhooks?.forEach(webhook);
}

export function mutatingWebhookConfiguration({ webhooks }: Draft<MutatingWebhookConfiguration>): void {
  for (const own of webhooks ?? []) {
    webhook(own);
    own.reinvocationPolicy ??= "Never";
  }
}

function matchResources(own: Draft<MatchResources>): void {
  fill(own, { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} });
  own.resourceRules?.forEach(rule);
  own.excludeResourceRules?.forEach(rule);
}

export function validatingAdmissionPolicy({ spec }: Draft<ValidatingAdmissionPolicy>): void {
  if (!spec) return;
  spec.failurePolicy ??= "Fail";
  if (spec.matchConstraints) matchResources(spec.matchConstraints);
}

export function mutatingAdmissionPolicy({ spec }: Draft<MutatingAdmissionPolicy>): void {
  if (!spec) return;
  spec.failurePolicy ??= "Fail";
  spec.reinvocationPolicy ??= "Never";
  if (spec.matchConstraints) matchResources(spec.matchConstraints);
}

export function policyBinding({ spec }: Draft<ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding>): void {
  if (spec?.matchResources) matchResources(spec.matchResources);
}
