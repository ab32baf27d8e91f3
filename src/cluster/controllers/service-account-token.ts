/**
 * Secrets of type `kubernetes.io/service-account-token`: filled with a token for their ServiceAccount, and deleted with it.
 * Simplified: the token says whose it is, and nobody has signed it.
 * @see kubernetes pkg/controller/serviceaccount/tokens_controller.go
 */
import type { Secret, ServiceAccount } from "../../../generated/v1.36/model.ts";
import { SECRET, SERVICE_ACCOUNT } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { sha256 } from "../../lib/sha256.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { CERTIFICATE } from "./root-ca.ts";

const TYPE = "kubernetes.io/service-account-token";
const ACCOUNT_NAME = "kubernetes.io/service-account.name";
const ACCOUNT_UID = "kubernetes.io/service-account.uid";

/** Base64 without the characters that addresses treat specially, and without padding. */
function base64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A JSON Web Token in the form that the control plane issues. */
function tokenFor(account: ServiceAccount, secret: Secret): string {
  const { name, namespace = "", uid = "" } = account.metadata;
  const claims = {
    iss: "kubernetes/serviceaccount",
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secret.metadata.name,
    "kubernetes.io/serviceaccount/service-account.name": name,
    "kubernetes.io/serviceaccount/service-account.uid": uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const body = `${base64Url(JSON.stringify({ alg: "RS256", kid: "seatrial" }))}.${base64Url(JSON.stringify(claims))}`;
  return `${body}.${base64Url(sha256(body))}`;
}

/** What the Secret lacks; undefined: nothing. */
function missingData(account: ServiceAccount, secret: Secret): Readonly<Record<string, string>> | undefined {
  const { data = {} } = secret;
  const ca = btoa(CERTIFICATE);
  const missing = {
    ...(data["ca.crt"] === ca ? {} : { "ca.crt": ca }),
    ...(data["namespace"] ? {} : { namespace: btoa(secret.metadata.namespace ?? "") }),
    ...(data["token"] ? {} : { token: btoa(tokenFor(account, secret)) }),
  };
  return Object.keys(missing).length > 0 ? missing : undefined;
}

export const serviceAccountTokenController: Controller = {
  name: "serviceaccount-token-controller",
  start(context) {
    const { client, informers } = context;
    const secrets = informers.for(SECRET);
    const accounts = informers.for(SERVICE_ACCOUNT);
    secrets.addIndex("account", (s) => (s.type === TYPE ? [`${s.metadata.namespace}/${s.metadata.annotations?.[ACCOUNT_NAME]}`] : []));
    const accountOf = ({ metadata: { namespace, annotations } }: Secret): ServiceAccount | undefined => {
      const account = accounts.get(`${namespace}/${annotations?.[ACCOUNT_NAME]}`);
      const uid = annotations?.[ACCOUNT_UID];
      return uid && account?.metadata.uid !== uid ? undefined : account;
    };
    const remove = ({ metadata: { name, namespace, uid } }: Secret): ReconcileResult => {
      const answer = client.delete(SECRET, name, namespace, uid === undefined ? {} : { preconditions: { uid } });
      return isRefused(answer) && answer.code !== 409 && answer.code !== 404 ? "retry" : undefined;
    };
    const queue = queueFor(context, secrets, (secret): ReconcileResult => {
      const account = accountOf(secret);
      if (!account) return remove(secret);
      const missing = missingData(account, secret);
      if (!missing) return;
      const { name, namespace } = secret.metadata;
      const annotations = { [ACCOUNT_NAME]: account.metadata.name, [ACCOUNT_UID]: account.metadata.uid };
      const patch = { data: missing, metadata: { annotations } };
      return mustRetry(client.patch(SECRET, name, namespace, patch)) ? "retry" : undefined;
    });
    const referenceQueue = queueFor(context, accounts, (account): ReconcileResult => {
      const { name, namespace } = account.metadata;
      const gone = (account.secrets ?? []).filter((s) => deleted.has(`${namespace}/${s.name}`));
      if (gone.length === 0) return;
      const left = (account.secrets ?? []).filter((s) => !gone.includes(s));
      return mustRetry(client.patch(SERVICE_ACCOUNT, name, namespace, { secrets: left.length > 0 ? left : null })) ? "retry" : undefined;
    });
    /** Keys of Secrets that are gone: no account refers to them any more. */
    const deleted = new Set<string>();
    secrets.on((type, secret) => {
      if (secret.type !== TYPE) return;
      const key = keyOf(secret);
      if (type !== "DELETED") {
        deleted.delete(key);
        queue.add(key);
        return;
      }
      const account = accountOf(secret);
      if (!account?.secrets?.some((s) => s.name === secret.metadata.name)) return;
      deleted.add(key);
      referenceQueue.add(keyOf(account));
    });
    accounts.on((type, account) => {
      if (type === "DELETED") for (const secret of secrets.by("account", keyOf(account))) queue.add(keyOf(secret));
    });
  },
};
