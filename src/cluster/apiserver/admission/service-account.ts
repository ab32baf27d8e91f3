/** Pods run as a service account and see its token. @see kubernetes plugin/pkg/admission/serviceaccount/admission.go */
import type { Container, Pod, ServiceAccount, Volume, VolumeProjection } from "../../../../generated/v1.36/model.ts";
import { SERVICE_ACCOUNT } from "../../../api/kinds.ts";
import { changed } from "../../../lib/changed.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { nameSuffix } from "../../../lib/random.ts";
import { type AdmissionPlugin, forbid, isRequestFor } from "./plugin.ts";

const DEFAULT_NAME = "default";
const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME_PREFIX = "kube-api-access-";
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
/** One hour and seven seconds: tells these tokens from ones asked for. */
const TOKEN_SECONDS = 3607;
/** Octal 0644. */
const FILE_MODE = 420;

/** A control plane with OpenShift's service CA operator trusts one more authority; the recorded one does, and so does ours. */
const EXTRA_TRUST: readonly VolumeProjection[] = [
  { configMap: { name: "openshift-service-ca.crt", items: [{ key: "service-ca.crt", path: "service-ca.crt" }] } },
];

const TOKEN_SOURCES: readonly VolumeProjection[] = [
  { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
  ...EXTRA_TRUST,
];

export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  resources: ["/pods"],
  admit(request, context) {
    if (!isRequestFor(request, "CREATE", "pods")) return undefined;
    const pod = request.object as Pod;
    if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return undefined;
    const name = pod.spec.serviceAccountName || DEFAULT_NAME;
    const namespace = request.namespace ?? "";
    const account = context.get(SERVICE_ACCOUNT, name, namespace);
    if (!account) {
      return forbid(request, `error looking up service account ${namespace}/${name}: serviceaccount ${goQuote(name)} not found`);
    }
    let spec: PodSpec = changed(pod.spec, { serviceAccountName: name, serviceAccount: name } as Partial<PodSpec>);
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) {
      spec = mountToken(spec, `${namespace}/${pod.metadata.name || pod.metadata.generateName || ""}`);
    }
    return changed(pod, { spec: withPullSecrets(spec, account) });
  },
};

type PodSpec = NonNullable<Pod["spec"]>;

function withPullSecrets(spec: PodSpec, account: ServiceAccount): PodSpec {
  const secrets = account.imagePullSecrets ?? [];
  return (spec.imagePullSecrets?.length ?? 0) > 0 || secrets.length === 0 ? spec : { ...spec, imagePullSecrets: secrets };
}

/** Every container that mounts nothing there yet gets the token; a volume so named is used again. */
function mountToken(spec: PodSpec, key: string): PodSpec {
  const existing = spec.volumes?.find((v) => v.name.startsWith(VOLUME_PREFIX))?.name;
  const name = existing ?? `${VOLUME_PREFIX}${nameSuffix(key)}`;
  let mounted = false;
  const mount = (c: Container): Container => {
    if (c.volumeMounts?.some((m) => m.mountPath === TOKEN_PATH)) return c;
    mounted = true;
    return changed(c, { volumeMounts: [...(c.volumeMounts ?? []), { name, readOnly: true, mountPath: TOKEN_PATH }] });
  };
  const containers = (spec.containers ?? []).map(mount);
  const initContainers = spec.initContainers?.map(mount);
  const out = changed(spec, initContainers ? { containers, initContainers } : { containers });
  if (!mounted || existing !== undefined) return out;
  const volume: Volume = { name, projected: { sources: TOKEN_SOURCES, defaultMode: FILE_MODE } };
  return changed(out, { volumes: [...(spec.volumes ?? []), volume] });
}
