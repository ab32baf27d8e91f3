import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CertificateSigningRequest } from "../../../generated/v1.36/model.ts";
import { createCluster } from "../cluster.ts";
import { isKubeletClient } from "./certificate-signing-request.ts";

/** Made with `openssl req -new`. */
const NODE =
  "MIHsMIGSAgEAMDAxFTATBgNVBAoMDHN5c3RlbTpub2RlczEXMBUGA1UEAwwOc3lzdGVtOm5vZGU6bjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASp67fo9JlwcHgwtw40U2Uo5nVRIp6Pk5kcatGfBcVQu1lBtwuv9NReELzwwWboDzZUCOMLxlgd1D4/iLLlD4C9oAAwCgYIKoZIzj0EAwIDSQAwRgIhANVc49IUchl8tdZIB3mfNaSCLY6EXFEfHMyxUrUKpM6dAiEA1JCAlJCOQqM+65RH4rVKMKaLAyaafNvW8tUtGe4ln6M=";
const ALICE =
  "MIHKMHICAQAwEDEOMAwGA1UEAwwFYWxpY2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASp67fo9JlwcHgwtw40U2Uo5nVRIp6Pk5kcatGfBcVQu1lBtwuv9NReELzwwWboDzZUCOMLxlgd1D4/iLLlD4C9oAAwCgYIKoZIzj0EAwIDSAAwRQIhAK6GUk+JHAp/4TNwsrv7WB7jC8jCOqgW101a+TOD8y46AiAxq91heemkp3nnHIXu61B568uEe6OaHzAqoTZiLjoktQ==";
const NODE_WITH_NAMES =
  "MIIBCzCBsgIBADAwMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAMMDnN5c3RlbTpub2RlOm4xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqeu36PSZcHB4MLcONFNlKOZ1USKej5OZHGrRnwXFULtZQbcLr/TUXhC88MFm6A82VAjjC8ZYHdQ+P4iy5Q+AvaAgMB4GCSqGSIb3DQEJDjERMA8wDQYDVR0RBAYwBIICbjEwCgYIKoZIzj0EAwIDSAAwRQIhAPy7zJiFcoJ1XjPm9OYovf2EuqrgNHdPxmsbObkHveqXAiBMBNTsCeaDLPo0fOUwv3JMkz6Aqbgj7hUpJE/jslcVPw==";

const pem = (base64: string): string => `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`;

const KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
const USAGES = ["digital signature", "client auth"] as const;

function request(name: string, base64: string, more: Partial<CertificateSigningRequest["spec"]> = {}): CertificateSigningRequest {
  const spec = { request: btoa(pem(base64)), signerName: KUBELET_CLIENT, usages: USAGES, ...more };
  return { apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { name }, spec };
}

test("which requests are a kubelet's for itself", () => {
  const cases: readonly (readonly [about: string, request: CertificateSigningRequest, want: boolean])[] = [
    ["a node's", request("r", NODE), true],
    ["with a key that encrypts", request("r", NODE, { usages: ["key encipherment", ...USAGES] }), true],
    ["for another use", request("r", NODE, { usages: ["digital signature", "server auth"] }), false],
    ["a user's", request("r", ALICE), false],
    ["with other names", request("r", NODE_WITH_NAMES), false],
    ["of another signer", request("r", NODE, { signerName: "kubernetes.io/kubelet-serving" }), false],
    ["no request at all", request("r", "AAAA"), false],
  ];
  for (const [about, asked, want] of cases) assert.is(isKubeletClient(asked), want, about);
});

test("a kubelet's request is approved; one that nobody answers is deleted after a day", () => {
  const cluster = createCluster();
  for (const asked of [request("kubelet", NODE), request("user", ALICE, { signerName: "kubernetes.io/kube-apiserver-client" })])
    assert.ok(cluster.create(asked).code < 400);
  cluster.settle();
  const found = (name: string): CertificateSigningRequest | undefined =>
    cluster.get("CertificateSigningRequest", name) as CertificateSigningRequest | undefined;
  assert.equal(
    found("kubelet")?.status?.conditions?.map((c) => `${c.type} ${c.reason} ${c.message}`),
    ["Approved AutoApproved Auto approving kubelet client certificate after SubjectAccessReview."],
  );
  assert.is(found("user")?.status?.conditions, undefined);
  cluster.advance(23 * 3600);
  assert.ok(found("user"));
  cluster.advance(2 * 3600);
  assert.is(found("user"), undefined);
  assert.ok(found("kubelet"), "without a certificate it is not done with");
});

test("what is denied is deleted after an hour", () => {
  const cluster = createCluster();
  cluster.create(request("user", ALICE, { signerName: "example.com/mine" }));
  const stored = cluster.get("CertificateSigningRequest", "user") as CertificateSigningRequest;
  const conditions = [{ type: "Denied", status: "True", lastUpdateTime: cluster.loop.timestamp() }];
  cluster.server.trustedClient("an approver").updateStatus({ ...stored, status: { conditions } });
  cluster.advance(3000);
  assert.ok(cluster.get("CertificateSigningRequest", "user"));
  cluster.advance(4300);
  assert.is(cluster.get("CertificateSigningRequest", "user"), undefined);
});

test.run();
