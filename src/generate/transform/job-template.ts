/** A Job's Pods must end: their restart policy has no default that the API server would take. */
import { StructureKind } from "ts-morph";
import type { TypeStructure } from "./union.ts";

/** Stands in `batch/v1`. @see kubernetes pkg/apis/batch/validation/validation.go */
export const JOB_TEMPLATE = "JobPodTemplateSpec";

/** The field that has it. */
export const JOB_TEMPLATE_FIELD = "JobSpec.template";

export function jobTemplate(): readonly TypeStructure[] {
  const extended = (name: string, base: string, field: string, type: string, doc: string): TypeStructure => ({
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs: [doc],
    extends: [base],
    properties: [{ name: field, isReadonly: true, type }],
  });
  return [
    extended(
      "JobPodSpec",
      "PodSpec",
      "restartPolicy",
      '"OnFailure" | "Never"',
      "A PodSpec whose Pods end: the restart policy must be given.",
    ),
    extended(JOB_TEMPLATE, "PodTemplateSpec", "spec", "JobPodSpec", "A PodTemplateSpec whose Pods end."),
  ];
}
