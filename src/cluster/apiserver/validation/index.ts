/**
 * The rules by kind: on create, on update, and on update of the status. A kind that is not listed has the rules of metadata alone.
 * @see kubernetes pkg/apis (validation packages), pkg/registry (strategies)
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { ResourceInfo } from "../../../api/schema.ts";
import type { FieldError } from "../field-error.ts";
import * as policies from "./admission-policies.ts";
import * as admissionregistration from "./admissionregistration.ts";
import * as services from "./api-service.ts";
import * as apiextensions from "./apiextensions.ts";
import * as apps from "./apps.ts";
import { validateHorizontalPodAutoscaler, validateHorizontalPodAutoscalerUpdate } from "./autoscaling.ts";
import * as certificates from "./certificates.ts";
import { validateControllerRevision, validateControllerRevisionUpdate } from "./controller-revision.ts";
import * as cluster from "./core/cluster.ts";
import * as configuration from "./core/configuration.ts";
import { validateServiceStatusUpdate } from "./core/load-balancer-status.ts";
import * as volume from "./core/persistent-volume.ts";
import * as claim from "./core/persistent-volume-claim.ts";
import * as pod from "./core/pod.ts";
import { validatePodStatusUpdate } from "./core/pod-status.ts";
import * as quota from "./core/quota.ts";
import * as rc from "./core/replication-controller.ts";
import * as service from "./core/service.ts";
import { validateCronJob, validateCronJobUpdate } from "./cron-job.ts";
import * as csi from "./csi.ts";
import { validateCustomResource } from "./custom-resource.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./endpoint-slice.ts";
import * as flowcontrol from "./flowcontrol.ts";
import { validateJob } from "./job.ts";
import { validateJobStatusUpdate } from "./job-status.ts";
import { validateJobUpdate } from "./job-update.ts";
import { pathSegmentName, subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";
import * as networking from "./networking.ts";
import * as policy from "./policy.ts";
import { validateValidatingAdmissionPolicyStatus } from "./policy-status.ts";
import * as rbac from "./rbac.ts";
import * as claims from "./resource/claim.ts";
import { validateDeviceClass, validateDeviceClassUpdate } from "./resource/device-class.ts";
import { validateResourceSlice, validateResourceSliceUpdate } from "./resource/slice.ts";
import * as cidrs from "./service-cidr.ts";
import { validateStatefulSet, validateStatefulSetUpdate } from "./stateful-set.ts";
import * as storage from "./storage.ts";
import * as workloads from "./workload-status.ts";

interface Rules<T extends KubeObject = never> {
  readonly create: (object: T) => FieldError[];
  /** Default: metadata as on update, then what holds on create. */
  readonly update?: (object: T, old: T) => FieldError[];
  /** Default: metadata as on update. */
  readonly status?: (object: T, old: T) => FieldError[];
}

const rules = <T extends KubeObject>(create: Rules<T>["create"], update?: Rules<T>["update"], status?: Rules<T>["status"]): Rules =>
  ({ create, ...(update ? { update } : {}), ...(status ? { status } : {}) }) as unknown as Rules;

/** An update is looked at as if it were new. */
const whole = <T extends KubeObject>(create: Rules<T>["create"]): Rules => rules(create, create);

const RULES: Readonly<Record<string, Rules>> = {
  "/ConfigMap": rules(configuration.validateConfigMap, configuration.validateConfigMapUpdate),
  "/Endpoints": rules(cluster.validateEndpoints),
  "/LimitRange": whole(quota.validateLimitRange),
  "/Namespace": rules(cluster.validateNamespace, cluster.validateNamespaceUpdate, cluster.validateNamespaceStatusUpdate),
  "/Node": rules(cluster.validateNode, cluster.validateNodeUpdate, cluster.validateNodeStatusUpdate),
  "/PersistentVolume": rules(volume.validatePersistentVolume, volume.validatePersistentVolumeUpdate),
  "/PersistentVolumeClaim": rules(
    claim.validatePersistentVolumeClaim,
    claim.validatePersistentVolumeClaimUpdate,
    claim.validatePersistentVolumeClaimStatusUpdate,
  ),
  "/Pod": rules(pod.validatePod, pod.validatePodUpdate, validatePodStatusUpdate),
  "/PodTemplate": rules(pod.validatePodTemplate),
  "/ReplicationController": rules(
    rc.validateReplicationController,
    rc.validateReplicationControllerUpdate,
    workloads.validateReplicationControllerStatusUpdate,
  ),
  "/ResourceQuota": rules(quota.validateResourceQuota, quota.validateResourceQuotaUpdate, quota.validateResourceQuotaStatusUpdate),
  "/Secret": rules(configuration.validateSecret, configuration.validateSecretUpdate),
  "/Service": rules(service.validateService, service.validateServiceUpdate, validateServiceStatusUpdate),
  "apiextensions.k8s.io/CustomResourceDefinition": rules(
    apiextensions.validateCustomResourceDefinition,
    apiextensions.validateCustomResourceDefinitionUpdate,
  ),
  "apiregistration.k8s.io/APIService": rules(
    services.validateApiService,
    services.validateApiServiceUpdate,
    services.validateApiServiceStatusUpdate,
  ),
  "apps/ControllerRevision": rules(validateControllerRevision, validateControllerRevisionUpdate),
  "apps/DaemonSet": rules(apps.validateDaemonSet, apps.validateDaemonSetUpdate, workloads.validateDaemonSetStatusUpdate),
  "apps/Deployment": rules(apps.validateDeployment, apps.validateDeploymentUpdate, workloads.validateDeploymentStatusUpdate),
  "apps/ReplicaSet": rules(apps.validateReplicaSet, apps.validateReplicaSetUpdate, workloads.validateReplicaSetStatusUpdate),
  "apps/StatefulSet": rules(validateStatefulSet, validateStatefulSetUpdate, workloads.validateStatefulSetStatusUpdate),
  "autoscaling/HorizontalPodAutoscaler": rules(
    validateHorizontalPodAutoscaler,
    validateHorizontalPodAutoscalerUpdate,
    workloads.validateAutoscalerStatusUpdate,
  ),
  "batch/CronJob": rules(validateCronJob, validateCronJobUpdate),
  "batch/Job": rules(validateJob, validateJobUpdate, validateJobStatusUpdate),
  "flowcontrol.apiserver.k8s.io/FlowSchema": rules(
    flowcontrol.validateFlowSchema,
    flowcontrol.validateFlowSchema,
    flowcontrol.validateFlowSchemaStatus,
  ),
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": rules(
    flowcontrol.validatePriorityLevel,
    flowcontrol.validatePriorityLevel,
    flowcontrol.validatePriorityLevelStatus,
  ),
  "certificates.k8s.io/CertificateSigningRequest": rules(
    certificates.validateCertificateRequest,
    certificates.validateCertificateRequestUpdate,
    certificates.validateCertificateRequestStatus,
  ),
  "networking.k8s.io/Ingress": rules(networking.validateIngress, networking.validateIngressUpdate, networking.validateIngressStatusUpdate),
  "networking.k8s.io/IngressClass": rules(networking.validateIngressClass, networking.validateIngressClassUpdate),
  "networking.k8s.io/IPAddress": rules(cidrs.validateIpAddress, cidrs.validateIpAddressUpdate),
  "networking.k8s.io/ServiceCIDR": rules(cidrs.validateServiceCidr, cidrs.validateServiceCidrUpdate),
  "networking.k8s.io/NetworkPolicy": rules(networking.validateNetworkPolicy),
  "discovery.k8s.io/EndpointSlice": rules(validateEndpointSlice, validateEndpointSliceUpdate),
  "policy/PodDisruptionBudget": rules(
    policy.validatePodDisruptionBudget,
    policy.validatePodDisruptionBudgetUpdate,
    policy.validatePodDisruptionBudgetStatusUpdate,
  ),
  "scheduling.k8s.io/PriorityClass": rules(policy.validatePriorityClass, policy.validatePriorityClassUpdate),
  "coordination.k8s.io/Lease": rules(policy.validateLease),
  "node.k8s.io/RuntimeClass": rules(policy.validateRuntimeClass, policy.validateRuntimeClassUpdate),
  "rbac.authorization.k8s.io/ClusterRole": rules(rbac.validateClusterRole, rbac.validateClusterRoleUpdate),
  "rbac.authorization.k8s.io/ClusterRoleBinding": rules(rbac.validateClusterRoleBinding, rbac.validateClusterRoleBindingUpdate),
  "rbac.authorization.k8s.io/Role": rules(rbac.validateRole, rbac.validateRoleUpdate),
  "rbac.authorization.k8s.io/RoleBinding": rules(rbac.validateRoleBinding, rbac.validateRoleBindingUpdate),
  "resource.k8s.io/DeviceClass": rules(validateDeviceClass, validateDeviceClassUpdate),
  "resource.k8s.io/ResourceClaim": rules(claims.validateResourceClaim, claims.validateResourceClaimUpdate),
  "resource.k8s.io/ResourceClaimTemplate": rules(claims.validateResourceClaimTemplate, claims.validateResourceClaimTemplateUpdate),
  "resource.k8s.io/ResourceSlice": rules(validateResourceSlice, validateResourceSliceUpdate),
  "storage.k8s.io/CSIDriver": rules(csi.validateCsiDriver, csi.validateCsiDriverUpdate),
  "storage.k8s.io/CSINode": rules(csi.validateCsiNode, csi.validateCsiNodeUpdate),
  "storage.k8s.io/CSIStorageCapacity": rules(csi.validateCsiStorageCapacity, csi.validateCsiStorageCapacityUpdate),
  "storage.k8s.io/StorageClass": rules(storage.validateStorageClass, storage.validateStorageClassUpdate),
  "storage.k8s.io/VolumeAttachment": rules(storage.validateVolumeAttachment, storage.validateVolumeAttachmentUpdate),
  "storage.k8s.io/VolumeAttributesClass": rules(storage.validateVolumeAttributesClass, storage.validateVolumeAttributesClassUpdate),
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": whole(policies.validateMutatingAdmissionPolicy),
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": whole(policies.validateMutatingAdmissionPolicyBinding),
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": whole(admissionregistration.validateMutatingWebhookConfiguration),
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": rules(
    policies.validateValidatingAdmissionPolicy,
    policies.validateValidatingAdmissionPolicy,
    validateValidatingAdmissionPolicyStatus,
  ),
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": whole(policies.validateValidatingAdmissionPolicyBinding),
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": whole(admissionregistration.validateValidatingWebhookConfiguration),
};

/** By what was asked before: no text is put together to look one up. */
const rulesByResource = new WeakMap<ResourceInfo, { readonly rules: Rules | undefined }>();

function rulesOf(resource: ResourceInfo): Rules | undefined {
  let known = rulesByResource.get(resource);
  if (!known) {
    known = { rules: RULES[`${resource.group}/${resource.kind}`] };
    rulesByResource.set(resource, known);
  }
  return known.rules;
}

/** What is wrong with an object that is being made; `custom` is the schema of a custom resource. */
export function validateCreate(object: KubeObject, resource: ResourceInfo, custom?: JSONSchemaProps): readonly FieldError[] {
  const known = rulesOf(resource);
  if (known) return known.create(object as never);
  const meta = validateObjectMeta(object.metadata, resource.namespaced, subdomainName);
  return custom ? meta.concat(validateCustomResource(object, custom)) : meta;
}

/** What is wrong with an object that is to take the place of another. What is wrong with metadata is said for all kinds, then by the kind. */
export function validateUpdate(
  object: KubeObject,
  old: KubeObject,
  resource: ResourceInfo,
  custom?: JSONSchemaProps,
): readonly FieldError[] {
  const known = rulesOf(resource);
  const common = validateCommon(object, old, resource);
  if (known?.update) return common.concat(known.update(object as never, old as never));
  const meta = validateObjectMetaUpdate(object.metadata, old.metadata);
  if (known) return [...common, ...meta, ...withoutMetadata(known.create(object as never))];
  return custom ? [...common, ...meta, ...validateCustomResource(object, custom, old)] : [...common, ...meta];
}

/** What is wrong with a new status. */
export function validateStatusUpdate(
  object: KubeObject,
  old: KubeObject,
  resource: ResourceInfo,
  custom?: JSONSchemaProps,
): readonly FieldError[] {
  const status = rulesOf(resource)?.status;
  const common = validateCommon(object, old, resource);
  if (status) return common.concat(status(object as never, old as never));
  const meta = validateObjectMetaUpdate(object.metadata, old.metadata);
  return custom ? [...common, ...meta, ...validateCustomResource(object, custom, old)] : [...common, ...meta];
}

/** @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest/update.go (validateCommonFields) */
function validateCommon(object: KubeObject, old: KubeObject, { namespaced }: ResourceInfo): FieldError[] {
  return [...validateObjectMeta(object.metadata, namespaced, pathSegmentName), ...validateObjectMetaUpdate(object.metadata, old.metadata)];
}

function withoutMetadata(errors: readonly FieldError[]): FieldError[] {
  return errors.filter((e) => !e.field.startsWith("metadata."));
}
