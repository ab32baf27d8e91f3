/** An Ingress without class takes the default one. @see kubernetes plugin/pkg/admission/network/defaultingressclass/admission.go */
import type { Ingress } from "../../../../generated/v1.36/model.ts";
import { INGRESS_CLASS } from "./kinds.ts";
import { type AdmissionPlugin, isRequestFor, youngestDefault } from "./plugin.ts";

const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT_ANNOTATIONS = ["ingressclass.kubernetes.io/is-default-class"] as const;

export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  resources: ["networking.k8s.io/ingresses"],
  admit(request, context) {
    if (!isRequestFor(request, "CREATE", "ingresses", "networking.k8s.io")) return undefined;
    const ingress = request.object as Ingress;
    if (ingress.spec?.ingressClassName !== undefined || ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return undefined;
    const chosen = youngestDefault(context.list(INGRESS_CLASS), DEFAULT_ANNOTATIONS);
    return chosen && ({ ...ingress, spec: { ...ingress.spec, ingressClassName: chosen.metadata.name } } as Ingress);
  },
};
