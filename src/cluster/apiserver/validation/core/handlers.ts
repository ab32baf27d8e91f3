/** Probes and life cycle hooks. @see kubernetes pkg/apis/core/validation/validation.go (validateProbe, validateHandler) */
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { httpHeaderName, portName, portNumber } from "../meta/formats.ts";
import { notNegative } from "../meta/object-meta.ts";

export function validatePort(port: number | string | undefined, path: string): FieldError[] {
  const texts = typeof port === "string" ? portName(port) : portNumber(port ?? 0);
  return texts.map((text) => invalidValue(path, port ?? 0, text));
}

function validateHttpGet(http: HTTPGetAction, path: string): FieldError[] {
  const out = http.path ? [] : [required(`${path}.path`)];
  out.push(...validatePort(http.port, `${path}.port`));
  if (http.scheme !== "HTTP" && http.scheme !== "HTTPS") out.push(notSupported(`${path}.scheme`, http.scheme ?? "", ["HTTP", "HTTPS"]));
  for (const h of http.httpHeaders ?? [])
    for (const text of httpHeaderName(h.name)) out.push(invalidValue(`${path}.httpHeaders`, h.name, text));
  return out;
}

type Handler = LifecycleHandler & Pick<Probe, "grpc">;

function validateHandler(handler: Handler, graceSeconds: number | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  let count = 0;
  const action = (name: keyof Handler, errors: () => FieldError[]): void => {
    if (handler[name] === undefined) return;
    if (count++ > 0) out.push(forbidden(`${path}.${name}`, "may not specify more than 1 handler type"));
    else out.push(...errors());
  };
  action("exec", () => ((handler.exec?.command?.length ?? 0) > 0 ? [] : [required(`${path}.exec.command`)]));
  action("httpGet", () => validateHttpGet(handler.httpGet!, `${path}.httpGet`));
  action("tcpSocket", () => validatePort(handler.tcpSocket?.port, `${path}.tcpSocket.port`));
  action("grpc", () => validatePort(handler.grpc?.port, `${path}.grpc.port`));
  action("sleep", () => validateSleep(handler.sleep?.seconds ?? 0, graceSeconds, `${path}.sleep`));
  if (count === 0) out.push(required(path, "must specify a handler type"));
  return out;
}

function validateSleep(seconds: number, graceSeconds: number | undefined, path: string): FieldError[] {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return [];
  return [invalidValue(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`)];
}

export function validateLifecycle(lifecycle: Lifecycle | undefined, graceSeconds: number | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (lifecycle?.postStart) out.push(...validateHandler(lifecycle.postStart, graceSeconds, `${path}.postStart`));
  if (lifecycle?.preStop) out.push(...validateHandler(lifecycle.preStop, graceSeconds, `${path}.preStop`));
  return out;
}

/** Liveness and startup succeed at once; a readiness probe never stops anything, so it has no grace period. */
export function validateProbe(
  probe: Probe | undefined,
  graceSeconds: number | undefined,
  path: string,
  kind: "liveness" | "readiness" | "startup",
): FieldError[] {
  if (!probe) return [];
  const out = validateHandler(probe, graceSeconds, path);
  for (const field of ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] as const) {
    out.push(...notNegative(`${path}.${field}`, probe[field]));
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) out.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  if (kind === "readiness") {
    if (grace !== undefined) out.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes"));
  } else if (probe.successThreshold !== 1) out.push(invalidValue(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
  return out;
}
