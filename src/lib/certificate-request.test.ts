import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseCertificateRequest } from "./certificate-request.ts";

/** Made with `openssl req -new`. */
const NODE =
  "MIHsMIGSAgEAMDAxFTATBgNVBAoMDHN5c3RlbTpub2RlczEXMBUGA1UEAwwOc3lzdGVtOm5vZGU6bjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASp67fo9JlwcHgwtw40U2Uo5nVRIp6Pk5kcatGfBcVQu1lBtwuv9NReELzwwWboDzZUCOMLxlgd1D4/iLLlD4C9oAAwCgYIKoZIzj0EAwIDSQAwRgIhANVc49IUchl8tdZIB3mfNaSCLY6EXFEfHMyxUrUKpM6dAiEA1JCAlJCOQqM+65RH4rVKMKaLAyaafNvW8tUtGe4ln6M=";
const ALICE =
  "MIHKMHICAQAwEDEOMAwGA1UEAwwFYWxpY2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASp67fo9JlwcHgwtw40U2Uo5nVRIp6Pk5kcatGfBcVQu1lBtwuv9NReELzwwWboDzZUCOMLxlgd1D4/iLLlD4C9oAAwCgYIKoZIzj0EAwIDSAAwRQIhAK6GUk+JHAp/4TNwsrv7WB7jC8jCOqgW101a+TOD8y46AiAxq91heemkp3nnHIXu61B568uEe6OaHzAqoTZiLjoktQ==";
const NODE_WITH_NAMES =
  "MIIBCzCBsgIBADAwMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxFzAVBgNVBAMMDnN5c3RlbTpub2RlOm4xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqeu36PSZcHB4MLcONFNlKOZ1USKej5OZHGrRnwXFULtZQbcLr/TUXhC88MFm6A82VAjjC8ZYHdQ+P4iy5Q+AvaAgMB4GCSqGSIb3DQEJDjERMA8wDQYDVR0RBAYwBIICbjEwCgYIKoZIzj0EAwIDSAAwRQIhAPy7zJiFcoJ1XjPm9OYovf2EuqrgNHdPxmsbObkHveqXAiBMBNTsCeaDLPo0fOUwv3JMkz6Aqbgj7hUpJE/jslcVPw==";

const pem = (base64: string): string => `-----BEGIN CERTIFICATE REQUEST-----\n${base64}\n-----END CERTIFICATE REQUEST-----\n`;

test("who asks, and under which names", () => {
  const organizations = ["system:nodes"];
  assert.equal(parseCertificateRequest(pem(NODE)), { commonName: "system:node:n1", organizations, hasAlternativeNames: false });
  assert.equal(parseCertificateRequest(pem(ALICE)), { commonName: "alice", organizations: [], hasAlternativeNames: false });
  assert.equal(parseCertificateRequest(pem(NODE_WITH_NAMES)), { commonName: "system:node:n1", organizations, hasAlternativeNames: true });
});

test("what is no request", () => {
  for (const text of ["", "hello", NODE, pem(""), pem("AAAA"), pem("MIHs"), pem(NODE.slice(0, 80)), pem("=not base64="), pem("MIT/////")])
    assert.is(parseCertificateRequest(text), undefined, text.slice(0, 60));
});

test.run();
