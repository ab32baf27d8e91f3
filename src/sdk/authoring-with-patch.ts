/** As authoring.ts, and `patch`, which needs Kubernetes' schemas (10 ms to load). */

export { type Patch, type PatchDirective, patch } from "./authoring/patch.ts";
export * from "./authoring.ts";
