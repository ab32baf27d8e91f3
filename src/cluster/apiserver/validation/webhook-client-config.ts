/** Where a webhook is called. @see kubernetes staging/src/k8s.io/apiserver/pkg/util/webhook/validation.go */
import type { WebhookClientConfig } from "../../../../generated/v1.36/model.ts";
import { parseGoUrl } from "../../../lib/go-url.ts";
import { type FieldError, invalidValue, required } from "../field-error.ts";
import { dnsSubdomain, portNumber } from "./meta/formats.ts";

/** Either a URL or a Service in the cluster. */
export function validateClientConfig({ url, service }: WebhookClientConfig, path: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) return [required(path, "exactly one of url or service is required")];
  if (url !== undefined) return validateUrl(url, `${path}.url`);
  const { name, namespace, port = 0, path: urlPath } = service!;
  const out: FieldError[] = [];
  // The API server has the two mixed up: what it misses is the other one.
  if (!namespace) out.push(required(`${path}.service.name`));
  if (!name) out.push(required(`${path}.service.namespace`));
  const texts = portNumber(port);
  if (texts.length > 0) out.push(invalidValue(`${path}.service.port`, port, `port is not valid: ${texts.join(", ")}`));
  return urlPath === undefined ? out : out.concat(validateUrlPath(urlPath, `${path}.service.path`));
}

function validateUrl(text: string, path: string): FieldError[] {
  const form = "; desired format: https://host[/path]";
  const url = parseGoUrl(text);
  if ("error" in url) return [required(path, `url must be a valid URL: ${url.error}${form}`)];
  const out: FieldError[] = [];
  if (url.scheme !== "https") out.push(invalidValue(path, url.scheme, `'https' is the only allowed URL scheme${form}`));
  if (url.host === "") out.push(invalidValue(path, url.host, `host must be specified${form}`));
  if (url.user !== undefined) out.push(invalidValue(path, url.user, "user information is not permitted in the URL"));
  if (url.fragment !== "") out.push(invalidValue(path, url.fragment, "fragments are not permitted in the URL"));
  if (url.query !== "") out.push(invalidValue(path, url.query, "query parameters are not permitted in the URL"));
  return out;
}

function validateUrlPath(text: string, path: string): FieldError[] {
  if (text === "/" || text === "") return [];
  if (text === "//") return [invalidValue(path, text, "segment[0] may not be empty")];
  const out = text.startsWith("/") ? [] : [invalidValue(path, text, "must start with a '/'")];
  const segments = text.slice(1).replace(/\/$/, "").split("/");
  segments.forEach((segment, i) => {
    if (segment === "") out.push(invalidValue(path, text, `segment[${i}] may not be empty`));
    else for (const problem of dnsSubdomain(segment)) out.push(invalidValue(path, text, `segment[${i}]: ${problem}`));
  });
  return out;
}
