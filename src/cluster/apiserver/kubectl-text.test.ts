import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Refused } from "../../sim/answer.ts";
import { refusalText } from "./kubectl-text.ts";
import { badRequest, conflict, internalError, noMatch, notFound, plainError } from "./status.ts";

const PODS = { group: "", resource: "pods" };
const cause = (field: string, message: string): NonNullable<Refused["causes"]>[number] => ({ reason: "FieldValueInvalid", field, message });
const invalid = (causes: Refused["causes"]): Refused => ({
  code: 422,
  reason: "Invalid",
  message: "…",
  details: { kind: "Deployment", group: "apps", name: "web" },
  ...(causes ? { causes } : {}),
});

test("as kubectl prints them", () => {
  const cases: readonly (readonly [Refused, string])[] = [
    [notFound({ group: "", resource: "namespaces" }, "nowhere"), 'Error from server (NotFound): namespaces "nowhere" not found'],
    [conflict(PODS, "p", "why"), 'Error from server (Conflict): Operation cannot be fulfilled on pods "p": why'],
    [badRequest("no"), "Error from server (BadRequest): no"],
    [internalError("oh"), "Error from server (InternalError): Internal error occurred: oh"],
    [plainError("failed to create"), "Error from server: failed to create"],
    [
      noMatch("g/v", "X", "x", ""),
      'error: resource mapping not found for name: "x" namespace: "": no matches for kind "X" in version "g/v"\nensure CRDs are installed first',
    ],
    [invalid([cause("spec.a", "Required value")]), 'The Deployment "web" is invalid: spec.a: Required value'],
    [invalid([cause("a", "x"), cause("b", "y"), cause("a", "x")]), 'The Deployment "web" is invalid: \n* a: x\n* b: y'],
    [invalid(undefined), 'The Deployment "web" is invalid'],
    [{ code: 422, reason: "Invalid", message: "…" }, "The request is invalid"],
  ];
  for (const [refused, text] of cases) assert.is(refusalText(refused), text);
});

test.run();
