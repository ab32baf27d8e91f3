/** One item of a LimitRange against what is asked for. Pure. @see kubernetes plugin/pkg/admission/limitranger/admission.go (minConstraint ...) */
import type { LimitRangeItem } from "../../../../generated/v1.36/model.ts";
import { type Amounts, amountsOf } from "../../../api/quota/amounts.ts";
import { compareQuantity, formatQuantity, type Quantity } from "../../../lib/quantity.ts";

type Item = Pick<LimitRangeItem, "type"> & Partial<Pick<LimitRangeItem, "min" | "max" | "maxLimitRequestRatio">>;

/** What is wrong, in order of minimum, maximum, ratio and of the resources' names. */
export function limitErrors(item: Item, requests: Amounts, limits: Amounts): readonly string[] {
  const each = (list: Item["min"], errorOf: (name: string, bound: Quantity) => string | undefined): string[] =>
    [...amountsOf(list)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bound]) => errorOf(name, bound))
      .filter((e): e is string => e !== undefined);
  return [
    ...each(item.min, (name, min) => minimumError(item.type, name, min, requests.get(name), limits.get(name))),
    ...each(item.max, (name, max) => maximumError(item.type, name, max, requests.get(name), limits.get(name))),
    ...each(item.maxLimitRequestRatio, (name, ratio) => ratioError(item.type, name, ratio, requests.get(name), limits.get(name))),
  ];
}

/** For claims, which have no limits: the request itself is bounded. */
export function maxRequestErrors(item: Item, requests: Amounts): readonly string[] {
  return [...amountsOf(item.max)].flatMap(([name, max]) => {
    const request = requests.get(name);
    const says = `maximum ${name} usage per ${item.type} is ${formatQuantity(max)}`;
    if (!request) return [`${says}.  No request is specified`];
    return compareQuantity(request, max) > 0 ? [`${says}, but request is ${formatQuantity(request)}`] : [];
  });
}

function minimumError(
  type: string,
  name: string,
  min: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const says = `minimum ${name} usage per ${type} is ${formatQuantity(min)}`;
  if (!request) return `${says}.  No request is specified`;
  if (compareQuantity(request, min) < 0) return `${says}, but request is ${formatQuantity(request)}`;
  return limit && compareQuantity(limit, min) < 0 ? `${says}, but limit is ${formatQuantity(limit)}` : undefined;
}

function maximumError(
  type: string,
  name: string,
  max: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const says = `maximum ${name} usage per ${type} is ${formatQuantity(max)}`;
  if (!limit) return `${says}.  No limit is specified`;
  if (compareQuantity(limit, max) > 0) return `${says}, but limit is ${formatQuantity(limit)}`;
  return request && compareQuantity(request, max) > 0 ? `${says}, but request is ${formatQuantity(request)}` : undefined;
}

function ratioError(
  type: string,
  name: string,
  max: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const says = `${name} max limit to request ratio per ${type} is ${formatQuantity(max)}`;
  if (!request || request.nano === 0n) return `${says}, but no request is specified or request is 0`;
  if (!limit || limit.nano === 0n) return `${says}, but no limit is specified or limit is 0`;
  const observed = Number(limit.nano) / Number(request.nano);
  return observed > Number(max.nano) / 1e9 ? `${says}, but provided ratio is ${observed.toFixed(6)}` : undefined;
}
