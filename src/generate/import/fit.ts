/**
 * Where a manifest says what the types refuse: a number for a text, a field that Kubernetes does not know, `null`. The value stays as it is, and
 * a cast at its place shows it to the reader; everything around it stays checked.
 */
import type { FieldSchema } from "../../api/schema.ts";
import { parseQuantity } from "../../lib/quantity.ts";

const NUMBER = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const CPU = new RegExp(`^${NUMBER}m?$`);
const BYTES = new RegExp(`^${NUMBER}(?:[KMGTPE]i|[kMGTPE])?$`);
const COUNT = new RegExp(`^${NUMBER}k?$`);
const ANY = new RegExp(`^${NUMBER}(?:[KMGTPE]i|[kMGTPE]|[num])?$`);

/** How a value is written: as it is, through `quantity(…)`, or with a cast. */
export type Fit = "plain" | "quantity" | "cast";

/** @param keys the fields that lead to it */
export function fitOf(value: unknown, field: FieldSchema | undefined, keys: readonly string[]): Fit {
  if (value === null) return "cast";
  if (!field) return "plain";
  switch (field.type) {
    case "string":
    case "bytes":
    case "time":
    case "micro-time":
    case "duration":
      return typeof value === "string" && (!field.enum || field.enum.includes(value)) ? "plain" : "cast";
    case "boolean":
      return typeof value === "boolean" ? "plain" : "cast";
    case "int32":
    case "int64":
    case "double":
      return typeof value === "number" ? "plain" : "cast";
    case "int-or-string":
      return typeof value === "number" || typeof value === "string" ? "plain" : "cast";
    case "quantity":
      return quantityFit(value, keys.at(-1) ?? "");
    case "list":
      return Array.isArray(value) ? "plain" : "cast";
    case "map":
    case "ref":
      return typeof value === "object" && !Array.isArray(value) ? "plain" : "cast";
    default:
      return "plain";
  }
}

function quantityFit(value: unknown, resource: string): Fit {
  if (typeof value === "number") return "plain";
  if (typeof value !== "string" || parseQuantity(value) === undefined) return "cast";
  const name = resource.replace(/^(?:requests|limits)\./, "");
  const form = name === "cpu" ? CPU : BYTE_RESOURCES.test(name) ? BYTES : COUNTED.test(name) ? COUNT : ANY;
  return form.test(value) ? "plain" : "quantity";
}

const BYTE_RESOURCES = /^(?:memory|storage|ephemeral-storage|sizeLimit|hugepages-.*|.*\/.*)$/;
const COUNTED =
  /^(?:pods|services|configmaps|secrets|persistentvolumeclaims|replicationcontrollers|resourcequotas|services\..*|attachable-volumes-.*)$/;

/** Whether a map of quantities may have this resource. */
export function isKnownResource(name: string): boolean {
  const plain = name.replace(/^(?:requests|limits)\./, "");
  return plain === "cpu" || BYTE_RESOURCES.test(plain) || COUNTED.test(plain);
}
