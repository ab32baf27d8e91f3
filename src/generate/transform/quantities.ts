/** Which quantity a field holds: the template-literal type of `src/api/quantity-types.ts` that checks it in the editor. */

/** Fields (schema's last name part and field) whose map or value holds resources of a known kind. All others take any quantity. */
const TYPES: Readonly<Record<string, string>> = {
  "CSIStorageCapacity.capacity": "Bytes",
  "CSIStorageCapacity.maximumVolumeSize": "Bytes",
  "ContainerStatus.allocatedResources": "ComputeResources",
  "EmptyDirVolumeSource.sizeLimit": "Bytes",
  "LimitRangeItem.default": "LimitedResources",
  "LimitRangeItem.defaultRequest": "LimitedResources",
  "LimitRangeItem.max": "LimitedResources",
  "LimitRangeItem.maxLimitRequestRatio": "LimitRatios",
  "LimitRangeItem.min": "LimitedResources",
  "NodeAllocatableResourceClaimStatus.resources": "ComputeResources",
  "NodeStatus.allocatable": "NodeResources",
  "NodeStatus.capacity": "NodeResources",
  "Overhead.podFixed": "ComputeResources",
  "PersistentVolumeClaimStatus.allocatedResources": "StorageResources",
  "PersistentVolumeClaimStatus.capacity": "StorageResources",
  "PersistentVolumeSpec.capacity": "RequestedStorage",
  "PodSpec.overhead": "ComputeResources",
  "PodStatus.allocatedResources": "ComputeResources",
  "ResourceQuotaSpec.hard": "QuotaResources",
  "ResourceQuotaStatus.hard": "QuotaResources",
  "ResourceQuotaStatus.used": "QuotaResources",
  "ResourceRequirements.limits": "ComputeResources",
  "ResourceRequirements.requests": "ComputeResources",
  "VolumeResourceRequirements.limits": "StorageResources",
  "VolumeResourceRequirements.requests": "RequestedStorage",
};

/** The type of a single quantity that the table does not name. */
export const ANY_QUANTITY = "AnyQuantity";

/** The type of a field that holds a quantity or a map of them, if the table knows it: `ResourceRequirements`, `limits`. */
export function quantityType(schema: string, field: string): string | undefined {
  return TYPES[`${schema}.${field}`];
}

/** The names of `quantity-types.ts` that may occur in generated text. */
export const QUANTITY_TYPES: readonly string[] = [...new Set([...Object.values(TYPES), ANY_QUANTITY])].sort();

/** Every `schema.field` that this file names. */
export const QUANTITY_FIELDS: readonly string[] = Object.keys(TYPES);
