/**
 * What the OpenAPI document does not say of a field: whether the API server keeps a zero value or leaves it out. By schema (without its
 * common prefix), field names apart by a space.
 * @see kubernetes staging/src/k8s.io/api (types.go of each group: pointers, `omitempty`)
 */
import type { FieldSchema } from "../../api/schema.ts";

/** Strings that are pointers in Go: `""` differs from absent. Every other optional string is left out when empty. */
const EMPTY_STRING_IS_KEPT: Readonly<Record<string, string>> = {
  "admissionregistration.v1.MatchResources": "matchPolicy",
  "admissionregistration.v1.MutatingAdmissionPolicySpec": "failurePolicy",
  "admissionregistration.v1.MutatingWebhook": "failurePolicy matchPolicy sideEffects reinvocationPolicy",
  "admissionregistration.v1.ParamRef": "parameterNotFoundAction",
  "admissionregistration.v1.NamedRuleWithOperations": "scope",
  "admissionregistration.v1.RuleWithOperations": "scope",
  "admissionregistration.v1.ServiceReference": "path",
  "admissionregistration.v1.ValidatingAdmissionPolicySpec": "failurePolicy",
  "admissionregistration.v1.ValidatingWebhook": "failurePolicy matchPolicy sideEffects",
  "admissionregistration.v1.Validation": "reason",
  "admissionregistration.v1.WebhookClientConfig": "url",
  "apiextensions.v1.CustomResourceDefinitionVersion": "deprecationWarning",
  "apiextensions.v1.CustomResourceSubresourceScale": "labelSelectorPath",
  "apiextensions.v1.JSONSchemaProps": "$ref x-kubernetes-list-type x-kubernetes-map-type",
  "apiextensions.v1.ServiceReference": "path",
  "apiextensions.v1.ValidationRule": "reason",
  "apiextensions.v1.WebhookClientConfig": "url",
  "autoscaling.v2.HPAScalingRules": "selectPolicy",
  "batch.v1.CronJobSpec": "timeZone",
  "batch.v1.JobSpec": "completionMode podReplacementPolicy managedBy",
  "batch.v1.JobStatus": "failedIndexes",
  "batch.v1.PodFailurePolicyOnExitCodesRequirement": "containerName",
  "batch.v1.SuccessPolicyRule": "succeededIndexes",
  "coordination.v1.LeaseSpec": "holderIdentity strategy preferredHolder",
  "core.v1.AppArmorProfile": "localhostProfile",
  "core.v1.AzureDiskVolumeSource": "cachingMode fsType kind",
  "core.v1.AzureFilePersistentVolumeSource": "secretNamespace",
  "core.v1.CSIVolumeSource": "fsType",
  "core.v1.ClusterTrustBundleProjection": "name signerName",
  "core.v1.Container": "restartPolicy",
  "core.v1.ContainerStatus": "stopSignal",
  "core.v1.EndpointAddress": "nodeName",
  "core.v1.EndpointPort": "appProtocol",
  "core.v1.GRPCAction": "service",
  "core.v1.GlusterfsPersistentVolumeSource": "endpointsNamespace",
  "core.v1.HostPathVolumeSource": "type",
  "core.v1.ISCSIPersistentVolumeSource": "initiatorName",
  "core.v1.ISCSIVolumeSource": "initiatorName",
  "core.v1.Lifecycle": "stopSignal",
  "core.v1.LoadBalancerIngress": "ipMode",
  "core.v1.LocalVolumeSource": "fsType",
  "core.v1.PersistentVolumeClaimSpec": "storageClassName volumeMode volumeAttributesClassName",
  "core.v1.PersistentVolumeClaimStatus": "currentVolumeAttributesClassName",
  "core.v1.PersistentVolumeSpec": "volumeMode volumeAttributesClassName",
  "core.v1.PodDNSConfigOption": "value",
  "core.v1.PodResourceClaim": "resourceClaimName resourceClaimTemplateName",
  "core.v1.PodResourceClaimStatus": "resourceClaimName",
  "core.v1.PodSchedulingGroup": "podGroupName",
  "core.v1.PodSecurityContext": "supplementalGroupsPolicy fsGroupChangePolicy seLinuxChangePolicy",
  "core.v1.PodSpec": "runtimeClassName preemptionPolicy hostnameOverride",
  "core.v1.PortStatus": "error",
  "core.v1.ResourceHealth": "message",
  "core.v1.SeccompProfile": "localhostProfile",
  "core.v1.SecurityContext": "procMount",
  "core.v1.ServicePort": "appProtocol",
  "core.v1.ServiceSpec": "ipFamilyPolicy loadBalancerClass internalTrafficPolicy trafficDistribution",
  "core.v1.TopologySpreadConstraint": "nodeAffinityPolicy nodeTaintsPolicy",
  "core.v1.TypedLocalObjectReference": "apiGroup",
  "core.v1.TypedObjectReference": "apiGroup namespace",
  "core.v1.VolumeMount": "recursiveReadOnly mountPropagation",
  "core.v1.VolumeMountStatus": "recursiveReadOnly",
  "core.v1.WindowsSecurityContextOptions": "gmsaCredentialSpecName gmsaCredentialSpec runAsUserName",
  "discovery.v1.Endpoint": "hostname nodeName zone",
  "discovery.v1.EndpointPort": "name protocol appProtocol",
  "meta.v1.DeleteOptions": "propagationPolicy",
  "meta.v1.Preconditions": "uid resourceVersion",
  "networking.v1.HTTPIngressPath": "pathType",
  "networking.v1.IngressClassParametersReference": "apiGroup scope namespace",
  "networking.v1.IngressPortStatus": "error",
  "networking.v1.IngressSpec": "ingressClassName",
  "networking.v1.NetworkPolicyPort": "protocol",
  "policy.v1.PodDisruptionBudgetSpec": "unhealthyPodEvictionPolicy",
  "resource.v1.AllocatedDeviceStatus": "shareID",
  "resource.v1.Device": "nodeName",
  "resource.v1.DeviceAttribute": "string version",
  "resource.v1.DeviceClassSpec": "extendedResourceName",
  "resource.v1.DeviceConstraint": "matchAttribute distinctAttribute",
  "resource.v1.DeviceRequestAllocationResult": "shareID",
  "resource.v1.ResourceSliceSpec": "nodeName",
  "scheduling.v1.PriorityClass": "preemptionPolicy",
  "storage.v1.CSIDriverSpec": "fsGroupPolicy",
  "storage.v1.StorageClass": "reclaimPolicy volumeBindingMode",
  "storage.v1.VolumeAttachmentSource": "persistentVolumeName",
};

/** Numbers and booleans that are no pointers in Go: 0 and false are left out. Every other one is kept as given. */
const ZERO_IS_LEFT_OUT: Readonly<Record<string, string>> = {
  "apiextensions.v1.CustomResourceColumnDefinition": "priority",
  "apiextensions.v1.CustomResourceDefinitionCondition": "observedGeneration",
  "apiextensions.v1.CustomResourceDefinitionSpec": "preserveUnknownFields",
  "apiextensions.v1.CustomResourceDefinitionVersion": "deprecated",
  "apiextensions.v1.JSONSchemaProps":
    "exclusiveMaximum exclusiveMinimum uniqueItems nullable x-kubernetes-embedded-resource x-kubernetes-int-or-string",
  "apps.v1.DaemonSetSpec": "minReadySeconds",
  "apps.v1.DeploymentSpec": "minReadySeconds paused",
  "apps.v1.ReplicaSetSpec": "minReadySeconds",
  "apps.v1.StatefulSetSpec": "minReadySeconds",
  "autoscaling.v1.ScaleSpec": "replicas",
  "core.v1.AWSElasticBlockStoreVolumeSource": "partition readOnly",
  "core.v1.AzureFilePersistentVolumeSource": "readOnly",
  "core.v1.AzureFileVolumeSource": "readOnly",
  "core.v1.CSIPersistentVolumeSource": "readOnly",
  "core.v1.CephFSPersistentVolumeSource": "readOnly",
  "core.v1.CephFSVolumeSource": "readOnly",
  "core.v1.CinderPersistentVolumeSource": "readOnly",
  "core.v1.CinderVolumeSource": "readOnly",
  "core.v1.Container": "stdin stdinOnce tty",
  "core.v1.ContainerImage": "sizeBytes",
  "core.v1.ContainerPort": "hostPort",
  "core.v1.ContainerStateTerminated": "signal",
  "core.v1.Event": "count",
  "core.v1.EventSeries": "count",
  "core.v1.FCVolumeSource": "readOnly",
  "core.v1.FlexPersistentVolumeSource": "readOnly",
  "core.v1.FlexVolumeSource": "readOnly",
  "core.v1.GCEPersistentDiskVolumeSource": "partition readOnly",
  "core.v1.GlusterfsPersistentVolumeSource": "readOnly",
  "core.v1.GlusterfsVolumeSource": "readOnly",
  "core.v1.ISCSIPersistentVolumeSource": "readOnly chapAuthDiscovery chapAuthSession",
  "core.v1.ISCSIVolumeSource": "readOnly chapAuthDiscovery chapAuthSession",
  "core.v1.NFSVolumeSource": "readOnly",
  "core.v1.NodeSpec": "unschedulable",
  "core.v1.PersistentVolumeClaimVolumeSource": "readOnly",
  "core.v1.PodCondition": "observedGeneration",
  "core.v1.PodSpec": "hostNetwork hostPID hostIPC",
  "core.v1.PortworxVolumeSource": "readOnly",
  "core.v1.Probe": "initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold",
  "core.v1.QuobyteVolumeSource": "readOnly",
  "core.v1.RBDPersistentVolumeSource": "readOnly",
  "core.v1.RBDVolumeSource": "readOnly",
  "core.v1.ReplicationControllerSpec": "minReadySeconds",
  "core.v1.ScaleIOPersistentVolumeSource": "sslEnabled readOnly",
  "core.v1.ScaleIOVolumeSource": "sslEnabled readOnly",
  "core.v1.ServicePort": "nodePort",
  "core.v1.ServiceSpec": "healthCheckNodePort publishNotReadyAddresses",
  "core.v1.StorageOSPersistentVolumeSource": "readOnly",
  "core.v1.StorageOSVolumeSource": "readOnly",
  "core.v1.VolumeMount": "readOnly",
  "events.v1.Event": "deprecatedCount",
  "flowcontrol.v1.ResourcePolicyRule": "clusterScope",
  "meta.v1.Condition": "observedGeneration",
  "meta.v1.ObjectMeta": "generation",
  "networking.v1.ServiceBackendPort": "number",
  "resource.v1.DeviceSubRequest": "count",
  "resource.v1.ExactDeviceRequest": "count",
  "scheduling.v1.PriorityClass": "globalDefault",
};

/** Lists of which an empty one differs from none: it is refused, where none takes a default. */
const EMPTY_LIST_IS_KEPT: ReadonlySet<string> = new Set(["io.k8s.api.autoscaling.v2.HPAScalingRules.policies"]);

/** The part of a schema's name that all of its API share. */
const COMMON_PREFIX = /^io\.k8s\.(?:api|apiextensions-apiserver\.pkg\.apis|apimachinery\.pkg\.apis)\./;

/** Whether the API server keeps the field when its value is zero or empty: a list or map only where it must be there. */
export function keepsZero(schemaName: string, name: string, field: FieldSchema): boolean {
  switch (field.type) {
    case "string":
      return field.required === true || fieldsOf(keptStrings, EMPTY_STRING_IS_KEPT, schemaName).has(name);
    case "int32":
    case "int64":
    case "double":
    case "boolean":
      return !fieldsOf(droppedZeros, ZERO_IS_LEFT_OUT, schemaName).has(name);
    case "list":
    case "map":
      return field.required === true || EMPTY_LIST_IS_KEPT.has(`${schemaName}.${name}`);
    case "bytes":
      return false;
    default:
      return true;
  }
}

const keptStrings = new Map<string, ReadonlySet<string>>();
const droppedZeros = new Map<string, ReadonlySet<string>>();

function fieldsOf(
  cache: Map<string, ReadonlySet<string>>,
  table: Readonly<Record<string, string>>,
  schemaName: string,
): ReadonlySet<string> {
  let fields = cache.get(schemaName);
  if (!fields) {
    fields = new Set(table[schemaName.replace(COMMON_PREFIX, "")]?.split(" "));
    cache.set(schemaName, fields);
  }
  return fields;
}
