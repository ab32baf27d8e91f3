/** Kinds that only admission looks up. */
import type { IngressClass, RuntimeClass, StorageClass } from "../../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../../api/object.ts";

export const INGRESS_CLASS: Kind<IngressClass> = kindOf("networking.k8s.io/v1", "IngressClass");
export const RUNTIME_CLASS: Kind<RuntimeClass> = kindOf("node.k8s.io/v1", "RuntimeClass");
export const STORAGE_CLASS: Kind<StorageClass> = kindOf("storage.k8s.io/v1", "StorageClass");
