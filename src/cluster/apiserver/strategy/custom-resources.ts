/** Definitions of custom resources. @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go */
import type { CustomResourceDefinition } from "../../../../generated/v1.36/model.ts";
import type { Strategy } from "./strategy.ts";

export const definitionStrategy: Strategy<CustomResourceDefinition> = {
  generation: "counted",
  needsResourceVersion: true,
  ownStatus: true,
  prepareForCreate: (crd) => ({
    ...crd,
    status: {
      conditions: [],
      acceptedNames: { plural: "", kind: "" },
      storedVersions: storageVersions(crd),
    },
  }),
  /** A version that objects are kept in stays listed: there may be some left in it. */
  prepareForUpdate: (crd) => {
    const stored = crd.status?.storedVersions ?? [];
    const added = storageVersions(crd).filter((v) => !stored.includes(v));
    return added.length === 0 ? crd : { ...crd, status: { ...crd.status, storedVersions: [...stored, ...added] } };
  },
};

function storageVersions(crd: CustomResourceDefinition): readonly string[] {
  return crd.spec?.versions?.filter((v) => v.storage).map((v) => v.name) ?? [];
}

/**
 * The status of a definition whose names nobody else has.
 * Simplified: names are accepted and the kind is served at once; the real server takes some milliseconds, and looks for names already taken.
 * @see kubernetes …/apiextensions-apiserver/pkg/controller/status/naming_controller.go, …/establish/establishing_controller.go
 */
export function establishedStatus(crd: CustomResourceDefinition, now: string): NonNullable<CustomResourceDefinition["status"]> {
  return {
    ...crd.status,
    acceptedNames: crd.spec?.names ?? { plural: "", kind: "" },
    conditions: [
      { type: "NamesAccepted", status: "True", lastTransitionTime: now, reason: "NoConflicts", message: "no conflicts found" },
      {
        type: "Established",
        status: "True",
        lastTransitionTime: now,
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      },
    ],
  };
}
