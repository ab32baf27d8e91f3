/** Objects that every API server needs, whose specs are fixed. @see kubernetes staging/src/k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go */
import type { FlowSchema, PriorityLevelConfiguration } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";

type SchemaSpec = NonNullable<FlowSchema["spec"]>;

const groups = (...names: readonly string[]): SchemaSpec["rules"] => [
  {
    subjects: names.map((name) => ({ kind: "Group", group: { name } })),
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  },
];

const SCHEMAS: ReadonlyMap<string, SchemaSpec> = new Map<string, SchemaSpec>([
  ["exempt", { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 1, rules: groups("system:masters") }],
  [
    "catch-all",
    {
      priorityLevelConfiguration: { name: "catch-all" },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: "ByUser" },
      rules: groups("system:unauthenticated", "system:authenticated"),
    },
  ],
]);

export function checkMandatorySchema({ metadata: { name }, spec }: FlowSchema, out: FieldError[]): void {
  const fixed = SCHEMAS.get(name);
  if (fixed && !semanticEqual(spec, fixed))
    out.push(invalidValue("spec", internalForm("FlowSchemaSpec", spec ?? {}), `spec of '${name}' must equal the fixed value`));
}

const CATCH_ALL = {
  type: "Limited",
  limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: "Reject" } },
} as const;

/** How much of the whole the exempt level has may be chosen. */
export function checkMandatoryLevel({ metadata: { name }, spec }: PriorityLevelConfiguration, out: FieldError[]): void {
  const { exempt: _, ...rest } = (spec ?? {}) as Partial<NonNullable<PriorityLevelConfiguration["spec"]>>;
  const isFixed = name === "exempt" ? semanticEqual(rest, { type: "Exempt" }) : name !== "catch-all" || semanticEqual(spec, CATCH_ALL);
  if (isFixed) return;
  const whole = name === "exempt" ? `spec of '${name}' except the 'spec.exempt' field` : `spec of '${name}'`;
  out.push(invalidValue("spec", internalForm("PriorityLevelConfigurationSpec", spec ?? {}), `${whole} must equal the fixed value`));
}
