/** A valid object of each kind that the recordings have no base of. */
type Json = Record<string, unknown>;

const metadata = { name: "a" };
const here = { name: "a", namespace: "default" };
const EVENT_TIME = "2026-01-01T00:00:00.000000Z";

export const MORE_VALID_OBJECTS: readonly Json[] = [
  {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: here,
    subsets: [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ name: "http", port: 80 }] }],
  },
  {
    apiVersion: "v1",
    kind: "Event",
    metadata: here,
    involvedObject: { kind: "Pod", namespace: "default", name: "a" },
    reason: "Started",
    message: "m",
    type: "Normal",
  },
  {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: here,
    eventTime: EVENT_TIME,
    reportingController: "example.com/c",
    reportingInstance: "c-1",
    action: "Run",
    reason: "Started",
    type: "Normal",
    regarding: { kind: "Pod", namespace: "default", name: "a" },
  },
  {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.example.com" },
    spec: {
      group: "example.com",
      version: "v1",
      groupPriorityMinimum: 100,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { name: "a", namespace: "default" },
    },
  },
  { apiVersion: "apps/v1", kind: "ControllerRevision", metadata: here, revision: 1, data: { spec: { template: {} } } },
  {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: here,
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" }, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IPAddress",
    metadata: { name: "10.96.0.7" },
    spec: { parentRef: { resource: "services", name: "a", namespace: "default" } },
  },
  { apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR", metadata, spec: { cidrs: ["10.200.0.0/16"] } },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata,
    spec: { drivers: [{ name: "csi.example.com", nodeID: "a", topologyKeys: ["zone"], allocatable: { count: 4 } }] },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIStorageCapacity",
    metadata: here,
    storageClassName: "a",
    nodeTopology: { matchLabels: { zone: "a" } },
    capacity: "1Gi",
    maximumVolumeSize: "1Gi",
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    metadata,
    spec: { attacher: "csi.example.com", nodeName: "a", source: { persistentVolumeName: "a" } },
  },
  { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttributesClass", metadata, driverName: "csi.example.com", parameters: { iops: "100" } },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata,
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] }],
      },
      reinvocationPolicy: "Never",
      mutations: [
        { patchType: "ApplyConfiguration", applyConfiguration: { expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}' } },
      ],
    },
  },
  { apiVersion: "admissionregistration.k8s.io/v1", kind: "MutatingAdmissionPolicyBinding", metadata, spec: { policyName: "a" } },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata,
    webhooks: [
      {
        name: "a.example.com",
        clientConfig: { url: "https://example.com/x" },
        rules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] }],
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        failurePolicy: "Ignore",
      },
    ],
  },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaim",
    metadata: here,
    spec: {
      devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu.example.com", allocationMode: "ExactCount", count: 1 } }] },
    },
  },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata,
    spec: {
      driver: "dra.example.com",
      nodeName: "a",
      pool: { name: "a", generation: 1, resourceSliceCount: 1 },
      devices: [{ name: "gpu-0", attributes: { model: { string: "x" } }, capacity: { memory: { value: "16Gi" } } }],
    },
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata,
    spec: {
      priorityLevelConfiguration: { name: "a" },
      matchingPrecedence: 100,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: [{ kind: "User", user: { name: "a" } }],
          resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], namespaces: ["*"] }],
        },
      ],
    },
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata,
    spec: { type: "Limited", limited: { nominalConcurrencyShares: 10, limitResponse: { type: "Reject" } } },
  },
  {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata,
    // A request for CN=a by an elliptic key made for this test.
    spec: {
      signerName: "example.com/signer",
      usages: ["client auth"],
      request:
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIRk1HNENBUUF3RERFS01BZ0dBMVVFQXd3QllUQlpNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQQpCTHBHcE9rMS9pZ2dFdFp3MWtoN2FyeS9kd3NuVUQrL0l3M3FkcytuNy9OMHFGdm9OYnc0TnRpUHhyQUVZcDd0Ci9USVgxdXg0MXJLc3kyRGdXb3pGVFZxZ0FEQUtCZ2dxaGtqT1BRUURBZ05IQURCRUFpQUt5RGxTU3J0OFRrY08KL3dlT2FYZTdNd0V5Qmc1QWxkUUxCZTRBSkJUVnNRSWdXejFoRjVWL3ExdE92anZGTkJUdkdaaGVlWG9uUU05ZApoNEtxRVRHaXdjcz0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==",
    },
  },
];
