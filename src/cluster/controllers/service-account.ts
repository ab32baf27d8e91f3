/** Every namespace has a ServiceAccount `default`. @see kubernetes pkg/controller/serviceaccount/serviceaccounts_controller.go */
import { NAMESPACE, SERVICE_ACCOUNT } from "../../api/kinds.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, queueFor, refusedByTerminatingNamespace } from "./controller.ts";

const NAME = "default";

export const serviceAccountController: Controller = {
  name: "service-account-controller",
  start(context) {
    const namespaces = context.informers.for(NAMESPACE);
    const accounts = context.informers.for(SERVICE_ACCOUNT);
    const queue = queueFor(context, namespaces, (namespace, key): ReconcileResult => {
      if (namespace.metadata.deletionTimestamp !== undefined || accounts.get(`${key}/${NAME}`)) return;
      const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace: key } };
      const answer = context.client.create(account, { namespace: key });
      if (isRefused(answer) && answer.reason !== "AlreadyExists" && !refusedByTerminatingNamespace(answer)) return "retry";
    });
    namespaces.on((type, namespace) => {
      if (type !== "DELETED") queue.add(namespace.metadata.name);
    });
    accounts.on((type, account) => {
      if (type === "DELETED") queue.add(account.metadata.namespace ?? "");
    });
  },
};
