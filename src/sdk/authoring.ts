/**
 * What authors of manifests use, but `patch`: helpers over the typed constructors, without the control plane, so that `synth` loads nothing it
 * does not need. `seatrial` (src/index.ts) gives all of it too.
 */
export { sourceOf } from "../api/construct.ts";
export { nonEmpty } from "../api/non-empty.ts";
export { quantity } from "../api/quantity-types.ts";
export { app } from "./app.ts";
export type { WithKeys, WithPorts } from "./authoring/carried-names.ts";
export {
  type ConfigMapOptions,
  configMap,
  contentHashed,
  type Existing,
  existingConfigMap,
  existingSecret,
  fromConfig,
  fromField,
  fromSecret,
  type PodField,
  type SecretOptions,
  secret,
} from "./authoring/config.ts";
export type { ContainerOptions, EnvValue, PortSpec } from "./authoring/container.ts";
export { customObject } from "./authoring/custom-object.ts";
export { hardened, type PodDefaults, withDefaults } from "./authoring/defaults.ts";
export { type Exposable, type ExposedPorts, type ExposeOptions, expose, headless, type PortService } from "./authoring/expose.ts";
export { type Backend, backend, type IngressOptions, ingress } from "./authoring/ingress.ts";
export { allow, allowDns, allowOut, denyAll, type Peer } from "./authoring/network-policies.ts";
export { type NodePoolOptions, nodePool } from "./authoring/nodes.ts";
export { inNamespace, type MetadataOptions, withAnnotations, withLabels } from "./authoring/objects.ts";
export { permissions, type ResourceName, type Rules, serviceAccount, type Verb } from "./authoring/permissions.ts";
export { execProbe, grpcProbe, type HttpProbeOptions, httpProbe, type PortProbe, type ProbeTiming, tcpProbe } from "./authoring/probes.ts";
export { type AutoscalerOptions, autoscaler, disruptionBudget } from "./authoring/scaling.ts";
export { type Limits, limitRange, type PodSecurity, quota, type TeamOptions, teamNamespace } from "./authoring/teams.ts";
export { claim, type Mount, type Mountable, type MountOptions, mount, perReplica } from "./authoring/volumes.ts";
export { type Workload, type WorkloadKind, type WorkloadOptions, workload } from "./authoring/workload.ts";
