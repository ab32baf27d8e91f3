/** Nothing is made in a namespace that is not there or going. @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle */
import { NAMESPACE } from "../../../api/kinds.ts";
import { type AdmissionPlugin, forbid, notFoundAnswer } from "./plugin.ts";

/** Namespaces that cannot be deleted. */
const IMMORTAL: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

export const namespaceLifecycle: AdmissionPlugin = {
  name: "NamespaceLifecycle",
  admit(request, context) {
    const { operation, resource, namespace } = request;
    if (resource.group === "" && resource.resource === "namespaces") {
      const doomed = operation === "DELETE" && request.name !== undefined && IMMORTAL.has(request.name);
      return doomed ? forbid(request, "this namespace may not be deleted") : undefined;
    }
    if (namespace === undefined || namespace === "" || operation === "DELETE") return undefined;
    const found = context.get(NAMESPACE, namespace);
    if (!found) return notFoundAnswer("", "namespaces", namespace);
    if (operation !== "CREATE" || found.metadata.deletionTimestamp === undefined) return undefined;
    return forbid(request, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: "NamespaceTerminating", field: "metadata.namespace", message: `namespace ${namespace} is being terminated` },
    ]);
  },
};
