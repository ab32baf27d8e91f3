/** Probes and life cycle hooks. @see kubernetes pkg/apis/core/validation/validation.go (validateProbe, validateHandler) */
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { httpHeaderName, NOT_NEGATIVE, portName, portNumber } from "../meta/formats.ts";
import { note } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";

export function checkPort(port: number | string | undefined, path: Path, out: FieldError[]): void {
  const texts = typeof port === "string" ? portName(port) : portNumber(port ?? 0);
  for (const text of texts) out.push(invalidValue(path, port ?? 0, text));
}

function checkHttpGet(http: HTTPGetAction, path: Path, out: FieldError[]): void {
  if (!http.path) out.push(required(`${path}.path`));
  checkPort(http.port, at(path, "port"), out);
  if (http.scheme !== "HTTP" && http.scheme !== "HTTPS") out.push(notSupported(`${path}.scheme`, http.scheme ?? "", ["HTTP", "HTTPS"]));
  if (http.httpHeaders) for (const h of http.httpHeaders) note(httpHeaderName(h.name), h.name, at(path, "httpHeaders"), out);
}

type Handler = LifecycleHandler & Pick<Probe, "grpc">;

/** The actions in the order in which they are looked at: of several, the first counts. */
const ACTIONS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;

function checkHandler(handler: Handler, graceSeconds: number | undefined, path: Path, out: FieldError[]): void {
  let count = 0;
  for (const name of ACTIONS) {
    if (handler[name] === undefined) continue;
    if (count++ > 0) out.push(forbidden(`${path}.${name}`, "may not specify more than 1 handler type"));
    else checkAction(handler, name, graceSeconds, at(path, name), out);
  }
  if (count === 0) out.push(required(path, "must specify a handler type"));
}

function checkAction(
  handler: Handler,
  name: (typeof ACTIONS)[number],
  graceSeconds: number | undefined,
  path: Path,
  out: FieldError[],
): void {
  switch (name) {
    case "exec":
      if (!handler.exec?.command?.length) out.push(required(`${path}.command`));
      break;
    case "httpGet":
      checkHttpGet(handler.httpGet!, path, out);
      break;
    case "tcpSocket":
      checkPort(handler.tcpSocket?.port, at(path, "port"), out);
      break;
    case "grpc":
      checkPort(handler.grpc?.port, at(path, "port"), out);
      break;
    case "sleep":
      checkSleep(handler.sleep?.seconds ?? 0, graceSeconds, path, out);
      break;
  }
}

function checkSleep(seconds: number, graceSeconds: number | undefined, path: Path, out: FieldError[]): void {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return;
  out.push(invalidValue(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`));
}

export function checkLifecycle({ postStart, preStop }: Lifecycle, graceSeconds: number | undefined, path: Path, out: FieldError[]): void {
  if (postStart) checkHandler(postStart, graceSeconds, at(path, "postStart"), out);
  if (preStop) checkHandler(preStop, graceSeconds, at(path, "preStop"), out);
}

const COUNTS = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] as const;

/** Liveness and startup succeed at once; a readiness probe never stops anything, so it has no grace period. */
export function checkProbe(probe: Probe, graceSeconds: number | undefined, isReadiness: boolean, path: Path, out: FieldError[]): void {
  checkHandler(probe, graceSeconds, path, out);
  for (const field of COUNTS) if (probe[field]! < 0) out.push(invalidValue(`${path}.${field}`, probe[field], NOT_NEGATIVE));
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) out.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than 0"));
  if (isReadiness) {
    if (grace !== undefined) out.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes"));
  } else if (probe.successThreshold !== 1) out.push(invalidValue(`${path}.successThreshold`, probe.successThreshold ?? 0, "must be 1"));
}
