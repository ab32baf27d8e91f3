/**
 * Structures of which one part excludes the others: a volume has one source, a probe one handler. Each becomes a union with one member for
 * every way to fill it in; in a member the other ways' fields are `undefined`.
 * @see kubernetes pkg/apis/core/validation/validation.go and its neighbours, which refuse what is not one of these
 */

/** One way to fill a structure in. */
export interface Variant {
  /** Part of the type's name: `ConfigMap` in `VolumeWithConfigMap`. */
  readonly name: string;
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
  /** Fields that have these values in this variant. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Fields among `values` that may be left out: the API server fills them in with the variant's value. */
  readonly defaulted?: readonly string[];
}

/** The fields that the variants govern are those that any of them names. */
export type OneOf = readonly Variant[];

const cap = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** Exactly one of the fields. */
function exactlyOne(...fields: readonly string[]): OneOf {
  return fields.map((field) => ({ name: cap(field), required: [field] }));
}

/** At most one of the fields: the first may be left out. */
function atMostOne(first: string, ...others: readonly string[]): OneOf {
  return [{ name: cap(first), optional: [first] }, ...exactlyOne(...others)];
}

/** A field tells which other field belongs: `{ Utilization: "averageUtilization" }`; `null` for none. */
function byValue(field: string, fields: Readonly<Record<string, string | null>>): OneOf {
  return Object.entries(fields).map(([value, belongs]) => ({
    name: cap(value),
    values: { [field]: [value] },
    ...(belongs === null ? {} : { required: [belongs] }),
  }));
}

/** A rolling strategy's settings belong to `RollingUpdate`, which is the default. */
function rolling(other: string): OneOf {
  return [
    { name: "RollingUpdate", values: { type: ["RollingUpdate"] }, defaulted: ["type"], optional: ["rollingUpdate"] },
    { name: other, values: { type: [other] } },
  ];
}

/** The usual one last: it is the one that the compiler names when none is given. */
const VOLUME_SOURCES = [
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker", "gcePersistentDisk"],
  ...["glusterfs", "iscsi", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"],
  ...["nfs", "hostPath", "csi"],
] as const;
const IN_OR_NOT: Variant = { name: "Values", values: { operator: ["In", "NotIn"] }, required: ["values"] };
const EXISTS_OR_NOT: Variant = { name: "Existence", values: { operator: ["Exists", "DoesNotExist"] } };
const PROFILE: OneOf = [
  { name: "Localhost", values: { type: ["Localhost"] }, required: ["localhostProfile"] },
  { name: "BuiltIn", values: { type: ["RuntimeDefault", "Unconfined"] } },
];

/** By the schema's last name part; with the API group's package in front where two schemas share it. */
const ONE_OF: Readonly<Record<string, OneOf>> = {
  AppArmorProfile: PROFILE,
  ClusterTrustBundleProjection: exactlyOne("name", "signerName"),
  CustomResourceConversion: byValue("strategy", { None: null, Webhook: "webhook" }),
  DaemonSetUpdateStrategy: rolling("OnDelete"),
  DeploymentStrategy: rolling("Recreate"),
  DeviceAttribute: exactlyOne("bool", "bools", "int", "ints", "string", "strings", "version", "versions"),
  DeviceRequest: exactlyOne("exactly", "firstAvailable"),
  DownwardAPIVolumeFile: exactlyOne("fieldRef", "resourceFieldRef"),
  EnvFromSource: exactlyOne("configMapRef", "secretRef"),
  EnvVar: atMostOne("value", "valueFrom"),
  EnvVarSource: exactlyOne("fileKeyRef", "resourceFieldRef", "fieldRef", "configMapKeyRef", "secretKeyRef"),
  IngressBackend: exactlyOne("resource", "service"),
  LabelSelectorRequirement: [IN_OR_NOT, EXISTS_OR_NOT],
  LifecycleHandler: exactlyOne("tcpSocket", "httpGet", "sleep", "exec"),
  LimitResponse: [
    { name: "Queue", values: { type: ["Queue"] }, optional: ["queuing"] },
    { name: "Reject", values: { type: ["Reject"] } },
  ],
  MetricSpec: byValue("type", {
    ContainerResource: "containerResource",
    External: "external",
    Object: "object",
    Pods: "pods",
    Resource: "resource",
  }),
  MetricTarget: byValue("type", { Utilization: "averageUtilization", AverageValue: "averageValue", Value: "value" }),
  Mutation: byValue("patchType", { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" }),
  NetworkPolicyPeer: [
    { name: "IPBlock", required: ["ipBlock"] },
    { name: "Pods", required: ["podSelector"], optional: ["namespaceSelector"] },
    { name: "Namespaces", required: ["namespaceSelector"] },
  ],
  NodeSelectorRequirement: [{ ...IN_OR_NOT, values: { operator: ["In", "NotIn", "Gt", "Lt"] } }, EXISTS_OR_NOT],
  PersistentVolumeSpec: exactlyOne("local", ...VOLUME_SOURCES),
  PodDisruptionBudgetSpec: atMostOne("minAvailable", "maxUnavailable"),
  PodFailurePolicyRule: exactlyOne("onExitCodes", "onPodConditions"),
  PodResourceClaim: exactlyOne("resourceClaimName", "resourceClaimTemplateName"),
  PriorityLevelConfigurationSpec: byValue("type", { Limited: "limited" }).concat([
    { name: "Exempt", values: { type: ["Exempt"] }, optional: ["exempt"] },
  ]),
  Probe: exactlyOne("grpc", "tcpSocket", "exec", "httpGet"),
  ResourceSliceSpec: exactlyOne("allNodes", "nodeName", "nodeSelector", "perDeviceNodeSelection"),
  ScopedResourceSelectorRequirement: [IN_OR_NOT, EXISTS_OR_NOT],
  SeccompProfile: PROFILE,
  SelfSubjectAccessReviewSpec: exactlyOne("nonResourceAttributes", "resourceAttributes"),
  ServiceBackendPort: exactlyOne("name", "number"),
  // Ports are needed, but by a Service that has no address of its own, or only a name.
  ServiceSpec: [
    { name: "ExternalName", values: { type: ["ExternalName"] }, required: ["externalName"], optional: ["ports"] },
    { name: "Headless", values: { clusterIP: ["None"], type: ["ClusterIP"] }, defaulted: ["type"], optional: ["ports"] },
    {
      name: "Ports",
      values: { type: ["ClusterIP", "NodePort", "LoadBalancer"] },
      defaulted: ["type"],
      required: ["ports"],
      optional: ["clusterIP"],
    },
  ],
  StatefulSetUpdateStrategy: rolling("OnDelete"),
  SubjectAccessReviewSpec: exactlyOne("nonResourceAttributes", "resourceAttributes"),
  Toleration: [
    { name: "Value", values: { operator: ["Equal", "Gt", "Lt"] }, defaulted: ["operator"], required: ["key"], optional: ["value"] },
    { name: "Existence", values: { operator: ["Exists"] }, optional: ["key"] },
  ],
  Volume: exactlyOne(
    ...VOLUME_SOURCES,
    ...["gitRepo", "image", "downwardAPI", "ephemeral", "projected", "persistentVolumeClaim", "secret", "configMap", "emptyDir"],
  ),
  VolumeAttachmentSource: exactlyOne("inlineVolumeSpec", "persistentVolumeName"),
  VolumeProjection: exactlyOne("clusterTrustBundle", "configMap", "downwardAPI", "podCertificate", "secret", "serviceAccountToken"),
  WebhookClientConfig: exactlyOne("service", "url"),
  "flowcontrol.Subject": byValue("kind", { User: "user", Group: "group", ServiceAccount: "serviceAccount" }),
};

/** The ways to fill a schema in, if they exclude each other. `schemaName` is the full name. */
export function oneOf(schemaName: string): OneOf | undefined {
  const parts = schemaName.split(".");
  return ONE_OF[`${parts.at(-3)}.${parts.at(-1)}`] ?? ONE_OF[parts.at(-1)!];
}

/** The fields that the variants govern. */
export function governedFields(variants: OneOf): ReadonlySet<string> {
  return new Set(variants.flatMap((v) => [...(v.required ?? []), ...(v.optional ?? []), ...Object.keys(v.values ?? {})]));
}

/** The schemas that the table names. */
export const ONE_OF_SCHEMAS: readonly string[] = Object.keys(ONE_OF);
