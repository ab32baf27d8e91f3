/**
 * Fields without which the API server refuses an object although the OpenAPI document does not say so, and lists that it refuses when empty.
 * @see kubernetes pkg/apis/core/validation/validation.go, pkg/apis/apps/validation/validation.go and their neighbours
 */

/** By the schema's last name part, or by the full name where two schemas share it. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  AggregationRule: ["clusterRoleSelectors"],
  ConfigMapKeySelector: ["name"],
  ConfigMapEnvSource: ["name"],
  ConfigMapVolumeSource: ["name"],
  Container: ["image"],
  CronJobSpec: ["schedule", "jobTemplate"],
  CustomResourceDefinitionVersion: ["schema"],
  CustomResourceValidation: ["openAPIV3Schema"],
  DaemonSet: ["spec"],
  Deployment: ["spec"],
  DeviceSelector: ["cel"],
  EphemeralContainer: ["image"],
  ExecAction: ["command"],
  FlowSchema: ["spec"],
  Ingress: ["spec"],
  IngressClass: ["spec"],
  IngressClassSpec: ["controller"],
  Job: ["spec"],
  JobTemplateSpec: ["spec"],
  LimitRange: ["spec"],
  LocalVolumeSource: ["path"],
  MutatingAdmissionPolicy: ["spec"],
  MutatingAdmissionPolicyBinding: ["spec"],
  NamedRuleWithOperations: ["apiGroups", "apiVersions", "operations", "resources"],
  NetworkPolicy: ["spec"],
  PersistentVolume: ["spec"],
  PersistentVolumeClaim: ["spec"],
  PersistentVolumeClaimSpec: ["accessModes", "resources"],
  PersistentVolumeSpec: ["accessModes", "capacity"],
  Pod: ["spec"],
  PodDNSConfigOption: ["name"],
  PodDisruptionBudget: ["spec"],
  PodTemplate: ["template"],
  PodTemplateSpec: ["spec"],
  PriorityLevelConfiguration: ["spec"],
  ReplicaSet: ["spec"],
  ReplicaSetSpec: ["template"],
  ReplicationController: ["spec"],
  ReplicationControllerSpec: ["template"],
  ResourceQuota: ["spec"],
  RuleWithOperations: ["apiGroups", "apiVersions", "operations", "resources"],
  SecretEnvSource: ["name"],
  SecretKeySelector: ["name"],
  Service: ["spec"],
  StatefulSet: ["spec"],
  ValidatingAdmissionPolicy: ["spec"],
  ValidatingAdmissionPolicyBinding: ["spec"],
  ValidatingAdmissionPolicySpec: ["matchConstraints"],
  VolumeResourceRequirements: ["requests"],
  WebhookConversion: ["clientConfig"],
};

/** Lists that must have an item; a schema's last name part and field. */
const NON_EMPTY: ReadonlySet<string> = new Set([
  "AggregationRule.clusterRoleSelectors",
  "CustomResourceDefinitionSpec.versions",
  "Endpoint.addresses",
  "ExecAction.command",
  "HTTPIngressRuleValue.paths",
  "MutatingWebhook.admissionReviewVersions",
  "NodeSelector.nodeSelectorTerms",
  "PersistentVolumeClaimSpec.accessModes",
  "PersistentVolumeSpec.accessModes",
  "PodFailurePolicyOnExitCodesRequirement.values",
  "PodSpec.containers",
  "PolicyRule.verbs",
  "ValidatingAdmissionPolicyBindingSpec.validationActions",
  "ValidatingWebhook.admissionReviewVersions",
]);

/** The required fields of a schema: the document's and those above. */
export function requiredFields(schema: string, documented: readonly string[] = []): ReadonlySet<string> {
  return new Set([...documented, ...(REQUIRED[schema] ?? [])]);
}

export function isNonEmpty(schema: string, field: string): boolean {
  return NON_EMPTY.has(`${schema}.${field}`);
}

/** Every `schema.field` that this file names. */
export const REQUIRED_FIELDS: readonly string[] = [
  ...NON_EMPTY,
  ...Object.entries(REQUIRED).flatMap(([schema, fields]) => fields.map((f) => `${schema}.${f}`)),
];
