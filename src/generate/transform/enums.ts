/**
 * The values that a string field allows, as a union of literals. Most are in the OpenAPI document; it leaves some out although the API server
 * refuses every other value (or gives none a meaning), and those are here.
 * @see kubernetes staging/src/k8s.io/api (the constants), pkg/apis/core/validation/validation.go
 */

type Values = readonly string[];
const CONDITION_STATUS: Values = ["True", "False", "Unknown"];
const SELECTOR_OPERATOR: Values = ["In", "NotIn", "Exists", "DoesNotExist"];
const RETENTION: Values = ["Retain", "Delete"];
const RECURSIVE_READ_ONLY: Values = ["Disabled", "IfPossible", "Enabled"];
const RBAC_GROUP: Values = ["rbac.authorization.k8s.io"];

/** Fields whose values are all here. */
const CLOSED: Readonly<Record<string, Values>> = {
  "CSIDriverSpec.fsGroupPolicy": ["File", "None", "ReadWriteOnceWithFSType"],
  "CSIDriverSpec.volumeLifecycleModes": ["Persistent", "Ephemeral"],
  "Condition.status": CONDITION_STATUS,
  "Container.restartPolicy": ["Always", "Never", "OnFailure"],
  "ContainerResizePolicy.restartPolicy": ["NotRequired", "RestartContainer"],
  "ContainerRestartRule.action": ["Restart", "RestartAllContainers"],
  "ContainerRestartRuleOnExitCodes.operator": ["In", "NotIn"],
  "CustomResourceConversion.strategy": ["None", "Webhook"],
  "CustomResourceDefinitionSpec.scope": ["Cluster", "Namespaced"],
  "HPAScalingPolicy.type": ["Pods", "Percent"],
  "HPAScalingRules.selectPolicy": ["Max", "Min", "Disabled"],
  "IngressClassParametersReference.scope": ["Cluster", "Namespace"],
  "LabelSelectorRequirement.operator": SELECTOR_OPERATOR,
  "LimitResponse.type": ["Queue", "Reject"],
  "LoadBalancerIngress.ipMode": ["VIP", "Proxy"],
  "MetricSpec.type": ["ContainerResource", "External", "Object", "Pods", "Resource"],
  "MetricTarget.type": ["Utilization", "Value", "AverageValue"],
  "NodeAddress.type": ["Hostname", "InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS"],
  "ParamRef.parameterNotFoundAction": ["Allow", "Deny"],
  "PodFailurePolicyOnPodConditionsPattern.status": CONDITION_STATUS,
  "PodOS.name": ["linux", "windows"],
  "PodSecurityContext.seLinuxChangePolicy": ["MountOption", "Recursive"],
  "PriorityLevelConfigurationSpec.type": ["Exempt", "Limited"],
  "RoleRef.apiGroup": RBAC_GROUP,
  "RoleRef.kind": ["Role", "ClusterRole"],
  "ServiceSpec.ipFamilies": ["IPv4", "IPv6"],
  "ServiceSpec.trafficDistribution": ["PreferClose", "PreferSameZone", "PreferSameNode"],
  "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": RETENTION,
  "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": RETENTION,
  "StorageClass.reclaimPolicy": RETENTION,
  "Subject.kind": ["User", "Group", "ServiceAccount"],
  "Validation.reason": ["Unauthorized", "Forbidden", "Invalid", "RequestEntityTooLarge"],
  "VolumeMount.recursiveReadOnly": RECURSIVE_READ_ONLY,
};

/** Fields that also take values of a shape, or any other text: the usual ones are offered. */
const OPEN: Readonly<Record<string, string>> = {
  "EmptyDirVolumeSource.medium": `"" | "Memory" | "HugePages" | \`HugePages-\${string}\``,
  "LimitRangeItem.type": `"Container" | "Pod" | "PersistentVolumeClaim" | \`\${string}/\${string}\``,
  "Secret.type":
    '"Opaque" | "kubernetes.io/tls" | "kubernetes.io/dockerconfigjson" | "kubernetes.io/dockercfg" | "kubernetes.io/basic-auth" | ' +
    '"kubernetes.io/ssh-auth" | "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token" | (string & {})',
};

/** The allowed values of a field, or of the items of a list. */
export function enumValues(schema: string, field: string, documented: Values | undefined): Values | undefined {
  return CLOSED[`${schema}.${field}`] ?? documented;
}

/** The type of a field with usual values and room for others. */
export function openEnum(schema: string, field: string): string | undefined {
  return OPEN[`${schema}.${field}`];
}

/** Every `schema.field` that this file names. */
export const ENUM_FIELDS: readonly string[] = [...Object.keys(CLOSED), ...Object.keys(OPEN)];
